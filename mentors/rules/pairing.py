"""Pairs mentees with career teachers: hard rules, a score in named pieces, one optimal assignment."""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Refusal(StrEnum):
    """Why a pair cannot be, or why a mentee is left without a teacher (TAKEN)."""

    SAME_PERSON = "same_person"
    INACTIVE = "inactive"
    NOT_CERTIFIED = "not_certified"
    NO_CAPACITY = "no_capacity"
    CHAIN_OF_COMMAND = "chain_of_command"
    FAILED_BEFORE = "failed_before"
    FORBIDDEN = "forbidden"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Mentee:
    """Somebody to be coached.

    `gaps`: competency -> levels missing to the target. `wishes`, `chain_of_command` and `failed_with` name people.
    """

    ident: Hashable
    matters: frozenset[Hashable] = frozenset()
    gaps: Mapping[Hashable, float] = field(default_factory=dict)
    hall: Hashable = None
    window: Hashable = None
    business_line: Hashable = None
    shifts: frozenset[Hashable] = frozenset()
    languages: frozenset[str] = frozenset()
    wishes: frozenset[Hashable] = frozenset()
    chain_of_command: frozenset[Hashable] = frozenset()
    failed_with: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody who coaches; `ident` is the person's, as a mentee's is.

    `free`: places left; `load`: mentees now; `strengths` (by competency) and `record` of past pairs from 0 to 1.
    """

    ident: Hashable
    free: int
    load: int = 0
    active: bool = True
    matters: frozenset[Hashable] = frozenset()
    strengths: Mapping[Hashable, float] = field(default_factory=dict)
    hall: Hashable = None
    window: Hashable = None
    business_line: Hashable = None
    shifts: frozenset[Hashable] = frozenset()
    languages: frozenset[str] = frozenset()
    wishes: frozenset[Hashable] = frozenset()
    record: float = 0.5


@dataclass(frozen=True, slots=True)
class PairingSettings:
    """Weights of the pieces, together 1, and what each mentee a teacher already has adds to the cost of the next."""

    gap: float = 0.35
    place: float = 0.20
    shifts: float = 0.15
    languages: float = 0.10
    wishes: float = 0.10
    teacher: float = 0.10
    load_surcharge: float = 0.05

    def __post_init__(self) -> None:
        weights = (self.gap, self.place, self.shifts, self.languages, self.wishes, self.teacher)
        if min(weights) < 0 or not math.isclose(sum(weights), 1) or self.load_surcharge < 0:
            raise ValueError("The weights of a pairing are 0 or more and add to 1; the surcharge is 0 or more.")


DEFAULT_PAIRING_SETTINGS = PairingSettings()


class Piece(NamedTuple):
    """One part of a score: how well it fits (0 to 1) and how much that weighs."""

    name: str
    fit: float
    weight: float


class Reason(NamedTuple):
    """Why a mentee has no teacher, and with how many teachers."""

    refusal: Refusal
    teachers: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """One mentee's line: the teacher with the score and its pieces, or None with the reasons."""

    mentee: Hashable
    teacher: Hashable | None
    score: float
    pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...]
    pinned: bool = False


class ImpossiblePin(Exception):
    """A pin that breaks a hard rule, or names somebody who is not in the round (no refusals then)."""

    def __init__(self, mentee: Hashable, teacher: Hashable, refusals: Sequence[Refusal] = ()) -> None:
        self.mentee, self.teacher, self.refusals = mentee, teacher, tuple(refusals)
        super().__init__(f"{mentee!r} cannot be pinned to {teacher!r}: {', '.join(refusals) or 'not in this round'}.")


Pair = tuple[Hashable, Hashable]


