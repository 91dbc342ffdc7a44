"""Reads of required training: whom a rule covers, what is asked of whom, and what of it is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from courses import permissions
from courses.models import Assignment, Course, CourseVersion, Enrolment, TrainingRequirement
from courses.rules import expires_on, is_renewable
from training.authorisations.models import Authorisation, Entrustment
from training.matters.models import ServiceMatter, WindowMatter
from training.people.models import Department, Position, Posting, User
from training.people.models.staff import UserQuerySet

State = TrainingRequirement.State


@dataclass(frozen=True)
class Who:
    """Whom a rule covers: everybody for whom all conditions hold, as `Assignment` says."""

    department: Department | None = None
    position: Position | None = None
    matter: ServiceMatter | None = None
    entrustment: int | None = None
    people: Sequence[User] = field(default_factory=tuple)

    @classmethod
    def of(cls, rule: Assignment) -> "Who":
        return cls(rule.department, rule.position, rule.matter, rule.entrustment, list(rule.people.all()))

    def __str__(self) -> str:
        """Say in words whom it covers."""
        parts = [str(self.department) if self.department else gettext("The whole centre")]
        if self.position:
            parts.append(str(self.position))
        if self.entrustment:
            level = Entrustment(self.entrustment).label
            told = gettext("authorised for %(matter)s at “%(level)s” or more") if self.matter else None
            told = told or gettext("authorised for any matter at “%(level)s” or more")
            parts.append(told % {"matter": self.matter, "level": level})
        elif self.matter:
            parts.append(gettext("serves %(matter)s") % {"matter": self.matter})
        if self.people:
            parts.append(pgettext("between words of a list", ", ").join(map(str, self.people)))
        return " · ".join(parts)


def covered(who: Who, *, today: date) -> UserQuerySet:
    """Return the active staff a rule covers on `today`."""
    people = User.objects.active()
    posted = Posting.objects.on(today)
    if who.department is not None:
        below = Department.objects.within([who.department.path])
        people = people.filter(Q(department__in=below) | Q(pk__in=posted.filter(department__in=below).values("person")))
    if who.position is not None:
        people = people.filter(pk__in=posted.filter(position=who.position).values("person"))
    if who.entrustment is not None:
        held = Authorisation.objects.effective_on(today).filter(entrustment__gte=who.entrustment)
        people = people.filter(pk__in=(held.filter(matter=who.matter) if who.matter else held).values("person"))
    elif who.matter is not None:
        windows = WindowMatter.objects.on(today).filter(matter=who.matter).values("window")
        people = people.filter(pk__in=posted.filter(window__in=windows).values("person"))
    if who.people:
        people = people.filter(pk__in=[person.pk for person in who.people])
    return people


def finished(course: Course, *, since: datetime | None = None) -> "QuerySet[Enrolment]":
    """Return the completions of a course, whether they still count or not; from `since` on where it is given."""
    done = Enrolment.objects.filter(course=course, completed_at__isnull=False)
    return done.filter(completed_at__gte=since) if since else done


def expiries(course: Course, *, person: User | None = None) -> dict[int, date]:
    """Return for each person who finished the course the last day that counts; nobody where it counts for ever."""
    if not course.valid_months:
        return {}
    done = finished(course) if person is None else finished(course).filter(person=person)
    latest = done.values("person").annotate(at=Max("completed_at")).values_list("person", "at")
    return {pk: expires_on(timezone.localdate(at), course.valid_months) for pk, at in latest}


def counting(course: Course, *, today: date, since: datetime | None = None, person: User | None = None) -> set[int]:
    """Return who has finished the course so that it need not be done again yet."""
    done = finished(course, since=since)
    done = done if person is None else done.filter(person=person)
    ending = expiries(course, person=person)
    renewable = {pk for pk, day in ending.items() if is_renewable(day, today)}
    return set(done.values_list("person", flat=True)) - renewable


@dataclass(frozen=True)
class Foreseen:
    """What a rule would do on the day it is made, in numbers of people."""

    covered: int
    finished: int
    asked_already: int

    @property
    def new(self) -> int:
        return self.covered - self.finished - self.asked_already


def foreseen(course: Course, who: Who, *, today: date, is_anew: bool) -> Foreseen:
    """Return how many a rule made today would cover, and how many of them need nothing new (five queries at most)."""
    people = covered(who, today=today)
    has_line = Exists(TrainingRequirement.objects.open().filter(course=course, person=OuterRef("pk")))
    done = set() if is_anew else counting(course, today=today)
    without = set(people.filter(~has_line).values_list("pk", flat=True))
    return Foreseen(people.count(), len(without & done), people.filter(has_line).count())


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list, with how many lines of those the viewer watches are open, late and done."""

    rule: Assignment
    title: dict[str, str]
    may_end: bool

    @property
    def who(self) -> Who:
        return Who.of(self.rule)


