"""What a file that is uploaded may be called. The name itself is kept nowhere."""

import unicodedata

from django.utils.translation import gettext as _

LONGEST_NAME = 200
# Endings that make something else of a file than its last ending says, on a server or on somebody's desk.
TELLING = frozenset((
    "asp", "aspx", "bat", "cgi", "cmd", "com", "csh", "dll", "doc", "docx", "eml", "exe", "gif", "gz", "hta",
    "htm", "html", "jar", "jpeg", "jpg", "js", "jsp", "lnk", "mht", "mhtml", "mjs", "mp3", "msi", "oga", "ogg",
    "opus", "pdf", "phar", "php", "phtml", "pl", "png", "ps1", "py", "rar", "rb", "scr", "sh", "shtml", "svg",
    "svgz", "swf", "tar", "url", "vbe", "vbs", "wasm", "wav", "webp", "wsf", "xht", "xhtml", "xls", "xlsx", "xml",
    "xsl", "zip",
))  # fmt: skip


class UnfitFile(Exception):
    """A file that is not kept; its text says why and what to do."""


def check_name(name: str, endings: frozenset[str], known: str = "") -> str:
    """Return the ending of a name, in small letters. Raises `UnfitFile` unless it is one of `endings` and the only one.

    `known` is the sentence that says which there are.

    Names that show themselves in another order than they are written are refused with those that are too long.
    """
    if len(name) > LONGEST_NAME:
        raise UnfitFile(_("The name of the file is too long. Give it a shorter one."))
    if any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") for char in name):
        raise UnfitFile(_("The name of the file holds characters that nobody sees. Give it another name."))
    *before, last = name.strip().casefold().split(".")
    if not before or last not in endings:
        raise UnfitFile(known or _("Pictures come as PNG, JPEG or WebP, recordings as MP3, OGG or WAV."))
    if any(part.strip() in TELLING for part in before[1:]):
        raise UnfitFile(_("The name of the file has two endings. Leave only the last one."))
    return last


def visible(name: str) -> str:
    """Return a name as it is told back to whoever sent it: short, and nothing in it turns its letters round."""
    shown = "".join(char if unicodedata.category(char)[0] != "C" else "\ufffd" for char in name)
    return shown if len(shown) <= 60 else f"{shown[:40]}…{shown[-15:]}"