def hard_refusals(mentee: Mentee, teacher: Teacher, forbidden: Collection[Pair] = ()) -> list[Refusal]:
    """Every hard rule the pair breaks, empty where it may be. `forbidden`: (mentee, teacher) pairs HR rules out."""
    broken = {
        Refusal.SAME_PERSON: mentee.ident == teacher.ident,
        Refusal.INACTIVE: not teacher.active,
        Refusal.NOT_CERTIFIED: not mentee.matters <= teacher.matters,
        Refusal.NO_CAPACITY: teacher.free < 1,
        Refusal.CHAIN_OF_COMMAND: teacher.ident in mentee.chain_of_command,
        Refusal.FAILED_BEFORE: teacher.ident in mentee.failed_with,
        Refusal.FORBIDDEN: (mentee.ident, teacher.ident) in forbidden,
    }
    return [refusal for refusal, holds in broken.items() if holds]


def score_pieces(
    mentee: Mentee, teacher: Teacher, settings: PairingSettings = DEFAULT_PAIRING_SETTINGS
) -> tuple[Piece, ...]:
    """The pieces of a pair's soft score; the score is the sum of fit x weight, 0 to 1.

    gap: the teacher's strength averaged over the mentee's gaps, by their size. place: the share of hall, window and
    business line they have in common. shifts, languages: the share of the mentee's that the teacher shares.
    wishes: half for each of the two who asked for the other. teacher: half free places, half record.
    """
    places = (
        (mentee.hall, teacher.hall),
        (mentee.window, teacher.window),
        (mentee.business_line, teacher.business_line),
    )
    wished = (teacher.ident in mentee.wishes) + (mentee.ident in teacher.wishes)
    room = teacher.free / (teacher.free + teacher.load) if teacher.free > 0 else 0.0
    return (
        Piece("gap", _gap_fit(mentee.gaps, teacher.strengths), settings.gap),
        Piece("place", sum(own is not None and own == other for own, other in places) / len(places), settings.place),
        Piece("shifts", _share(mentee.shifts, teacher.shifts), settings.shifts),
        Piece("languages", _share(mentee.languages, teacher.languages), settings.languages),
        Piece("wishes", wished / 2, settings.wishes),
        Piece("teacher", (room + teacher.record) / 2, settings.teacher),
    )


def solve_pairing(
    mentees: Sequence[Mentee],
    teachers: Sequence[Teacher],
    settings: PairingSettings = DEFAULT_PAIRING_SETTINGS,
    *,
    pins: Mapping[Hashable, Hashable] | None = None,
    forbidden: Collection[Pair] = (),
) -> list[Proposal]:
    """One proposal per mentee, in their order: as many pairs as the hard rules allow, then the least total cost.

    Cost of a pair = 1 - score + load_surcharge x (mentees the teacher has by then), so load spreads. Pins (mentee ->
    teacher) come first and obey the hard rules: raises ImpossiblePin. Each ident may occur once.
    """
    pinned = _check_pins(mentees, teachers, pins or {}, forbidden)
    taken = Counter(pinned.values())
    open_mentees = [mentee for mentee in mentees if mentee.ident not in pinned]
    refusals = [[hard_refusals(mentee, teacher, forbidden) for teacher in teachers] for mentee in open_mentees]
    pieces = [
        [
            () if refused else score_pieces(mentee, teacher, settings)
            for teacher, refused in zip(teachers, row, strict=True)
        ]
        for mentee, row in zip(open_mentees, refusals, strict=True)
    ]
    chosen = _assign(teachers, pieces, taken, settings)
    by_ident = {teacher.ident: teacher for teacher in teachers}
    found: dict[Hashable, Proposal] = {}
    for mentee, row, row_refusals, column in zip(open_mentees, pieces, refusals, chosen, strict=True):
        if column is None:
            found[mentee.ident] = Proposal(mentee.ident, None, 0.0, (), _reasons(row_refusals))
        else:
            found[mentee.ident] = _proposal(mentee, teachers[column], row[column])
    for mentee in mentees:
        if mentee.ident in pinned:
            teacher = by_ident[pinned[mentee.ident]]
            found[mentee.ident] = _proposal(mentee, teacher, score_pieces(mentee, teacher, settings), pinned=True)
    return [found[mentee.ident] for mentee in mentees]


