"""Certificates on paper: bilingual always, whatever language the reader has chosen."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.template.loader import render_to_string

from training.lib import fonts
from training.lib.marks import training_mark
from training.lib.pdf import render_pdf
from training.lib.qr import qr_svg

from .frame import frame_svg
from .rules import format_verify_code

STYLE = Path(__file__).parent / "templates" / "certificates" / "certificate.css"
MOST_SIGNATORIES = 2


@dataclass(frozen=True)
class Pair:
    """The same text in Chinese and in English; either may be empty."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Signatory:
    name: Pair
    title: Pair


@dataclass(frozen=True)
class CertificateFacts:
    """All that a certificate says. Texts are printed as they stand: nothing in them is filled in or run."""

    heading: Pair
    holder_name: str
    """In any script; may be empty when there is a Latin name."""
    holder_latin_name: str
    wording: Pair
    """The sentence under the name."""
    number: str
    code: str
    """The verify code, without separators."""
    verify_url: str
    issued_on: date
    expires_on: date | None
    issuer: Pair
    source_line: Pair
    """Which framework, standard or policy version the certificate rests on."""
    signatories: tuple[Signatory, ...] = ()
    emphasis: Pair = Pair()
    """The part of the wording that is printed strong, where it occurs."""


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as a tagged PDF of one A4 page; equal facts give equal bytes.

    Raises `ValueError` when the holder has no name at all or more people sign than there is room for, and
    `training.lib.pdf.PdfError` when no font has a character of a text, or the page cannot be drawn within its limits.
    """
    page = render_to_string("certificates/certificate.html", context_of(facts))
    assets = {
        "frame.svg": frame_svg(),
        "qr.svg": qr_svg(facts.verify_url),
        "mark.png": training_mark(facts.issuer.zh, facts.issuer.en),
    }
    songti = fonts.songti_for(page)
    return render_pdf(page, css=style() + songti.css, assets=assets | songti.assets)


def context_of(facts: CertificateFacts) -> dict[str, object]:
    if len(facts.signatories) > MOST_SIGNATORIES:
        raise ValueError(f"There is room for {MOST_SIGNATORIES} signatories, not {len(facts.signatories)}.")
    holder, latin = names_of(facts)
    address = urlsplit(facts.verify_url)
    return {
        "facts": facts,
        "holder": holder,
        "latin": latin,
        "wording_zh": strong_part(facts.wording.zh, facts.emphasis.zh),
        "wording_en": strong_part(facts.wording.en, facts.emphasis.en),
        "code": format_verify_code(facts.code),
        "verify_address": f"{address.netloc}{address.path.removesuffix('/').rpartition('/')[0]}/",
        "sizes": {
            "heading": size_class(facts.heading.zh, long=12, longest=20),
            "holder": size_class(holder, long=8, longer=22, longest=32),
            "latin": size_class(latin, long=22, longest=36 if holder else 27),
            "wording_zh": size_class(facts.wording.zh, long=100, longest=180),
            "wording_en": size_class(facts.wording.en, long=120, longest=220),
        },
        "is_dense": max(ems(facts.wording.zh) / 48, ems(facts.wording.en) / 62, ems(holder) / 32) > 1,
    }


def names_of(facts: CertificateFacts) -> tuple[str, str]:
    """The name in the holder's own script and the Latin one; a name given in Latin letters only is not said twice."""
    holder, latin = facts.holder_name.strip(), facts.holder_latin_name.strip()
    if not holder and not latin:
        raise ValueError("A certificate needs a name.")
    if not holder or fonts.is_latin(holder):
        return "", latin or holder
    return holder, latin


def strong_part(text: str, emphasis: str) -> tuple[str, str, str]:
    """What stands before, in and after the first place where the emphasis occurs."""
    return text.partition(emphasis) if emphasis in text and emphasis else (text, "", "")


def size_class(text: str, **widths: float) -> str:
    """The name of the last of the widths, in ems, that the text passes; "" when it passes none."""
    return next((name for name, limit in reversed(widths.items()) if ems(text) > limit), "")


def ems(text: str) -> float:
    """About how wide the text is: 1 for a Chinese character, half of it for another."""
    return sum(1 if unicodedata.east_asian_width(letter) in "WF" else 0.5 for letter in text)


@cache
def style() -> str:
    return STYLE.read_text("utf-8")
