"""Reads of mentorships: cards for lists, and the matters of one with what is authorised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, Q
from django.utils.translation import gettext as _

from mentors import permissions
from mentors.models import CoachingSession, EntrustmentCase, Mentorship
from mentors.models.pairing import MentorshipQuerySet
from training.authorisations.queries import Scope, scope_on
from training.matters.models import ServiceMatter
from training.people.models import Posting, User

from .progress import OPENS_AT, Progress, observed_progress


@dataclass(frozen=True)
class Step:
    """A phase on the stepper: what it is, what opens it, whether it is "done", "current" or still to come."""

    title: str
    note: str
    state: str


@dataclass(frozen=True)
class Card:
    """A mentorship as lists show it."""

    mentorship: Mentorship
    posting: Posting | None
    progress: Progress
    sessions: int
    waiting: int
    last_at: datetime | None

    @property
    def mentee(self) -> User:
        return self.mentorship.mentee

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.mentorship, self.progress)


@dataclass(frozen=True)
class MatterState:
    """A matter of a mentorship: what the mentee is entrusted with today, and the sign-off that is open."""

    matter: ServiceMatter
    scope: Scope | None
    open_case: EntrustmentCase | None
    refused: bool


def steps_of(mentorship: Mentorship, progress: Progress) -> list[Step]:
    """Return the four phases, with what was observed at the current one."""
    order = list(Mentorship.Phase)
    place = order.index(Mentorship.Phase(mentorship.phase))
    steps = []
    for number, phase in enumerate(order):
        note = ""
        if number == place and progress.observed:
            note = _("%(acceptable)s of %(observed)s criteria") % vars(progress)
        elif number > place:
            note = _("opens at %(percent)s %%") % {"percent": OPENS_AT[phase]}
        ended = mentorship.outcome == Mentorship.Outcome.COMPLETED
        state = "done" if number < place or ended else "current" if number == place else ""
        steps.append(Step(str(phase.label), note, state))
    return steps


def cards(mentorships: Iterable[Mentorship] | MentorshipQuerySet, *, today: date) -> list[Card]:
    """Return the mentorships as cards, in their order (six queries, however many)."""
    page = [row.pk for row in mentorships]
    postings = Posting.objects.on(today).own().select_related("position", "window")
    rows = (
        Mentorship.objects.filter(pk__in=page)
        .select_related("mentee", "teacher__person")
        .prefetch_related("matters", Prefetch("mentee__postings", postings, to_attr="postings_then"))
        .in_bulk()
    )
    progress = observed_progress(page)
    facts = {
        row["mentorship"]: row
        for row in CoachingSession.objects.standing()
        .filter(mentorship__in=page)
        .values("mentorship")
        .annotate(count=Count("pk"), waiting=Count("pk", filter=Q(countersigned_at=None)), last=Max("held_at"))
    }
    nothing: dict[str, Any] = {"count": 0, "waiting": 0, "last": None}
    return [
        Card(
            mentorship=rows[pk],
            posting=next(iter(rows[pk].mentee.postings_then), None),
            progress=progress[pk],
            sessions=(found := facts.get(pk, nothing))["count"],
            waiting=found["waiting"],
            last_at=found["last"],
        )
        for pk in page
    ]


def taught_by(person: User) -> MentorshipQuerySet:
    """Return the running mentorships somebody teaches, those of longest standing first."""
    return Mentorship.objects.running().filter(teacher__person=person).order_by("starts_on", "pk")


def learnt_by(person: User) -> MentorshipQuerySet:
    """Return the mentorship in which somebody learns now; one at most."""
    return Mentorship.objects.running().filter(mentee=person)


def ended_with(person: User) -> MentorshipQuerySet:
    """Return the ended mentorships somebody had a part in, the latest first."""
    mine = Mentorship.objects.filter(Q(mentee=person) | Q(teacher__person=person))
    return mine.exclude(ended_on=None).select_related("mentee", "teacher__person").order_by("-ended_on", "-pk")


def overseen_by(viewer: User, *, today: date) -> MentorshipQuerySet:
    """Return the running mentorships that `viewer` sees by role alone, those without an answer first."""
    visible = permissions.visible_mentorships(viewer, today=today).running()
    others = visible.exclude(teacher__person=viewer).exclude(mentee=viewer)
    return others.order_by("mentee__staff_number", "pk")


def matter_states(mentorship: Mentorship, *, today: date) -> list[MatterState]:
    """Return the matters of a mentorship with what is signed off (four queries)."""
    held = {scope.matter.pk: scope for scope in scope_on(person=mentorship.mentee, day=today)}
    cases = list(mentorship.cases.order_by("opened_at"))
    open_cases = {case.matter_id: case for case in cases if case.state == EntrustmentCase.State.OPEN}
    latest = {case.matter_id: case.state for case in cases}
    return [
        MatterState(
            matter,
            held.get(matter.pk),
            open_cases.get(matter.pk),
            refused=latest.get(matter.pk) == EntrustmentCase.State.REFUSED,
        )
        for matter in mentorship.matters.order_by("code")
    ]