def _proposal(mentee: Mentee, teacher: Teacher, pieces: tuple[Piece, ...], *, pinned: bool = False) -> Proposal:
    return Proposal(mentee.ident, teacher.ident, _score(pieces), pieces, (), pinned)


def _score(pieces: Sequence[Piece]) -> float:
    return math.fsum(piece.fit * piece.weight for piece in pieces)


def _gap_fit(gaps: Mapping[Hashable, float], strengths: Mapping[Hashable, float]) -> float:
    missing = {competency: gap for competency, gap in gaps.items() if gap > 0}
    if not missing:
        return 0.0
    return sum(gap * strengths.get(competency, 0.0) for competency, gap in missing.items()) / sum(missing.values())


def _share(own: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    return len(own & other) / len(own) if own else 0.0


def _reasons(refusals: Sequence[Sequence[Refusal]]) -> tuple[Reason, ...]:
    counts = Counter(refusal for refused in refusals for refusal in refused or (Refusal.TAKEN,))
    return tuple(Reason(refusal, count) for refusal, count in counts.most_common())


def _check_pins(
    mentees: Sequence[Mentee],
    teachers: Sequence[Teacher],
    pins: Mapping[Hashable, Hashable],
    forbidden: Collection[Pair],
) -> Mapping[Hashable, Hashable]:
    known_mentees = {mentee.ident: mentee for mentee in mentees}
    known_teachers = {teacher.ident: teacher for teacher in teachers}
    if len(known_mentees) != len(mentees) or len(known_teachers) != len(teachers):
        raise ValueError("A mentee or a teacher is in the round twice.")
    used: Counter[Hashable] = Counter()
    for mentee_ident, teacher_ident in pins.items():
        mentee, teacher = known_mentees.get(mentee_ident), known_teachers.get(teacher_ident)
        if mentee is None or teacher is None:
            raise ImpossiblePin(mentee_ident, teacher_ident)
        used[teacher_ident] += 1
        refusals = hard_refusals(mentee, teacher, forbidden)
        if used[teacher_ident] > teacher.free and Refusal.NO_CAPACITY not in refusals:
            refusals.append(Refusal.NO_CAPACITY)
        if refusals:
            raise ImpossiblePin(mentee_ident, teacher_ident, refusals)
    return pins


def _assign(
    teachers: Sequence[Teacher],
    pieces: Sequence[Sequence[tuple[Piece, ...]]],
    taken: Counter[Hashable],
    settings: PairingSettings,
) -> list[int | None]:
    """The column of `teachers` for each row of `pieces` (an empty tuple = refused), None = unmatched.

    Columns: every free place of every teacher, then one dummy per mentee. Pins already hold a teacher's first, cheapest
    places. A dummy costs more than all pairs together, so nobody is left out to improve the others; a refused pair
    costs more than a dummy, of which there is always one free, so it is never chosen.
    """
    from scipy.optimize import linear_sum_assignment  # slow to import: when a round is solved, not at each start

    count = len(pieces)
    slots = [
        (column, settings.load_surcharge * (teacher.load + place))
        for column, teacher in enumerate(teachers)
        for place in range(taken[teacher.ident], min(teacher.free, taken[teacher.ident] + count))
    ]
    surcharges = np.array([surcharge for _, surcharge in slots])
    unmatched = 1 + count * (1 + surcharges.max(initial=0.0))
    by_teacher = _pair_costs(pieces, len(teachers), refused=2 * unmatched)
    slot_costs = by_teacher[:, [column for column, _ in slots]] + surcharges
    costs = np.hstack([slot_costs, np.full((count, count), unmatched)])
    return [slots[column][0] if column < len(slots) else None for column in linear_sum_assignment(costs)[1]]


def _pair_costs(pieces: Sequence[Sequence[tuple[Piece, ...]]], width: int, *, refused: float) -> NDArray[np.float64]:
    costs = [[1 - _score(pair) if pair else refused for pair in row] for row in pieces]
    return np.array(costs, dtype=float).reshape(len(pieces), width)
