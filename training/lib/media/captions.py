"""Captions: the words with their times, written anew as WebVTT; styles, notes and marks stay behind."""

import html
import re

from django.utils.translation import gettext as _

from .names import UnfitFile

LARGEST = 1024 * 1024  # bytes
TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
TIMES = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
MARK = re.compile(r"<[^<>]{0,200}>")


def captions_alone(data: bytes) -> bytes:
    """Return the captions of a WebVTT or SRT file as plain WebVTT. Raises `UnfitFile` when there are none."""
    if len(data) > LARGEST:
        raise UnfitFile(_("The captions are larger than 1 MB."))
    cues = [cue for block in re.split(r"\n[ \t]*\n", _text(data)) if (cue := _cue(block.strip().split("\n")))]
    if not cues:
        raise UnfitFile(
            _("No captions were found. Lines such as 00:01.000 --> 00:04.000, each with its words, are looked for.")
        )
    return "\n\n".join(["WEBVTT", *cues]).encode() + b"\n"


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise UnfitFile(_("The captions are not in UTF-8. Save them anew as UTF-8."))


def _cue(lines: list[str]) -> str:
    """Return a caption as it is kept; "" for what is none. The times come first, or after a name of the caption."""
    for number, line in enumerate(lines[:2]):
        if times := TIMES.fullmatch(line.strip()):
            start, end = _moment(times.groups()[:4]), _moment(times.groups()[4:])
            words = [html.escape(html.unescape(MARK.sub("", words)), quote=False) for words in lines[number + 1 :]]
            said = "\n".join(word.strip() for word in words if word.strip())
            return f"{start} --> {end}\n{said}" if start < end and said else ""
    return ""


def _moment(parts: tuple[str | None, ...]) -> str:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
