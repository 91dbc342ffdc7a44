"""Rounds of pairing: opening, solving, pinning and ruling out, publishing."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from django.db import transaction
from django.utils.translation import gettext as _

from mentors import rules
from mentors.models import PairingRound, Proposal, Teacher
from mentors.queries.candidates import Candidates, candidates
from mentors.words import REFUSALS
from training.matters.models import ServiceMatter
from training.operations.services import Actor, Event, record, record_many
from training.people.models import Department, User

from .errors import AlreadyDoneError, CoachingError
from .mentorships import propose

# No roster is kept and nobody states wishes yet: their weight goes to what is known.
WEIGHTS = rules.PairingSettings(gap=0.40, place=0.35, shifts=0.0, languages=0.10, wishes=0.0, teacher=0.15)


class PinImpossibleError(CoachingError):
    """A teacher was fixed who may not be; nothing was changed. `mentee` is the id of the person it is about."""

    def __init__(self, message: str, mentee: int) -> None:
        self.mentee = mentee
        super().__init__(message)


class OutOfDateError(CoachingError):
    """Since the round was solved, something changed that a proposal rests on."""


@dataclass(frozen=True)
class Choice:
    """What HR decided about one mentee: fix a teacher, rule one out, or clear everything decided before."""

    mentee: int
    verb: Literal["pin", "forbid", "clear"]
    teacher: int | None = None


@transaction.atomic
def open_round(
    *, name: str, matters: Iterable[ServiceMatter], department: Department | None = None, by: User, at: datetime
) -> PairingRound:
    """Open a round for the matters, over a department and all below it, None for the whole centre; not solved yet."""
    opened = PairingRound.objects.create(name=name, department=department, opened_by=by, opened_at=at)
    opened.matters.set(matters)
    after = {"name": name, "matters": sorted(opened.matters.values_list("code", flat=True))}
    record(action="mentors.round_opened", by=by, subject=opened, at=at, after=after)
    return opened


@transaction.atomic
def solve_round(
    *,
    round: PairingRound,  # noqa: A002 - the word for it; the builtin is not needed here
    choices: Sequence[Choice] = (),
    by: Actor,
    at: datetime,
    today: date,
) -> list[Proposal]:
    """Apply the choices, find the best pairs and write one proposal for each mentee, replacing those of before.

    Each has the pieces of its score, or the reasons why nobody fits. Raises `PinImpossibleError` when a fixed teacher
    breaks a hard rule and `AlreadyDoneError` once the round is published.
    """
    current = _lock(round)
    both = candidates(current, today=today)
    present = {mentee.ident for mentee in both.mentees}
    teachers = {teacher.person_id: teacher for teacher in Teacher.objects.select_related("person")}
    kept = {row.mentee_id: row for row in current.proposals.select_related("teacher").prefetch_related("forbidden")}
    pins = {mentee: row.teacher.person_id for mentee, row in kept.items() if row.pinned and row.teacher}
    forbidden = {(mentee, teacher.person_id) for mentee, row in kept.items() for teacher in row.forbidden.all()}
    for choice in choices:
        _apply(choice, pins, forbidden)
    # Whoever left the round since takes their pin along.
    pins = {mentee: teacher for mentee, teacher in pins.items() if mentee in present}
    solved = _solve(both, pins, forbidden)
    proposals = _replace(current, both, solved, teachers, forbidden)
    current.state, current.solved_at = PairingRound.State.SOLVED, at
    current.save(update_fields=["state", "solved_at"])
    round.state, round.solved_at = current.state, at
    _record_solving(current, choices, proposals, by, at)
    return proposals


@transaction.atomic
def publish_round(
    *,
    round: PairingRound,  # noqa: A002 - the word for it; the builtin is not needed here
    by: Actor,
    at: datetime,
    today: date,
) -> int:
    """Make a mentorship of every proposal with a teacher and ask both for their agreement; return how many.

    Raises `CoachingError` for a round that is not solved, `OutOfDateError` when a pair is not possible any more.
    """
    current = _lock(round)
    if current.state != PairingRound.State.SOLVED:
        raise CoachingError(_("Solve the round first, then publish it."))
    proposals = list(current.proposals.exclude(teacher=None).select_related("mentee").prefetch_related("matters"))
    # Two rounds published at once may not fill the same place twice.
    teachers = Teacher.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    by_id = teachers.in_bulk([row.teacher_id for row in proposals])
    pairs = [(row, by_id[row.teacher_id]) for row in proposals if row.teacher_id is not None]
    _require_still_possible(pairs, candidates(current, today=today))
    for proposal, teacher in pairs:
        propose(
            mentee=proposal.mentee,
            teacher=teacher,
            matters=proposal.matters.all(),
            proposal=proposal,
            by=by,
            at=at,
            today=today,
        )
    current.state, current.published_at = PairingRound.State.PUBLISHED, at
    current.save(update_fields=["state", "published_at"])
    round.state, round.published_at = current.state, at
    record(action="mentors.round_published", by=by, subject=current, at=at, after={"mentorships": len(pairs)})
    return len(pairs)


def _lock(pairing_round: PairingRound) -> PairingRound:
    current = PairingRound.objects.select_for_update(of=("self",)).select_related("department").get(pk=pairing_round.pk)
    if current.state == PairingRound.State.PUBLISHED:
        raise AlreadyDoneError(_("This round is published. Open another one for whoever is left."))
    return current


def _apply(choice: Choice, pins: dict[int, int], forbidden: set[tuple[int, int]]) -> None:
    """Change the pins and what is ruled out, in place, as HR decided."""
    if choice.verb == "clear":
        pins.pop(choice.mentee, None)
        forbidden.difference_update({pair for pair in forbidden if pair[0] == choice.mentee})
    elif choice.verb == "pin" and choice.teacher is not None:
        pins[choice.mentee] = choice.teacher
        forbidden.discard((choice.mentee, choice.teacher))
    elif choice.verb == "forbid" and choice.teacher is not None:
        forbidden.add((choice.mentee, choice.teacher))
        if pins.get(choice.mentee) == choice.teacher:
            del pins[choice.mentee]


def _solve(both: Candidates, pins: Mapping[int, int], forbidden: set[tuple[int, int]]) -> list[rules.Proposal]:
    fixed: dict[Hashable, Hashable] = dict(pins.items())
    try:
        return rules.solve_pairing(both.mentees, both.teachers, WEIGHTS, pins=fixed, forbidden=forbidden)
    except rules.ImpossiblePin as fault:
        mentee, teacher = _person(fault.mentee), _person(fault.teacher)
        names = User.objects.in_bulk([mentee, teacher])
        why = "; ".join(str(REFUSALS[refusal]) for refusal in fault.refusals) or _("not a career teacher now")
        message = _("%(teacher)s cannot coach %(mentee)s: %(why)s. Choose another teacher.") % {
            "teacher": names.get(teacher, "?"),
            "mentee": names.get(mentee, "?"),
            "why": why,
        }
        raise PinImpossibleError(message, mentee) from fault


def _replace(
    current: PairingRound,
    both: Candidates,
    solved: Sequence[rules.Proposal],
    teachers: dict[int, Teacher],
    forbidden: set[tuple[int, int]],
) -> list[Proposal]:
    """Write the proposals anew, with the matters of each mentee and the teachers ruled out for them."""
    current.proposals.all().delete()
    rows = Proposal.objects.bulk_create(
        Proposal(
            round=current,
            mentee_id=_person(one.mentee),
            teacher=teachers[_person(one.teacher)] if one.teacher is not None else None,
            score=one.score if one.teacher is not None else None,
            pieces=[piece._asdict() for piece in one.pieces if piece.weight],
            reasons=[reason._asdict() for reason in one.reasons],
            pinned=one.pinned,
        )
        for one in solved
    )
    ruled_out = defaultdict(set)
    for mentee, teacher in forbidden:
        if teacher in teachers:
            ruled_out[mentee].add(teachers[teacher].pk)
    matters = {_person(mentee.ident): sorted(cast("frozenset[int]", mentee.matters)) for mentee in both.mentees}
    learns, excludes = Proposal.matters.through, Proposal.forbidden.through
    learns.objects.bulk_create(
        learns(proposal=row, servicematter_id=pk) for row in rows for pk in matters[row.mentee_id]
    )
    excludes.objects.bulk_create(
        excludes(proposal=row, teacher_id=pk) for row in rows for pk in sorted(ruled_out[row.mentee_id])
    )
    return rows


def _require_still_possible(pairs: Sequence[tuple[Proposal, Teacher]], both: Candidates) -> None:
    mentees = {mentee.ident: mentee for mentee in both.mentees}
    teachers = {teacher.ident: teacher for teacher in both.teachers}
    places = {teacher.ident: teacher.free for teacher in both.teachers}
    for proposal, chosen in pairs:
        mentee, teacher = mentees.get(proposal.mentee_id), teachers.get(chosen.person_id)
        places[chosen.person_id] = places.get(chosen.person_id, 0) - 1
        full = places[chosen.person_id] < 0
        if mentee is None or teacher is None or full or rules.hard_refusals(mentee, teacher):
            raise OutOfDateError(
                _("Things have changed: %(teacher)s can no longer coach %(mentee)s. Solve the round again.")
                % {"teacher": chosen, "mentee": proposal.mentee}
            )


def _person(ident: Hashable) -> int:
    """Return the id of the person whom the rules name: they take any name, candidates are named by that."""
    return cast(int, ident)


def _record_solving(
    current: PairingRound, choices: Sequence[Choice], proposals: Sequence[Proposal], by: Actor, at: datetime
) -> None:
    after = {"mentees": len(proposals), "paired": sum(row.teacher_id is not None for row in proposals)}
    record(action="mentors.round_solved", by=by, subject=current, at=at, after=after)
    people = User.objects.in_bulk({choice.mentee for choice in choices})
    record_many(
        [
            Event(
                f"mentors.pairing_{choice.verb}",
                current,
                person=people.get(choice.mentee),
                after={"teacher": choice.teacher},
            )
            for choice in choices
        ],
        by=by,
        at=at,
    )