def rules_list(viewer: User, *, today: date, ended: bool = False) -> "QuerySet[Assignment]":
    """Return the rules the viewer sees, newest first, with `open_lines`, `late_lines`, `done_lines` counted."""
    people = permissions.watched_staff(viewer, today=today).values("pk")
    theirs = Q(requirements__person__in=people)
    still = theirs & Q(requirements__state=State.OPEN)
    return (
        permissions.rules_seen(viewer)
        .filter(ended_at__isnull=not ended)
        .select_related("course", "department", "position", "matter", "made_by")
        .prefetch_related("people")
        .annotate(
            title=newest_title("course"),
            open_lines=Count("requirements", filter=still),
            late_lines=Count("requirements", filter=still & Q(requirements__due_on__lt=today)),
            done_lines=Count("requirements", filter=theirs & Q(requirements__state=State.DONE)),
        )
        .order_by("-made_at", "-pk")
    )


def rule_rows(rules: Iterable[Assignment], viewer: User) -> list[RuleRow]:
    """Return one page of rules as the list shows them."""
    page = list(rules)
    kept = set(permissions.rules_kept(viewer).filter(pk__in=[rule.pk for rule in page]).values_list("pk", flat=True))
    return [RuleRow(rule, rule.title, rule.pk in kept) for rule in page]  # type: ignore[attr-defined]  # annotated


@dataclass(frozen=True)
class LineFilter:
    """What of required training is listed. `state` is late (the usual), open, done, waived, lapsed or all."""

    words: str = ""
    department: Department | None = None
    course: Course | None = None
    rule: Assignment | None = None
    state: str = "late"


def lines(viewer: User, wanted: LineFilter, *, today: date) -> "QuerySet[TrainingRequirement]":
    """Return what is asked of the people the viewer watches, the longest overdue first."""
    found = permissions.lines_seen(viewer, today=today)
    if wanted.words:
        found = found.filter(person__in=User.objects.found_by(wanted.words))
    if wanted.department is not None:
        found = found.filter(person__department__in=Department.objects.within([wanted.department.path]))
    if wanted.course is not None:
        found = found.filter(course=wanted.course)
    if wanted.rule is not None:
        found = found.filter(assignment=wanted.rule)
    if wanted.state == "late":
        found = found.open().filter(due_on__lt=today, person__is_active=True)
    elif wanted.state != "all":
        found = found.filter(state=wanted.state)
    begun = Enrolment.objects.filter(person=OuterRef("person"), course=OuterRef("course"), completed_at=None)
    return (
        found.select_related("person__department", "course", "assigned_by", "closed_by")
        .annotate(title=newest_title("course"), is_begun=Exists(begun))
        .order_by("due_on", "person__staff_number", "pk")
    )


def late_count(viewer: User, *, today: date) -> int:
    """Return how many lines of the people the viewer watches are late."""
    return lines(viewer, LineFilter(), today=today).order_by().count()


def titles(courses: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the title of the newest version of each course, by its key."""
    return dict(Course.objects.filter(pk__in=list(courses)).values_list("pk", newest_title("pk")))


def newest_title(course: str) -> Subquery:
    """Return the title of the newest version of the course named by the key, as texts by language."""
    newest = CourseVersion.objects.filter(course=OuterRef(course)).order_by("-number")
    return Subquery(newest.values("title")[:1])
