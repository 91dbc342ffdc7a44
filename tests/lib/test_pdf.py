"""A PDF is drawn from what is given and nothing else, within its limits, and the same each time."""

import io
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from training.lib.pdf import Limits, PdfError, render_pdf

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-4711-in-a-file"


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(file, "PNG")
    return file.getvalue()


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def unpacked(pdf: bytes) -> bytes:
    """The file, followed by every stream in it that can be inflated."""
    streams = [pdf]
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            streams.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"\n".join(streams)


class Canary(HTTPServer):
    """A web server on the loopback address that counts who asks it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CanaryHandler)
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class CanaryHandler(BaseHTTPRequestHandler):
    server: Canary

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
        """Keep the terminal quiet."""


@pytest.fixture(scope="module")
def running_canary() -> Iterator[Canary]:
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def canary(running_canary: Canary) -> Canary:
    running_canary.asked.clear()
    return running_canary


WAYS = {
    "image": '<img src="{}">',
    "picture": '<picture><source srcset="{0}"><img src="{0}"></picture>',
    "attachment": '<link rel="attachment" href="{}">',
    "attached link": '<a rel="attachment" href="{}">x</a>',
    "style sheet": '<link rel="stylesheet" href="{}">',
    "import": '<style>@import "{}";</style>',
    "font": '<style>@font-face {{ font-family: F; src: url("{}"); }}</style><p style="font-family: F">x</p>',
    "background": "<p style=\"background: url('{}')\">x</p>",
    "list mark": "<ul style=\"list-style-image: url('{}')\"><li>x</li></ul>",
    "content": "<style>p::before {{ content: url('{}'); }}</style><p>x</p>",
    "object": '<object data="{}"></object>',
    "embed": '<embed src="{}">',
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>',
    "drawing, old": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<image xlink:href="{}" width="9" height="9"/></svg>',
    "used": '<svg xmlns="http://www.w3.org/2000/svg"><use href="{}#x"/></svg>',
    "base": '<base href="{}/"><img src="x">',
    "frame": '<iframe src="{}"></iframe>',
}


def attempt(html: str, assets: dict[str, bytes] | None = None) -> bytes:
    """What is drawn; nothing when drawing is refused."""
    try:
        return render_pdf(html, assets=assets)
    except PdfError:
        return b""


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_the_network(way: str, canary: Canary) -> None:
    attempt(WAYS[way].format(canary.address))
    assert canary.asked == []


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_file(way: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    assert CANARY.encode() not in unpacked(attempt(WAYS[way].format(secret.as_uri())))


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"frame", "used"}))
def test_every_way_that_weasyprint_follows_ends_the_drawing(way: str) -> None:
    with pytest.raises(PdfError, match=r"it asks for http://127\.0\.0\.1:1"):
        render_pdf(WAYS[way].format("http://127.0.0.1:1"))


def test_the_canary_would_be_seen() -> None:
    pdf = render_pdf('<link rel="attachment" href="asset:secret.txt">', assets={"secret.txt": CANARY.encode()})
    assert CANARY.encode() in unpacked(pdf)


def test_a_drawing_among_the_assets_leads_nowhere(canary: Canary, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text y="9">{CANARY}</text></svg>')
    for address in (canary.address, secret.as_uri()):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}" width="9" height="9"/></svg>'
        with pytest.raises(PdfError, match="it asks for"):
            render_pdf('<img src="asset:a.svg">', assets={"a.svg": drawing.encode()})
    assert canary.asked == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://127.0.0.1:1/", "data:image/png,x", "asset:other.png", "x.png", "ftp://x/"],
)
def test_an_address_that_was_not_given_is_named_in_the_refusal(address: str) -> None:
    with pytest.raises(PdfError, match="it asks for"):
        render_pdf(f'<img src="{address}">', assets={"known.png": png("red")})


def test_assets_are_found_by_name() -> None:
    css = "@import 'asset:more.css'; p { background: url('asset:back.png') }"
    assets = {"in.png": png("red"), "back.png": png("blue"), "more.css": b"p::after { content: ' imported' }"}
    pdf = render_pdf('<p>text</p><img src="asset:in.png">', css=css, assets=assets)
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    assert unpacked(pdf).count(b"/Subtype /Image") == 2
    assert page.extract_text().strip() == "text imported"


def test_the_floor_of_weasyprint_holds() -> None:
    assert int(version("weasyprint").split(".")[0]) >= 69


def test_the_file_is_tagged_and_says_its_kind_and_language() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf('<html lang="zh-Hans"><title>证书</title><h1>证书</h1></html>')))
    root = reader.trailer["/Root"]
    assert reader.pdf_header == "%PDF-2.0"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-Hans"
    assert b"pdfaid" in root["/Metadata"].get_data()


def test_equal_input_gives_equal_bytes_also_in_another_process() -> None:
    html = '<html lang="zh-Hans"><title>t</title><p>周敏 Zhou Min</p></html>'
    code = (
        "import hashlib, sys\n"
        "from training.lib.pdf import render_pdf\n"
        "if __name__ == '__main__':\n"
        "    print(hashlib.sha256(render_pdf(sys.argv[1])).hexdigest())\n"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code, html], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _run in range(2)
    }
    assert len(runs) == 1
    assert render_pdf(html) == render_pdf(html)


def test_the_process_that_asks_never_loads_weasyprint() -> None:
    code = (
        "import sys\n"
        "from training.lib.pdf import render_pdf\n"
        "if __name__ == '__main__':\n"
        "    assert render_pdf('<p>x').startswith(b'%PDF')\n"
        "    print('weasyprint' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "False"


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PdfError, match=r"more than 0\.3 seconds"):
        render_pdf("<p>" + "<b>x</b> " * 100_000, limits=Limits(seconds=0.3))


def test_a_document_that_takes_too_much_memory_is_given_up() -> None:
    with pytest.raises(PdfError, match=r"memory|broke off"):
        render_pdf("<p>" + "<b>x</b>" * 60_000, limits=Limits(seconds=120, megabytes=110))


def test_after_a_refusal_the_next_document_is_drawn() -> None:
    with pytest.raises(PdfError):
        render_pdf("<img src='http://127.0.0.1:1/'>")
    assert text_of(render_pdf("<p>next</p>")).strip() == "next"


def test_a_character_that_no_font_has_is_named_instead_of_drawn_as_a_box() -> None:
    with pytest.raises(PdfError, match=r"no font at hand has the character .* \(U\+10FFFD\)"):
        render_pdf("<p>\U0010fffd</p>")
