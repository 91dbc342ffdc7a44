"""Whether a bank can fill a blueprint, today and later; and a blueprint made from weights."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .papers import AvailableItem, BlueprintRow, NotEnoughItems, draw_paper


@dataclass(frozen=True, slots=True)
class DatedItem:
    """An item with the last day on which it may be drawn; None: no end in sight."""

    item: AvailableItem
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RowFeasibility:
    """How many items a row may draw from, how many it gets beside the other rows, and when it runs short.

    `short_from` is the first day on which too few of its items are still valid; None: no such day is known.
    """

    row: BlueprintRow
    found: int
    seated: int
    short_from: date | None

    @property
    def is_filled(self) -> bool:
        return self.seated >= self.row.count

    @property
    def is_crowded(self) -> bool:
        """Whether it would do by itself, but other rows need the same items."""
        return not self.is_filled and self.found >= self.row.count


def feasibility(rows: Sequence[BlueprintRow], items: Sequence[DatedItem]) -> list[RowFeasibility]:
    """Say of each row of a blueprint whether the items, all valid today, fill it together with the other rows."""
    seated = [row.count for row in rows]
    try:
        draw_paper(rows, [dated.item for dated in items], Random(0))  # noqa: S311 - nothing is drawn for anybody
    except NotEnoughItems as error:
        for shortage in error.shortages:
            seated[shortage.row_index] = shortage.found
    return [
        RowFeasibility(row, sum(row.takes(dated.item) for dated in items), got, _short_from(row, items))
        for row, got in zip(rows, seated, strict=True)
    ]


def _short_from(row: BlueprintRow, items: Sequence[DatedItem]) -> date | None:
    mine = [dated.until for dated in items if row.takes(dated.item)]
    if len(mine) < row.count:
        return None
    for last in sorted({until for until in mine if until}):
        if sum(until is None or until > last for until in mine) < row.count:
            return last + timedelta(days=1)
    return None


def spread(total: int, weights: Mapping[Hashable, float]) -> dict[Hashable, int]:
    """Share a number of questions out by weight, whole ones, so that no share is off by one or more (largest rest).

    Whoever has any weight gets one question at least while there are enough. Raises ValueError for no weight at all.
    """
    heavy = {name: weight for name, weight in weights.items() if weight > 0}
    if not heavy:
        raise ValueError("Nothing has a weight.")
    all_weight = sum(heavy.values())
    exact = {name: total * weight / all_weight for name, weight in heavy.items()}
    shares = {name: int(share) for name, share in exact.items()}
    for name in sorted(exact, key=lambda one: shares[one] - exact[one])[: total - sum(shares.values())]:
        shares[name] += 1
    for name in [one for one, share in shares.items() if share == 0]:
        richest = max(shares, key=lambda one: shares[one])
        if shares[richest] > 1:
            shares[richest] -= 1
            shares[name] = 1
    return {name: share for name, share in shares.items() if share}
