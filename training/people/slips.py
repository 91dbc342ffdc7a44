"""Slips of paper with one-time codes: bilingual always, ten on a sheet, to be cut apart."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.template.loader import render_to_string

from training.lib import fonts
from training.lib.codes import grouped
from training.lib.pdf import Limits, PdfError, render_pdf

STYLE = Path(__file__).parent / "templates" / "people" / "slips.css"
ON_A_SHEET = 10
MOST = 500
"""How many slips one file holds."""
LIMITS = Limits(seconds=120, megabytes=1024)
# Widths of both names together, in ems: what is wider is set smaller, or on two lines.
LONG_NAME, LONGEST_NAME = 16, 22


@dataclass(frozen=True)
class Slip:
    """One person's code."""

    staff_number: str
    name: str
    latin_name: str
    code: str

    @property
    def printed_code(self) -> str:
        return grouped(self.code)

    @property
    def size(self) -> str:
        """The class of a name by its length."""
        width = sum(1 if unicodedata.east_asian_width(letter) in "WF" else 0.5 for letter in self.name)
        width += len(self.latin_name) * 0.4
        return "longest" if width > LONGEST_NAME else "long" if width > LONG_NAME else ""


class UnprintableName(PdfError):
    """No font at hand has a character of somebody's name; `slip` is theirs."""

    def __init__(self, slip: Slip, character: str) -> None:
        self.slip = slip
        self.character = character
        super().__init__(f"{slip.staff_number}: {character}")


def slips_pdf(slips: Sequence[Slip], *, centre_zh: str, centre_en: str, address: str, until: date) -> bytes:
    """Draw the slips as a PDF of A4 sheets with lines to cut along.

    Raises `UnprintableName` when a name cannot be printed, `PdfError` when the file cannot be drawn within its limits.
    """
    context = {
        "sheets": [slips[start : start + ON_A_SHEET] for start in range(0, len(slips), ON_A_SHEET)],
        "centre_zh": centre_zh,
        "centre_en": centre_en,
        "address": urlsplit(address).netloc or address,
        "until": until,
    }
    page = render_to_string("people/slips.html", context)
    songti = fonts.songti_for(page)
    try:
        return render_pdf(page, css=style() + songti.css, assets=songti.assets, limits=LIMITS)
    except PdfError as error:
        raise named(error, slips) from error


def named(error: PdfError, slips: Iterable[Slip]) -> PdfError:
    """Return the error, with whose name it is about when it is about a character in one."""
    for slip in slips:
        for character in slip.name + slip.latin_name:
            if f"“{character}”" in str(error):
                return UnprintableName(slip, character)
    return error


@cache
def style() -> str:
    return STYLE.read_text("utf-8")
