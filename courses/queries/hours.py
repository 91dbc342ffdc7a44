"""Learning hours of a year by kind, in class hours of 45 minutes: courses, training sessions, training elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from courses import permissions
from courses.models import Attendance, Enrolment, HoursTarget, PastTraining
from training.people.models import Department, User
from training.people.models.staff import UserQuerySet

from .targets import targets_of, with_targets

CLASS_HOUR = 45
"""Minutes."""
TENTH = Decimal("0.1")
NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=8, decimal_places=2)
Kind = HoursTarget.Kind


@dataclass(frozen=True)
class HoursFilter:
    """Whose hours of which year. `state` is short (of the target), met or empty for all."""

    year: int
    words: str = ""
    department: Department | None = None
    state: str = ""


@dataclass(frozen=True)
class KindHours:
    """Class hours of one kind, and how many are asked (0: none in particular)."""

    kind: str
    hours: Decimal
    target: int

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)


@dataclass(frozen=True)
class Hours:
    """Somebody's class hours of a year, by kind and in all, and what is asked of them."""

    kinds: list[KindHours]
    total: Decimal
    target: int

    @property
    def is_met(self) -> bool:
        return self.total >= self.target and all(one.hours >= one.target for one in self.kinds)

    @property
    def missing(self) -> Decimal:
        """How many hours are missing of those asked in all."""
        return max(self.target - self.total, Decimal(0))

    def of_kind(self, kind: str) -> Decimal:
        return next(one.hours for one in self.kinds if one.kind == kind)

    @classmethod
    def of(cls, person: User) -> "Hours":
        """Return the hours of somebody from `with_hours`."""
        elsewhere, asked = Decimal(getattr(person, "past_hours", 0)).quantize(TENTH), targets_of(person)
        minutes = {kind: getattr(person, name) for kind, name in MINUTES.items()}
        found = {**{kind: in_class_hours(n) for kind, n in minutes.items()}, Kind.ELSEWHERE: elsewhere}
        kinds = [KindHours(kind, found[kind], asked[kind]) for kind in Kind]
        return cls(kinds, in_class_hours(sum(minutes.values())) + elsewhere, asked[""])


MINUTES = {Kind.COURSES: "course_minutes", Kind.CLASSROOM: "classroom_minutes", Kind.MORNING: "morning_minutes"}


@dataclass(frozen=True)
class DepartmentHours:
    """A department's people of the list: how many, their mean, how many have what is asked."""

    department: str
    people: int
    mean: Decimal
    met: int


def in_class_hours(minutes: int) -> Decimal:
    """Return minutes as class hours, to a tenth."""
    return (Decimal(minutes) / CLASS_HOUR).quantize(TENTH, ROUND_HALF_UP)


def with_hours(people: UserQuerySet, year: int, *, today: date) -> UserQuerySet:
    """Bring each person's minutes by kind, `past_hours`, all of them as `class_hours`, and what is asked of them.

    A session that counts as a lesson is told with the course as soon as that is finished, and not twice.
    """
    done = Enrolment.objects.filter(person=OuterRef("pk"), completed_at__year=year)
    past = PastTraining.objects.filter(person=OuterRef("pk"), day__year=year)
    finished = Enrolment.objects.filter(
        person=OuterRef("person"), course=OuterRef("session__unit__course"), completed_at__isnull=False
    )
    there = Attendance.objects.filter(person=OuterRef("pk"), session__starts_at__year=year).exclude(Exists(finished))
    people = people.annotate(
        course_minutes=_summed(done, "version__minutes"),
        classroom_minutes=_summed(there.filter(session__kind="classroom"), "minutes"),
        morning_minutes=_summed(there.filter(session__kind="morning"), "minutes"),
        past_hours=Coalesce(_sum(past, "hours"), Value(Decimal(0)), output_field=NUMBER),
    )
    all_minutes = F("course_minutes") + F("classroom_minutes") + F("morning_minutes")
    people = people.annotate(class_hours=_number(_hours(all_minutes) + F("past_hours")))
    return with_targets(people, year, day=min(today, date(year, 12, 31)))


def hours_list(viewer: User, wanted: HoursFilter, *, today: date) -> UserQuerySet:
    """Return the active staff the viewer watches with their hours, by department and number."""
    people = permissions.watched_staff(viewer, today=today).active().found_by(wanted.words)
    if wanted.department is not None:
        people = people.filter(department__in=Department.objects.within([wanted.department.path]))
    found = with_hours(people, wanted.year, today=today)
    if wanted.state == "short":
        found = found.exclude(_met())
    elif wanted.state == "met":
        found = found.filter(_met())
    return found.select_related("department").order_by("department__path", "staff_number")


def by_department(people: UserQuerySet) -> Iterator[DepartmentHours]:
    """Yield one line for each department of the list (one query)."""
    for name, group in groupby(people.iterator(chunk_size=1000), key=lambda person: str(person.department or "")):
        hours = [Hours.of(person) for person in group]
        mean = (sum((one.total for one in hours), Decimal(0)) / len(hours)).quantize(TENTH, ROUND_HALF_UP)
        yield DepartmentHours(name, len(hours), mean, sum(one.is_met for one in hours))


def own_hours(person: User, year: int, *, today: date) -> Hours:
    """Return somebody's own hours of the year."""
    return Hours.of(with_hours(User.objects.filter(pk=person.pk), year, today=today).get())


def _met() -> Q:
    """Return the condition that all targets are met: as soon as they are shown as met, rounded to a tenth."""
    short = TENTH / 2
    met = Q(class_hours__gte=F("target_all") - short)
    for kind, name in MINUTES.items():
        met &= Q(**{f"{name}__gte": (F(f"target_{kind}") - short) * CLASS_HOUR})
    return met & Q(past_hours__gte=F("target_elsewhere") - short)


def _sum(rows: "QuerySet[Any]", name: str) -> Subquery:
    per_person = rows.order_by().values("person").annotate(n=Sum(name))
    return Subquery(per_person.values("n"))


def _summed(rows: "QuerySet[Any]", name: str) -> Coalesce:
    return Coalesce(_sum(rows, name), Value(0))


def _hours(minutes: Any) -> Any:
    return minutes * Value(Decimal(1)) / Value(Decimal(CLASS_HOUR))


def _number(value: Any) -> ExpressionWrapper:
    return ExpressionWrapper(value, output_field=NUMBER)
