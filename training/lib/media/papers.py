"""PDF: kept as it is, so it is refused when it could do more than be read."""

import re
import zlib

from django.utils.translation import gettext as _

from .names import UnfitFile

LARGEST = 20 * 1024 * 1024  # bytes
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
PACKED = re.compile(rb"/ObjStm\b[^>]{0,500}>>\s{0,4}stream\r?\n")
MOST_UNPACKED = 4 * 1024 * 1024  # bytes of one stream of objects


def paper_checked(data: bytes) -> bytes:
    """Return a PDF that only shows pages. Raises `UnfitFile`: no PDF, locked, or with scripts, files or forms in it."""
    if len(data) > LARGEST:
        raise UnfitFile(_("The PDF is larger than 20 MB. Save it smaller, or take out pages."))
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise UnfitFile(_("This is no PDF, or it is broken. Save it anew as PDF."))
    words = [_plain(data), *(_plain(_unpacked(data[found.end() :])) for found in PACKED.finditer(data))]
    if any(LOCKED.search(text) for text in words):
        raise UnfitFile(_("This PDF is locked. Save it without a password."))
    if any(ACTIVE.search(text) for text in words):
        raise UnfitFile(_("This PDF holds scripts, files or forms. Print it as a new PDF and upload that."))
    return data


def _plain(data: bytes) -> bytes:
    """Return the bytes with their names as they are read: /J#53 is /JS."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _unpacked(data: bytes) -> bytes:
    """Return the beginning of a stream of objects; one that opens no other way than we know is taken for hostile."""
    try:
        return zlib.decompressobj().decompress(data, MOST_UNPACKED)
    except zlib.error:
        return b"/JS"
