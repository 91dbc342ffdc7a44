"""The border of a certificate: one wave, drawn in eight phases round a rounded rectangle."""

import math
from functools import cache

WIDTH, HEIGHT = 297, 210  # mm, A4 across
CENTRE_LINE, CENTRE_RADIUS = 13.0, 7.0
AMPLITUDE = 2.75
WAVES = 138
PHASES = 8
INK = "#0a5960"
# inset from the sheet, radius of the corners, width of the line
RULES = ((8.6, 10.4, 0.42), (17.4, 4.6, 0.12), (18.1, 3.9, 0.5))
# How far the handles of a Bezier curve reach, as a part of half a wave, for the closest fit to a sine.
HANDLE = 0.3642


@cache
def frame_svg() -> bytes:
    """The border as a drawing of an A4 sheet across, in millimetres; always the same bytes."""
    waves = "".join(wave(phase / PHASES) for phase in range(PHASES))
    rules = "".join(
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset:g}" height="{HEIGHT - 2 * inset:g}" rx="{radius}"'
        f' stroke-width="{line}"/>'
        for inset, radius, line in RULES
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><g fill="none" stroke="{INK}">'
        f'<path stroke-width="0.1" d="{waves}"/>{rules}</g></svg>'
    ).encode()


def wave(phase: float) -> str:
    """A closed wave round the centre line as path data, shifted by `phase` waves; each curve is half a wave."""
    half = perimeter() / WAVES / 2
    start = phase * 2 * half
    data = ["M", point(start, AMPLITUDE), "C", point(start + HANDLE * half, AMPLITUDE)]
    for number in range(2 * WAVES):
        end, height = start + (number + 1) * half, AMPLITUDE if number % 2 else -AMPLITUDE
        # S: the first handle of a curve mirrors the last one of the curve before
        data += ["S" if number else " ", point(end - HANDLE * half, height), " ", point(end, height)]
    return "".join(data) + "Z"


def point(distance: float, height: float) -> str:
    x, y = beside(distance, height)
    return f"{x:.2f} {y:.2f}"


def perimeter() -> float:
    return 2 * (straight(WIDTH) + straight(HEIGHT)) + 2 * math.pi * CENTRE_RADIUS


def straight(length: float) -> float:
    return length - 2 * (CENTRE_LINE + CENTRE_RADIUS)


def beside(distance: float, height: float) -> tuple[float, float]:
    """The point `distance` mm along the centre line, clockwise from its top left, and `height` mm outside it."""
    left = distance % perimeter()
    radius, corner = CENTRE_RADIUS, CENTRE_RADIUS * math.pi / 2
    x, y, heading = CENTRE_LINE + radius, CENTRE_LINE, 0.0
    for length in (straight(WIDTH), straight(HEIGHT)) * 2:
        along = min(left, length)
        x, y = x + along * math.cos(heading), y + along * math.sin(heading)
        left -= along
        turned = min(left, corner) / radius
        # the centre of the corner lies to the right of the way
        centre_x, centre_y = x - radius * math.sin(heading), y + radius * math.cos(heading)
        heading += turned
        x, y = centre_x + radius * math.sin(heading), centre_y - radius * math.cos(heading)
        left -= turned * radius
        if left <= 1e-9:
            break
    return x + height * math.sin(heading), y - height * math.cos(heading)
