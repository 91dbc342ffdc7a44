"""The curves of an item as numbers for a drawing of fixed size; a template draws them, style sheets colour them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.scoring.irt import item_information, probability

WIDTH, HEIGHT = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 408, 22, 216
LOWEST, HIGHEST, STEPS = -4.0, 4.0, 81
TABLE = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """People of like ability: where they stand, how large, and the bar of chance from `low` to `high`."""

    x: float
    y: float
    radius: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A curve over ability in a box of 420 x 260, with what stands beside it."""

    points: str
    other: str
    dots: list[Dot]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    cuts: list[Tick]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the curves' table."""

    ability: float
    chance: float
    information: float


def chance_chart(
    *, a: float, b: float, judged_b: float, groups: Sequence[Sequence[float]], cuts: Sequence[float]
) -> Chart:
    """The chance to answer right by ability: estimated, as judged, and as people of like ability did.

    `groups` are (ability, people, share right, expected).
    """
    most = max((group[1] for group in groups), default=1)
    return Chart(
        points=_line((theta, float(probability(theta, a, -a * b)[0])) for theta in _abilities()),
        other=_line((theta, float(probability(theta, 1.0, -judged_b)[0])) for theta in _abilities()),
        dots=[_dot(ability, people, share, most) for ability, people, share, _due in groups],
        x_ticks=_abscissae(),
        y_ticks=[Tick(_y(share), f"{round(100 * share)} %") for share in (0, 0.25, 0.5, 0.75, 1)],
        cuts=_cuts(cuts),
    )


def information_chart(*, a: float, b: float, cuts: Sequence[float]) -> Chart:
    """How much the item tells about people of each ability."""
    values = [(theta, float(item_information(theta, a, -a * b)[0])) for theta in _abilities()]
    top = _round_up(max(value for _theta, value in values))
    return Chart(
        points=_line((theta, value / top) for theta, value in values),
        other="",
        dots=[],
        x_ticks=_abscissae(),
        y_ticks=[Tick(_y(share), f"{share * top:g}") for share in (0, 0.5, 1)],
        cuts=_cuts(cuts),
    )


def curve_table(a: float, b: float) -> list[Row]:
    """The same curves as numbers, at each whole logit."""
    return [
        Row(theta, float(probability(theta, a, -a * b)[0]), float(item_information(theta, a, -a * b)[0]))
        for theta in TABLE
    ]


def _abilities() -> list[float]:
    return [LOWEST + (HIGHEST - LOWEST) * step / (STEPS - 1) for step in range(STEPS)]


def _abscissae() -> list[Tick]:
    return [Tick(_x(theta), f"{theta:+.0f}" if theta else "0") for theta in (-4, -3, -2, -1, 0, 1, 2, 3, 4)]


def _cuts(cuts: Sequence[float]) -> list[Tick]:
    return [Tick(_x(cut), str(level)) for level, cut in enumerate(cuts, start=2) if LOWEST < cut < HIGHEST]


def _dot(ability: float, people: float, share: float, most: float) -> Dot:
    spread = 1.96 * (max(share * (1 - share), 1 / (4 * people)) / people) ** 0.5
    return Dot(
        x=_x(min(max(ability, LOWEST), HIGHEST)),
        y=_y(share),
        radius=round(2.5 + 2.5 * (people / most) ** 0.5, 1),
        low=_y(max(share - spread, 0)),
        high=_y(min(share + spread, 1)),
    )


def _line(values: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_x(theta):.1f},{_y(share):.1f}" for theta, share in values)


def _x(theta: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * (theta - LOWEST) / (HIGHEST - LOWEST), 1)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _round_up(value: float) -> float:
    return next((top for top in (0.1, 0.25, 0.5, 1.0, 2.0, 4.0) if value <= top), value or 1.0)
