"""WeasyPrint, fenced in: runs only in the process that draws one PDF."""

import logging
import math
import resource
from collections.abc import Mapping

from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"
VARIANT = "pdf/a-4f"


class AssetFetcher(URLFetcher):
    """Serves the given assets by name; any other address ends the drawing."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        # the parent class opens addresses of every kind through these
        self.handlers.clear()
        self.handle_open.clear()
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self.assets:
            # noted, because drawings swallow every exception
            self.refused.append(url[:200])
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, self.assets[name])


class MissingCharacters(logging.Handler):
    """Keeps what WeasyPrint reports when it draws an empty box: `(character, code point)`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[tuple[str, int]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if ".notdef" in record.msg and isinstance(record.args, tuple):
            self.found.append(record.args)


def limit(seconds: float, megabytes: int) -> None:
    """Let the system end this process when it passes one of these; the parent process watches the clock."""
    most = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(html: str, css: str, assets: Mapping[str, bytes]) -> bytes | str:
    """The PDF, or in words why there is none."""
    # Made here and not once for all: the library below starts a thread, which a fork would lose.
    missing = MissingCharacters()
    LOGGER.addHandler(missing)
    fonts, fetcher = FontConfiguration(), AssetFetcher(assets)
    try:
        sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher, base_url=SCHEME)
        document = HTML(string=html, url_fetcher=fetcher, base_url=SCHEME)
        pdf = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True)
    except FatalURLFetchingError:
        pdf = b""
    except MemoryError:
        return "it needs more memory than it may have"
    if fetcher.refused:
        return f"it asks for {fetcher.refused[0]}"
    if missing.found:
        character, code = missing.found[0]
        return f"no font at hand has the character “{character}” (U+{code:04X})"
    return pdf
