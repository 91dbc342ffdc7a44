"""Draws the mark of a training certificate: an eight-sided window in blue-green, which no one takes for a seal.

Official seals are round, red and lettered along the rim around a star. This mark has straight lines of text, eight
sides and a lattice window, and says in words what it is for.
"""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont, Layout

from .fonts import SEMIBOLD, FontFile, chinese, latin

ACCENT = (10, 89, 96)
PURPOSE_ZH, PURPOSE_EN = "培训专用标识", "Training mark"
UNITS = 1000
"""The drawing is 1,000 units wide and high."""
SHARPER = 3
"""It is drawn so many times larger and scaled down, for even edges."""
CORNER = 240
LINE_HEIGHT = 1.1
SMALLEST_IN_ONE_LINE = 0.75


@lru_cache(maxsize=8)
def training_mark(name_zh: str, name_en: str, *, pixels: int = 780) -> bytes:
    """A PNG on transparent ground with the centre's names, of which either may be empty; equal input, equal bytes.

    The default is 600 dpi at a width of 33 mm. A name that is long is set smaller and in two lines.
    """
    drawing = Drawing(pixels * SHARPER)
    drawing.octagon(inset=0, width=16)
    drawing.octagon(inset=32, width=5)
    drawing.text(name_zh, y=190, width=670, size=92, font=chinese(SEMIBOLD))
    drawing.window(x=500, y=400, size=220)
    drawing.text(name_en, y=602, width=780, size=70, font=latin())
    drawing.bar(300, 690, 700, 694)
    drawing.text(PURPOSE_ZH, y=754, width=600, size=72, font=chinese(SEMIBOLD))
    drawing.text(PURPOSE_EN, y=838, width=500, size=60, font=latin())
    return drawing.png(pixels)


class Drawing:
    """A square of ink on transparent ground, measured in units."""

    def __init__(self, pixels: int) -> None:
        self.scale = pixels / UNITS
        self.ink = Image.new("L", (pixels, pixels), 0)
        self.pen = ImageDraw.Draw(self.ink)

    def bar(self, left: float, top: float, right: float, bottom: float) -> None:
        box = [round(value * self.scale) for value in (left, top, right, bottom)]
        self.pen.rectangle([box[0], box[1], box[2] - 1, box[3] - 1], fill=255)

    def octagon(self, *, inset: float, width: float) -> None:
        """An eight-sided band whose outer edge keeps `inset` units from the octagon that fills the square."""
        for distance, shade in ((inset, 255), (inset + width, 0)):
            self.pen.polygon(self._corners(distance), fill=shade)

    def _corners(self, distance: float) -> list[tuple[float, float]]:
        # a parallel edge at a slant shortens the straight sides by tan(22.5 degrees) of its distance
        near, far = distance, UNITS - distance
        start, end = CORNER + 0.4142 * distance, UNITS - CORNER - 0.4142 * distance
        corners = [
            (start, near),
            (end, near),
            (far, start),
            (far, end),
            (end, far),
            (start, far),
            (near, end),
            (near, start),
        ]
        return [(x * self.scale, y * self.scale) for x, y in corners]

    def window(self, *, x: float, y: float, size: float) -> None:
        """A lattice window: a frame, and a pane that four bars hold in its middle."""
        bar, half, pane = size * 0.06, size / 2, size * 0.22
        self._frame(x, y, half, bar * 1.5)
        self._frame(x, y, pane, bar)
        self.bar(x - bar / 2, y - half, x + bar / 2, y - pane)
        self.bar(x - bar / 2, y + pane, x + bar / 2, y + half)
        self.bar(x - half, y - bar / 2, x - pane, y + bar / 2)
        self.bar(x + pane, y - bar / 2, x + half, y + bar / 2)

    def _frame(self, x: float, y: float, half: float, bar: float) -> None:
        self.bar(x - half, y - half, x + half, y - half + bar)
        self.bar(x - half, y + half - bar, x + half, y + half)
        self.bar(x - half, y - half, x - half + bar, y + half)
        self.bar(x + half - bar, y - half, x + half, y + half)

    def text(self, text: str, *, y: float, width: float, size: float, font: FontFile) -> None:
        """Text centred in the drawing and around the height `y`, no wider than `width`."""
        lines, fitting = fitted(text, font, size * self.scale, width * self.scale)
        step = fitting.size * LINE_HEIGHT
        top = y * self.scale - step * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.pen.text((UNITS * self.scale / 2, top + number * step), line, font=fitting, anchor="mm", fill=255)

    def png(self, pixels: int) -> bytes:
        picture = Image.new("RGBA", (pixels, pixels), (*ACCENT, 0))
        picture.putalpha(self.ink.resize((pixels, pixels), Image.Resampling.LANCZOS))
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=True)
        return file.getvalue()


def fitted(text: str, font: FontFile, size: float, width: float) -> tuple[list[str], FreeTypeFont]:
    """The text in one line, or in two where one would be small, with the largest font of at most `size` that fits."""
    one = largest([text], font, size, width)
    if one.size >= size * SMALLEST_IN_ONE_LINE:
        return [text], one
    halves = in_two(text)
    return halves, largest(halves, font, size * SMALLEST_IN_ONE_LINE, width)


def largest(lines: list[str], font: FontFile, size: float, width: float) -> FreeTypeFont:
    # the basic layout gives the same picture whether or not a shaping library is installed
    trial = ImageFont.truetype(font.path, size, font.index, layout_engine=Layout.BASIC)
    widest = max(trial.getlength(line) for line in lines)
    if widest <= width:
        return trial
    return ImageFont.truetype(font.path, size * width / widest, font.index, layout_engine=Layout.BASIC)


def in_two(text: str) -> list[str]:
    """Two lines as even as can be: cut between words, or between characters where there are none."""
    words = text.split()
    if len(words) < 2:
        middle = (len(text) + 1) // 2
        return [text[:middle], text[middle:]]
    cuts = [[" ".join(words[:number]), " ".join(words[number:])] for number in range(1, len(words))]
    return min(cuts, key=lambda lines: max(len(line) for line in lines))
