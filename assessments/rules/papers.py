"""Putting a paper together, its deadline, and which competencies its answers are evidence for."""

import math
import random
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_QUESTIONS = 300  # on one paper
MINIMUM_SCORED = 8  # fewer answers say too little about a competency to be evidence for it


@dataclass(frozen=True, slots=True)
class BlueprintRow:
    """So many items of a competency for a part of the paper; a level or kind of None takes any."""

    competency: Hashable
    count: int
    level: int | None = None
    kind: str | None = None
    part: int = 1

    def takes(self, item: "AvailableItem") -> bool:
        """Say whether the row may draw the item."""
        return (
            item.competency == self.competency and self.level in (None, item.level) and self.kind in (None, item.kind)
        )


@dataclass(frozen=True, slots=True)
class AvailableItem:
    """An item a paper may draw; `ident` is unique and sortable, so that a seed gives one paper."""

    ident: int
    competency: Hashable
    level: int
    kind: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """A blueprint row that could not be filled: its place in the blueprint from 0, wanted and found."""

    row_index: int
    row: BlueprintRow
    found: int


class NotEnoughItems(Exception):
    """The bank cannot fill the blueprint; `shortages` names each row left short."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        rows = "; ".join(f"row {s.row_index + 1} wants {s.row.count}, finds {s.found}" for s in self.shortages)
        super().__init__(f"Not enough items: {rows}.")


def draw_paper(rows: Sequence[BlueprintRow], items: Sequence[AvailableItem], rng: random.Random) -> list[AvailableItem]:
    """Draw a random paper as `draw_parts`, one part after the other. Raises NotEnoughItems."""
    return [item for part in draw_parts(rows, items, rng).values() for item in part]


def draw_parts(
    rows: Sequence[BlueprintRow], items: Sequence[AvailableItem], rng: random.Random
) -> dict[int, list[AvailableItem]]:
    """Draw a random paper, each part in random order, no item twice; the same seed and items give the same paper.

    Returns the items of each part by its number.

    Rows may overlap (any level of a competency, and level 2 of it): each place tries the items in shuffled order and,
    where they are taken, moves an earlier draw to another item (augmenting paths). So a paper is found whenever one
    exists, and where rows do not overlap every choice is equally likely. Raises NotEnoughItems.
    """
    pool = sorted(items, key=lambda item: item.ident)
    rng.shuffle(pool)
    places = [index for index, row in enumerate(rows) for _ in range(row.count)]
    holder: dict[int, int] = {}  # position in the pool -> position in places
    filled = [0] * len(rows)
    for place, row_index in enumerate(places):
        filled[row_index] += _seat(place, places, rows, pool, holder)
    shortages = [Shortage(index, row, filled[index]) for index, row in enumerate(rows) if filled[index] < row.count]
    if shortages:
        raise NotEnoughItems(shortages)
    paper: dict[int, list[AvailableItem]] = {number: [] for number in sorted({row.part for row in rows})}
    for position in sorted(holder):
        paper[rows[places[holder[position]]].part].append(pool[position])
    for part in paper.values():
        rng.shuffle(part)
    return paper


def _seat(
    place: int,
    places: Sequence[int],
    rows: Sequence[BlueprintRow],
    pool: Sequence[AvailableItem],
    holder: dict[int, int],
) -> bool:
    """Give one place an item, breadth first over the draws that would have to move; False if there is none."""
    came_from: dict[int, int] = {}  # pool position -> the place that asked for it
    asking = [place]
    for asker in asking:
        row = rows[places[asker]]
        for position, item in enumerate(pool):
            if position in came_from or not row.takes(item):
                continue
            came_from[position] = asker
            if position not in holder:
                _move_along(position, place, came_from, holder)
                return True
            asking.append(holder[position])
    return False


def _move_along(position: int, place: int, came_from: Mapping[int, int], holder: dict[int, int]) -> None:
    """Hand the free item to its asker, the asker's old item to the place that asked for that, back to `place`."""
    held = {holding: at for at, holding in holder.items()}
    while True:
        asker = came_from[position]
        holder[position] = asker
        if asker == place:
            return
        position = held[asker]


def pilot_shares(pilots: int, sizes: Mapping[int, int]) -> dict[int, int]:
    """How many items tried out fall to each part, by number, in proportion to its questions (largest rest first)."""
    total = sum(sizes.values())
    exact = {number: pilots * size / total for number, size in sizes.items()} if total else {}
    shares = {number: int(share) for number, share in exact.items()}
    by_rest = sorted(exact, key=lambda number: shares[number] - exact[number])
    for number in by_rest[: pilots - sum(shares.values())]:
        shares[number] += 1
    return shares


def deadline(start: datetime, limit_minutes: int, closes_at: datetime | None, extra_minutes: int = 0) -> datetime:
    """The last moment an answer counts: min(start + limit, close of the window) + the person's extra time."""
    end = start + timedelta(minutes=limit_minutes)
    return (end if closes_at is None else min(end, closes_at)) + timedelta(minutes=extra_minutes)


def part_deadline(opened: datetime, limit_minutes: int | None, extra_minutes: int, whole: datetime) -> datetime:
    """The last moment a part takes answers: its own limit and the share of the person's extra time, never past `whole`.

    `whole` is the deadline of the attempt; a part without a limit has all that is left.
    """
    if limit_minutes is None:
        return whole
    return min(opened + timedelta(minutes=limit_minutes + extra_minutes), whole)


def extra_share(extra_minutes: int, part_minutes: int | None, exam_minutes: int) -> int:
    """Whole minutes of a person's extra time that fall to a part, by its share of the exam's time; rounded up."""
    return math.ceil(extra_minutes * part_minutes / exam_minutes) if part_minutes else 0


def evidence_groups(
    item_competencies: Mapping[int, int], parents: Mapping[int, int | None], minimum: int = MINIMUM_SCORED
) -> dict[int, list[int]]:
    """Which scored items are evidence for which competency: {competency: items}.

    A competency with fewer than `minimum` items hands them to its parent, from the leaves up; what is still short at
    a root is evidence for nothing. No item counts twice. `parents` names every competency of the tree.
    """
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for item, competency in item_competencies.items():
        groups[competency].append(item)
    for competency in sorted(parents, key=lambda node: _depth(node, parents), reverse=True):
        if 0 < len(groups[competency]) < minimum:
            short = groups.pop(competency)
            if (parent := parents[competency]) is not None:
                groups[parent].extend(short)
    return {competency: sorted(members) for competency, members in groups.items() if members}


def _depth(competency: int, parents: Mapping[int, int | None]) -> int:
    parent = parents[competency]
    return 0 if parent is None else 1 + _depth(parent, parents)
