"""Papers that applicants hand in, drawn for the questions that show one. Whoever is named on them is made up."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from training.lib.fonts import chinese

WIDTH, HEAD, ROW, FOOT = 900, 200, 96, 230
MARGIN = 70
COLOURS = 64
INK, GREY, LINE, PAPER, PEN = "#20242a", "#5d6570", "#9aa2ad", "#fdfcf7", "#1d3f91"
# A signature as far as one can draw what nobody has signed: points between 0 and 1 along a line of writing.
STROKES = (
    ((0.00, 0.7), (0.10, 0.1), (0.14, 0.9), (0.20, 0.3), (0.30, 0.75), (0.42, 0.35)),
    ((0.46, 0.8), (0.52, 0.2), (0.60, 0.85), (0.70, 0.4), (0.82, 0.7), (1.00, 0.25)),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Where the next line of a paper is written."""

    draw: ImageDraw.ImageDraw
    y: int = MARGIN

    def write(self, text: str, size: int, *, x: int = MARGIN, ink: str = INK) -> None:
        font = chinese()
        self.draw.text((x, self.y), text, font=ImageFont.truetype(str(font.path), size, index=font.index), fill=ink)


def paper(content: dict[str, Any]) -> bytes:
    """Return a paper as PNG: its title, rows of (label, label in English, value), and whether it is signed."""
    signed = content.get("signed")
    height = HEAD + ROW * len(content["rows"]) + (FOOT if signed is not None else MARGIN)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((18, 18, WIDTH - 19, height - 19), outline=LINE, width=2)
    Pen(draw, 60).write(content["title"][0], 46)
    Pen(draw, 122).write(content["title"][1], 26, ink=GREY)
    for number, row in enumerate(content["rows"]):
        _row(draw, HEAD + ROW * number, row)
    if signed is not None:
        _signature(draw, height - FOOT + 50, content.get("day", ""), is_signed=signed)
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _row(draw: ImageDraw.ImageDraw, y: int, row: Sequence[str]) -> None:
    label, english, value = row
    Pen(draw, y).write(label, 28)
    Pen(draw, y + 38).write(english, 20, ink=GREY)
    Pen(draw, y + 4).write(value, 28, x=330)
    draw.line((330, y + 62, WIDTH - MARGIN, y + 62), fill=LINE, width=2)


def _signature(draw: ImageDraw.ImageDraw, y: int, day: str, *, is_signed: bool) -> None:
    """Draw the line for a signature, with one on it or without."""
    left = 330
    Pen(draw, y).write("签字", 28)
    Pen(draw, y + 38).write("Signature", 20, ink=GREY)
    draw.line((left, y + 62, WIDTH - MARGIN, y + 62), fill=LINE, width=2)
    if is_signed:
        for stroke in STROKES:
            points = [(left + 30 + round(260 * x), y - 6 + round(64 * height)) for x, height in stroke]
            draw.line(points, fill=PEN, width=5, joint="curve")
    Pen(draw, y + 92).write(f"日期 Date   {day}", 24, ink=INK)
