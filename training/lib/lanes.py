"""Who does what when, laid out for a drawing: parts as lanes, days as columns, arrows where one waits for another.

Pure: lengths are in the units of an SVG's view box. A day on which one thing ends and what waits for it begins falls
into halves, and days on which nothing begins or ends stand together, so every column is as wide as the others.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

WIDTH, LABEL, GAP = 1118, 136, 115
GUTTER, PADDING, LINE, HEAD = 16, 6, 17, 34
LETTER, IDEOGRAPH = 6.5, 13
MOST_LINES = 5
WORDS = re.compile(r"[^\S\n]*[\u2e80-\u9fff\uff00-\uffef]|\s*[^\s\u2e80-\u9fff\uff00-\uffef]+")


@dataclass(frozen=True)
class Piece:
    """What one part does from one day to another, both included, counted from 1; `note` is its last line."""

    code: str
    lane: str
    name: str
    first: int
    last: int
    waits_for: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Lines:
    """Text broken into lines, each with its place."""

    x: float
    lines: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Box:
    """A piece as it is drawn."""

    piece: Piece
    x: float
    y: float
    width: float
    height: float
    text: Lines
    note_y: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Band:
    """A lane: its name and where it lies."""

    y: float
    height: float
    text: Lines


@dataclass(frozen=True)
class Column:
    """One day, or several on which nothing begins or ends."""

    x: float
    width: float
    first: int
    last: int


@dataclass(frozen=True)
class Drawing:
    """Everything a template needs; `arrows` are paths with their heads."""

    width: float
    height: float
    columns: Sequence[Column]
    bands: Sequence[Band]
    boxes: Sequence[Box]
    arrows: Sequence[str]


def draw(pieces: Sequence[Piece], days: int, lanes: Mapping[str, str]) -> Drawing:
    """Lay the pieces out in their lanes, named by `lanes` in their order; a piece that ends after `days` adds days."""
    days = max([days, *(piece.last for piece in pieces)])
    spans = _spans(pieces)
    points = _points(spans, days)
    gap = max(GAP, (WIDTH - LABEL) // (len(points) - 1))
    x = {point: LABEL + place * gap for place, point in enumerate(points)}
    boxes: dict[str, Box] = {}
    bands, y = [], float(HEAD)
    for lane, name in lanes.items():
        top = y
        for row in _rows([piece for piece in pieces if piece.lane == lane], spans):
            drawn = [_box(piece, x[spans[piece.code][0]], x[spans[piece.code][1]], y + 10) for piece in row]
            boxes |= {box.piece.code: box for box in drawn}
            y = max(box.y + box.height for box in drawn)
        text = wrapped(name, LABEL - 2 * PADDING)
        y = max(y + 10, top + len(text) * LINE + 2 * PADDING)
        bands.append(Band(top, y - top, _placed(text, PADDING, top + PADDING)))
    whole = [point for point in points if point.denominator == 1]
    columns = [Column(x[a], x[b] - x[a], int(a) + 1, int(b)) for a, b in pairwise(whole)]
    ordered = [boxes[piece.code] for piece in pieces]
    return Drawing(LABEL + gap * (len(points) - 1), y, columns, bands, ordered, _arrows(ordered))


def wrapped(text: str, width: float, most: int = MOST_LINES) -> list[str]:
    """Break a text into lines no wider than `width`, as far as widths can be told without a font; the rest is cut."""
    lines, line = [], ""
    for word in [part for whole in WORDS.findall(text) for part in _parts(whole, width)]:
        if line and _wide(line + word) > width:
            lines.append(line)
            line = word.lstrip()
        else:
            line += word
    lines.append(line)
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1].rstrip() + "…"]


def _parts(word: str, width: float) -> list[str]:
    """Break a word that alone is wider than a line."""
    if _wide(word.strip()) <= width:
        return [word]
    size = max(1, int(width / LETTER))
    return [word[start : start + size] for start in range(0, len(word), size)]


def _wide(text: str) -> float:
    return sum(IDEOGRAPH if unicodedata.east_asian_width(letter) in "WF" else LETTER for letter in text)


@dataclass
class _Turns:
    """How many pieces come one after the other within a day: each piece's turn on its first day."""

    pieces: Mapping[str, Piece]
    turns: dict[str, int] = field(default_factory=dict)

    def of(self, piece: Piece) -> int:
        if piece.code not in self.turns:
            self.turns[piece.code] = 0  # what waits for itself in a circle begins somewhere
            before = [self.pieces[code] for code in piece.waits_for if code in self.pieces]
            same = [self.on_last_day(one) + 1 for one in before if one.last == piece.first]
            self.turns[piece.code] = max(same, default=0)
        return self.turns[piece.code]

    def on_last_day(self, piece: Piece) -> int:
        return self.of(piece) if piece.first == piece.last else 0


