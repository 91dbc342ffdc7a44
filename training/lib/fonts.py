"""Finds the font files that certificates are set in and cuts them down to the letters a document needs.

They are the system's, or one from a Python package in their place. A Chinese font embedded as it is takes 100 KB of
a PDF for its empty places alone; cut down beforehand it takes 10 KB.
"""

import io
import logging
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

LATIN = "EB Garamond"
CHINESE = "Noto Serif CJK SC"
REGULAR, SEMIBOLD = 80, 180
"""Weights as fontconfig counts them."""

FACE = '@font-face {{ font-family: Songti; font-weight: {weight}; src: url("asset:songti-{weight}.otf"); }}'
# Where only the one weight of the Python package is at hand: size makes the hierarchy, no letter is thickened.
ONE_WEIGHT = "* { font-weight: 400 !important; }"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FontFile:
    """A font: `index` is its place in a collection file."""

    path: Path
    index: int = 0


@cache
def installed(family: str, weight: int = REGULAR) -> FontFile | None:
    """The system's font of exactly this family, or None: fontconfig would offer another in its place."""
    if shutil.which("fc-match") is None:
        return None
    pattern = f"{family}:weight={weight}:slant=0"
    found = subprocess.run(
        ["fc-match", "--format", "%{family}\n%{file}\n%{index}", pattern], check=True, capture_output=True, text=True
    )
    families, path, index = found.stdout.split("\n")
    return FontFile(Path(path), int(index)) if family in families.split(",") else None


@cache
def bundled_chinese() -> FontFile:
    """Noto Serif SC of the one weight its package holds; says once what would look better."""
    logger.warning("Certificates are set without bold: install fonts-noto-cjk-extra and fonts-ebgaramond.")
    return FontFile(pylopdf_fonts_zh_cn.serif_path())


def chinese(weight: int = REGULAR) -> FontFile:
    return installed(CHINESE, weight) or bundled_chinese()


def latin(weight: int = REGULAR) -> FontFile:
    """EB Garamond, or the Latin letters of the Chinese font."""
    return installed(LATIN, weight) or chinese(weight)


def cut_down(font: FontFile, characters: Iterable[str]) -> bytes:
    """The font with no more than these characters, without layout rules; equal input gives equal bytes."""
    from fontTools import subset  # takes a quarter of a second, which every web worker would pay at its start
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, desubroutinize=True)
    options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    small = io.BytesIO()
    with TTFont(font.path, fontNumber=font.index, lazy=True, recalcTimestamp=False) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(characters))
        cutter.subset(whole)
        whole.save(small)
    return small.getvalue()


@dataclass(frozen=True)
class Songti:
    """The Chinese font of one document: what to append to its style sheet, and the files that names."""

    css: str
    assets: Mapping[str, bytes]


def songti_for(page: str) -> Songti:
    """The Chinese font in each weight there is, with the characters of the page that the Latin font is not for."""
    characters = set(page)
    if installed(LATIN):
        # with a blank, which layout wants of every font
        characters = {" "} | {letter for letter in characters if not (letter.isascii() or is_latin(letter))}
    weights = {400: installed(CHINESE), 600: installed(CHINESE, SEMIBOLD)}
    found = {weight: font for weight, font in weights.items() if font} or {400: bundled_chinese()}
    faces = [FACE.format(weight=weight) for weight in found] + ([ONE_WEIGHT] if len(found) == 1 else [])
    cut = {f"songti-{weight}.otf": cut_down(font, sorted(characters)) for weight, font in found.items()}
    return Songti("\n" + "\n".join(faces), cut)


def is_latin(text: str) -> bool:
    """Whether all letters of the text, of which it has one at least, are Latin."""
    return any(letter.isalpha() for letter in text) and all(
        "LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha()
    )
