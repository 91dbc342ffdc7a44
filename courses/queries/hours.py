"""Learning hours of a year: courses finished here and training taken elsewhere, in class hours of 45 minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.conf import settings
from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from courses import permissions
from courses.models import Enrolment, PastTraining
from training.people.models import Department, User
from training.people.models.staff import UserQuerySet

CLASS_HOUR = 45
"""Minutes."""
TENTH = Decimal("0.1")
NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=8, decimal_places=2)


@dataclass(frozen=True)
class HoursFilter:
    """Whose hours of which year. `state` is short (of the target), met or empty for all."""

    year: int
    words: str = ""
    department: Department | None = None
    state: str = ""


@dataclass(frozen=True)
class Hours:
    """Somebody's class hours of a year by kind, and what is asked of everybody."""

    courses: Decimal
    elsewhere: Decimal
    target: int

    @property
    def total(self) -> Decimal:
        return self.courses + self.elsewhere

    @property
    def is_met(self) -> bool:
        return self.total >= self.target

    @classmethod
    def of(cls, person: User) -> "Hours":
        """Return the hours of somebody from `with_hours`."""
        minutes, past = person.course_minutes, person.past_hours  # type: ignore[attr-defined]  # annotated
        return cls(in_class_hours(minutes), Decimal(past).quantize(TENTH), settings.LEARNING_HOURS_TARGET)


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


def with_hours(people: UserQuerySet, year: int) -> UserQuerySet:
    """Bring each person's `course_minutes` and `past_hours` of the year, and both as `class_hours`."""
    done = Enrolment.objects.filter(person=OuterRef("pk"), completed_at__year=year).order_by().values("person")
    past = PastTraining.objects.filter(person=OuterRef("pk"), day__year=year).order_by().values("person")
    people = people.annotate(
        course_minutes=Coalesce(Subquery(done.annotate(n=Sum("version__minutes")).values("n")), Value(0)),
        past_hours=Coalesce(
            Subquery(past.annotate(n=Sum("hours")).values("n")), Value(Decimal(0)), output_field=NUMBER
        ),
    )
    total = F("course_minutes") * Value(Decimal(1)) / Value(Decimal(CLASS_HOUR)) + F("past_hours")
    return people.annotate(class_hours=ExpressionWrapper(total, output_field=NUMBER))


def hours_list(viewer: User, wanted: HoursFilter, *, today: date) -> UserQuerySet:
    """Return the active staff the viewer watches with their hours, by department and number."""
    people = permissions.watched_staff(viewer, today=today).active().found_by(wanted.words)
    if wanted.department is not None:
        people = people.filter(department__in=Department.objects.within([wanted.department.path]))
    found = with_hours(people, wanted.year)
    target = settings.LEARNING_HOURS_TARGET - TENTH / 2  # met as soon as it is shown as met, rounded to a tenth
    if wanted.state == "short":
        found = found.filter(class_hours__lt=target)
    elif wanted.state == "met":
        found = found.filter(class_hours__gte=target)
    return found.select_related("department").order_by("department__path", "staff_number")


def by_department(people: UserQuerySet) -> Iterator[DepartmentHours]:
    """Yield one line for each department of the list (one query)."""
    for name, group in groupby(people.iterator(chunk_size=1000), key=lambda person: str(person.department or "")):
        hours = [Hours.of(person) for person in group]
        mean = (sum((one.total for one in hours), Decimal(0)) / len(hours)).quantize(TENTH, ROUND_HALF_UP)
        yield DepartmentHours(name, len(hours), mean, sum(one.is_met for one in hours))


def own_hours(person: User, year: int) -> Hours:
    """Return somebody's own hours of the year."""
    return Hours.of(with_hours(User.objects.filter(pk=person.pk), year).get())
