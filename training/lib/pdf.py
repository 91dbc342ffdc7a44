"""Draws PDF files in a process of their own, with a limit on time and memory and nothing to fetch.

A server process imports WeasyPrint once and forks one child for each document: 0.1 s where a process started from
nothing takes 1.2 s. The web server itself never imports it. The server process ends with the process that uses it.
"""

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext


class PdfError(Exception):
    """A document that was not drawn: it asks for what it was not given, no font has a letter of it, or a limit."""


@dataclass(frozen=True)
class Limits:
    """What one document may cost: seconds by the clock, and megabytes of memory."""

    seconds: float = 10
    megabytes: int = 512


LIMITS = Limits()


def render_pdf(
    html: str, *, css: str = "", assets: Mapping[str, bytes] | None = None, limits: Limits = LIMITS
) -> bytes:
    """Draw `html` as a tagged PDF/A-4 file; equal input gives equal bytes.

    Images, fonts and further style sheets are found as `asset:NAME` in `assets` and nowhere else. Raises `PdfError`
    when the document asks for any other address, be it a file, the network or data, when no font has one of its
    characters, or when it passes a limit.
    """
    context = forking_context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=draw_and_send, args=(sender, html, css, dict(assets or {}), limits), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(limits.seconds):
            raise PdfError(f"The document was not drawn: it takes more than {limits.seconds} seconds.")
        result = receiver.recv()
    except EOFError:
        raise PdfError(f"The document was not drawn: it broke off, most likely above {limits.megabytes} MB.") from None
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()
    if isinstance(result, str):
        raise PdfError(f"The document was not drawn: {result}.")
    return result


@cache
def forking_context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "training.lib.pdf_child"])
    return context


def draw_and_send(connection: Connection, html: str, css: str, assets: Mapping[str, bytes], limits: Limits) -> None:
    """Runs in the child: sends the PDF, or the reason why there is none."""
    # imported here, so that only the child and the server it is forked from hold WeasyPrint
    from training.lib import pdf_child

    pdf_child.limit(limits.seconds, limits.megabytes)
    connection.send(pdf_child.draw(html, css, assets))