def _spans(pieces: Sequence[Piece]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return where each piece begins and ends, in days from 0."""
    turns = _Turns({piece.code: piece for piece in pieces})
    depth: dict[int, int] = {}
    for piece in pieces:
        depth[piece.first] = max(depth.get(piece.first, 0), turns.of(piece))
    spans = {}
    for piece in pieces:
        begins = piece.first - 1 + Fraction(turns.of(piece), depth[piece.first] + 1)
        ends = Fraction(piece.last)
        if any(piece.code in other.waits_for and other.first == piece.last for other in pieces):
            ends = piece.last - 1 + Fraction(turns.on_last_day(piece) + 1, depth[piece.last] + 1)
        spans[piece.code] = (begins, max(ends, begins + Fraction(1, depth[piece.first] + 1)))
    return spans


def _points(spans: Mapping[str, tuple[Fraction, Fraction]], days: int) -> list[Fraction]:
    ends = {point for span in spans.values() for point in span}
    return sorted(
        ends | {Fraction(edge(point)) for point in ends for edge in (floor, ceil)} | {Fraction(0), Fraction(days)}
    )


def _rows(pieces: Sequence[Piece], spans: Mapping[str, tuple[Fraction, Fraction]]) -> list[list[Piece]]:
    """Put the pieces of a lane into as few rows as do without overlaps."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: spans[piece.code]):
        row = next((row for row in rows if spans[row[-1].code][1] <= spans[piece.code][0]), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return rows


def _box(piece: Piece, left: float, right: float, y: float) -> Box:
    x, width = left + GUTTER / 2, right - left - GUTTER
    lines = wrapped(piece.name, width - 2 * PADDING)
    text = _placed(lines, x + PADDING, y + PADDING)
    note_y = y + PADDING + (len(lines) + 1) * LINE - 4
    return Box(piece, x, y, width, 2 * PADDING + LINE * (len(lines) + bool(piece.note)), text, note_y)


def _placed(lines: Sequence[str], x: float, y: float) -> Lines:
    return Lines(x, [(y + number * LINE - 4, line) for number, line in enumerate(lines, start=1)])


def _arrows(boxes: Sequence[Box]) -> list[str]:
    by_code = {box.piece.code: box for box in boxes}
    pairs = [(by_code[code], box) for box in boxes for code in box.piece.waits_for if code in by_code]
    return [_arrow(giver, taker, boxes) for giver, taker in pairs if giver is not taker]


def _arrow(giver: Box, taker: Box, boxes: Sequence[Box]) -> str:
    """Return the way from the right edge of one box to the left edge of another, round boxes between where it can."""
    x, y, half = taker.x, taker.middle, GUTTER / 2
    head = f"M{x - 6:g} {y - 4:g}L{x:g} {y:g}L{x - 6:g} {y + 4:g}"
    if x < giver.right:
        below = giver.y + giver.height + 5
        return f"M{giver.right:g} {giver.middle:g}h{half:g}V{below:g}H{x - half:g}V{y:g}H{x:g}{head}"
    in_the_way = any(box.y <= y <= box.y + box.height and giver.right < box.x < x for box in boxes)
    turn = x - half if in_the_way else giver.right + half
    return f"M{giver.right:g} {giver.middle:g}H{turn:g}V{y:g}H{x:g}{head}"
