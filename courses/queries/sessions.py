"""Reads of training sessions: which there are, who is invited, who was there, what is still to be done about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses import permissions
from courses.models import Attendance, TrainingSession, UnitVersion
from training.lib.texts import text_in
from training.lib.todo import Todo
from training.people.models import Department, Section, User
from training.people.models.staff import UserQuerySet
from training.people.permissions import posted

AHEAD = timedelta(days=14)
"""How long before it begins a session stands among somebody's work."""
NAMED = 5
"""How many people are told by name before they are only counted."""


@dataclass(frozen=True)
class Audience:
    """For whom a session is, as `TrainingSession` says."""

    departments: Iterable[Department] = ()
    sections: Iterable[Section] = ()
    people: Iterable[User] = ()

    @classmethod
    def of(cls, session: TrainingSession) -> "Audience":
        return cls(list(session.departments.all()), list(session.sections.all()), list(session.people.all()))

    def __bool__(self) -> bool:
        return bool(self.departments or self.sections or self.people)

    def __str__(self) -> str:
        """Say in words whom it covers."""
        parts = [*map(str, self.departments), *map(str, self.sections)]
        named = list(self.people)
        if len(named) > NAMED:
            parts.append(gettext("%(n)d people by name") % {"n": len(named)})
        else:
            parts.extend(map(str, named))
        return " · ".join(parts)

    def condition(self, day: date) -> Q:
        """Return the condition on people whom it covers on that day."""
        below = Department.objects.within([one.path for one in self.departments])
        return (
            Q(department__in=below)
            | Q(pk__in=posted(department__in=below, today=day))
            | Q(pk__in=posted(section__in=[one.pk for one in self.sections], today=day))
            | Q(pk__in=[one.pk for one in self.people])
        )


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions are listed; `when` is coming (and not closed yet) or past."""

    when: str = "coming"
    kind: str = ""
    department: Department | None = None


def sessions_list(viewer: User, wanted: SessionFilter, *, now: datetime) -> "QuerySet[TrainingSession]":
    """Return the sessions the viewer sees with `there`, how many came: the next first, of past ones the latest."""
    found = permissions.sessions_seen(viewer, today=timezone.localdate(now))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.department is not None:
        step, path = wanted.department.steplen, wanted.department.path
        at_or_above = [path[:end] for end in range(step, len(path) + 1, step)]
        for_it = Q(departments__path__in=at_or_above) | Q(departments__path__startswith=path)
        found = found.filter(pk__in=TrainingSession.objects.filter(for_it).values("pk"))
    is_past = Q(ends_at__lt=now)
    found = found.filter(is_past) if wanted.when == "past" else found.exclude(is_past)
    order = ("-starts_at", "-pk") if wanted.when == "past" else ("starts_at", "pk")
    there = Count("attendances", filter=Q(attendances__state__in=Attendance.THERE))
    found = found.annotate(there=there).prefetch_related("departments", "sections", "people", "trainers")
    return found.order_by(*order)


def invited(session: TrainingSession) -> UserQuerySet:
    """Return the active staff a session invites."""
    day = timezone.localdate(session.starts_at)
    return User.objects.active().filter(Audience.of(session).condition(day))


def roll(session: TrainingSession, *, viewer: User, today: date, words: str = "") -> UserQuerySet:
    """Return who is invited or was marked, as far as `viewer` may see them, with `state`, `minutes`, `how`, `is_guest`.

    Who keeps the session sees everybody it is held for; others, whom they watch.
    """
    day = timezone.localdate(session.starts_at)
    awaited = Audience.of(session).condition(day)
    marked = Q(pk__in=session.attendances.values("person"))
    people = User.objects.filter((Q(is_active=True) & awaited) | marked)
    if not permissions.sessions_kept(viewer, today=today).filter(pk=session.pk).exists():
        people = people.filter(pk__in=permissions.watched_staff(viewer, today=today).values("pk"))
    return (
        people.found_by(words)
        .annotate(mark=FilteredRelation("attendances", condition=Q(attendances__session=session.pk)))
        .annotate(
            state=F("mark__state"),
            minutes=F("mark__minutes"),
            how=F("mark__how"),
            marked_at=F("mark__marked_at"),
            is_guest=ExpressionWrapper(~awaited, output_field=BooleanField()),
        )
        .select_related("department")
        .order_by("department__path", "staff_number")
    )


def counts(session: TrainingSession) -> dict[str, int]:
    """Return how many are in each state of attendance."""
    rows = session.attendances.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def is_full(session: TrainingSession) -> bool:
    """Tell whether every seat is taken; a session without a number of seats never is."""
    there = session.attendances.filter(state__in=Attendance.THERE)
    return session.capacity is not None and there.count() >= session.capacity


def title_of(session: TrainingSession) -> dict[str, str]:
    """Return the newest title of the lesson a session counts as; nothing without one."""
    newest = UnitVersion.objects.filter(unit=session.unit_id).order_by("-course_version__number")
    return newest.values_list("title", flat=True).first() or {} if session.unit_id else {}


def coming_of(person: User, *, since: datetime, today: date) -> "QuerySet[TrainingSession]":
    """Return the sessions that end after `since`, are not called off, and await the person, trainer or learner."""
    mine = permissions.invited_to(person, today=today) | Q(trainers=person)
    keys = TrainingSession.objects.filter(mine, cancelled_at=None, ends_at__gte=since).values("pk")
    return TrainingSession.objects.filter(pk__in=keys).order_by("starts_at", "pk")


def todo(*, person: User, now: datetime) -> list[Todo]:
    """Return what awaits the person in the next days, and the lists of theirs still open (two queries).

    Whoever is excused, or marked already, has nothing to do.
    """
    today = timezone.localdate(now)
    given = TrainingSession.trainers.through.objects.filter(trainingsession=OuterRef("pk"), user=person)
    marked = Attendance.objects.filter(session=OuterRef("pk"), person=person)
    mine = TrainingSession.objects.filter(permissions.invited_to(person, today=today)).values("pk")
    rows = TrainingSession.objects.filter(cancelled_at=None, closed_at=None, starts_at__lt=now + AHEAD)
    rows = rows.annotate(is_given=Exists(given), is_marked=Exists(marked)).order_by("starts_at", "pk")
    awaited = Q(pk__in=mine, is_marked=False, ends_at__gte=now)
    return [
        _awaited(row, now=now) if row.ends_at >= now else _unmarked(row)
        for row in rows.filter(awaited | Q(is_given=True))
    ]


def _unmarked(session: TrainingSession) -> Todo:
    return Todo(
        title=gettext("Close the attendance list: %(title)s") % {"title": text_in(session.title)},
        why=gettext("Attendance is not marked to the end yet."),
        url=reverse("courses:session", args=[session.pk]),
        action=gettext("Mark attendance"),
        due=timezone.localdate(session.ends_at) + timedelta(days=1),
    )


def _awaited(session: Any, *, now: datetime) -> Todo:
    begins = timezone.localtime(session.starts_at)
    told = gettext("Give the training: %(title)s") if session.is_given else gettext("Come to the training: %(title)s")
    return Todo(
        title=told % {"title": text_in(session.title)},
        why=gettext("Begins at %(time)s, %(room)s.") % {"time": f"{begins:%H:%M}", "room": session.room},
        url=reverse("courses:session", args=[session.pk]),
        action=gettext("Look at it"),
        minutes=session.minutes,
        due=begins.date(),
        not_before=begins.date(),
        clock_runs=session.starts_at <= now < session.ends_at,
    )
