"""Reads of the catalogue, of one course as a person learns it, and of what somebody must do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from assessments.models import Exam
from assessments.queries import PracticeCard, practice_on
from courses.models import Course, CourseVersion, Enrolment, PastTraining, TrainingRequirement, UnitVersion
from training.lib.texts import text_in
from training.lib.todo import Todo
from training.people.models import User

from .terms import ComesFirst, comes_first


@dataclass(frozen=True)
class Practice:
    """A question to practise, and where its answer is sent."""

    card: PracticeCard
    address: str


@dataclass(frozen=True)
class Passage:
    """A block of a section with the clauses cited after it, to be read beside; a leading clause has no block.

    `place` is its number, from 1, in words: part of the ids on the page. `practice`: the questions of a block of them,
    None where they are not asked.
    """

    place: str
    block: dict[str, Any] | None
    clauses: list[dict[str, Any]]
    practice: list[Practice] | None = None

    @property
    def template(self) -> str:
        return f"courses/blocks/{self.block['type']}.html" if self.block else ""


def passages(section: dict[str, Any]) -> list[Passage]:
    """Return the section's blocks, each with the clauses cited after it."""
    found: list[Passage] = []
    for block in section["blocks"]:
        if block["type"] == "clause" and found:
            found[-1].clauses.append(block["value"])
        elif block["type"] == "clause":
            found.append(Passage(str(len(found) + 1), None, [block["value"]]))
        else:
            found.append(Passage(str(len(found) + 1), block, []))
    return found


@dataclass(frozen=True)
class UnitState:
    """A unit as one person has it: sections read of those it has."""

    unit: UnitVersion
    language: str

    @property
    def sections(self) -> list[dict[str, Any]]:
        return self.unit.sections_in(self.language)

    @property
    def said_in(self) -> str:
        """The language its sections are in: another than the reader's where the lesson is not translated."""
        told = self.unit.sections
        return self.language if told.get(self.language) else next((code for code in told if told[code]), self.language)

    @property
    def read_ids(self) -> list[str]:
        return self.unit.sections_done or []

    @property
    def read(self) -> int:
        return len(set(self.unit.section_ids()) & set(self.read_ids))

    @property
    def total(self) -> int:
        return len(self.unit.section_ids())

    @property
    def is_done(self) -> bool:
        return self.unit.done_at is not None

    @property
    def is_begun(self) -> bool:
        return self.read > 0

    @property
    def section(self) -> int:
        """Where to read on, from 1."""
        return min(self.unit.read_on_at or 1, self.total)

    def place_in(self, number: int) -> tuple[int, int]:
        """Return passage and line where to read on in section `number`: 0, 0 where another was read last."""
        if self.section != number:
            return 0, 0
        return self.unit.read_on_passage or 0, self.unit.read_on_line or 0

    @property
    def minutes_left(self) -> int:
        """Minutes the unread sections take, by their number, at least one while any is left; all where one attends."""
        if self.unit.is_classroom:
            return 0 if self.is_done else self.unit.minutes
        left = self.total - self.read
        return max(round(self.unit.minutes * left / self.total), 1) if left else 0


@dataclass(frozen=True)
class Outline:
    """A course as one person learns it: version, units with their state, and where to go on."""

    course: Course
    version: CourseVersion
    enrolment: Enrolment | None
    units: list[UnitState]

    @property
    def done(self) -> int:
        return sum(unit.is_done for unit in self.units)

    @property
    def minutes_left(self) -> int:
        return sum(unit.minutes_left for unit in self.units)

    @property
    def minutes_read(self) -> int:
        """For how many minutes the person had the lessons in sight."""
        return round(sum(unit.unit.seconds or 0 for unit in self.units) / 60)

    @property
    def next_unit(self) -> UnitState | None:
        """The unit last read if it is not done, else the first that is not; None when all are.

        What is learned in a classroom comes after what can be read now.
        """
        last = self.enrolment.last_unit_id if self.enrolment else None
        open_units = sorted((unit for unit in self.units if not unit.is_done), key=lambda one: one.unit.is_classroom)
        readable = [unit for unit in open_units if not unit.unit.is_classroom]
        return next((unit for unit in readable if unit.unit.pk == last), open_units[0] if open_units else None)


@dataclass(frozen=True)
class Asked:
    """What an open requirement says: by when the course must be finished, and why."""

    due_on: date
    why: dict[str, str]


@dataclass(frozen=True)
class CatalogueEntry:
    """A course on offer, and how far the person is in it."""

    outline: Outline
    asked: Asked | None
    asks_first: bool = False  # for other courses, finished or not

    @property
    def state(self) -> str:
        """One of new, learning, done."""
        enrolment = self.outline.enrolment
        return "new" if enrolment is None else "done" if enrolment.completed_at else "learning"


def catalogue(*, person: User, language: str) -> list[CatalogueEntry]:
    """Return the courses on offer and, on offer or not, those the person has begun (three queries)."""
    return _entries(person, Q(course__is_offered=True) | _begun_by(person), language)


def courses_of(person: User, versions: Iterable[int], language: str) -> list[CatalogueEntry]:
    """Return the courses on offer whose version that the person learns, or would begin, is one of these."""
    return _entries(person, Q(course__is_offered=True, pk__in=list(versions)), language)


def _entries(person: User, wanted: Q, language: str) -> list[CatalogueEntry]:
    """Return the courses that answer to `wanted`, each in the version the person learns."""
    asked = Q(course__requirements__person=person, course__requirements__state=TrainingRequirement.State.OPEN)
    before = Course.prerequisites.through.objects.filter(from_course=OuterRef("course"))
    versions = (
        _shown_to(person, wanted)
        .select_related("course__exam")
        .annotate(asked=FilteredRelation("course__requirements", condition=asked))
        .annotate(due_on=F("asked__due_on"), why=F("asked__why"), asks_first=Exists(before))
        .order_by("course__slug")
    )
    found = {version.course_id: version for version in versions}
    courses = [version.course for version in found.values()]
    entries = [
        CatalogueEntry(outline, _asked(version := found[outline.course.pk]), version.asks_first)
        for outline in _outlines(courses, found, _latest_enrolments(person, courses), language)
    ]
    return sorted(entries, key=_asked_first)


def _shown_to(person: User, wanted: Q) -> "QuerySet[CourseVersion]":
    """Return, of the courses that answer to `wanted`, the version the person learns, else the newest."""
    begun = Enrolment.objects.filter(person=person, course=OuterRef("course")).order_by("-enrolled_at")
    begun = begun.exclude(asked_anew(person))
    newest = CourseVersion.objects.filter(course=OuterRef("course")).order_by("-number")
    shown = Coalesce(Subquery(begun.values("version")[:1]), Subquery(newest.values("pk")[:1]))
    return CourseVersion.objects.filter(wanted, pk=shown)


def lessons_shown(person: User) -> "QuerySet[UnitVersion]":
    """Return the lessons of the courses in the person's catalogue, each with whether the person may read it.

    `is_learned` is so for a course they have begun; of others they are shown the lessons' titles alone.
    """
    versions = _shown_to(person, Q(course__is_offered=True) | _begun_by(person))
    learned = Enrolment.objects.filter(person=person, version=OuterRef("course_version")).exclude(asked_anew(person))
    return UnitVersion.objects.filter(course_version__in=versions.values("pk")).annotate(is_learned=Exists(learned))


def _asked(version: CourseVersion) -> Asked | None:
    return Asked(version.due_on, version.why) if version.due_on else None


def _begun_by(person: User) -> Q:
    return Q(course__in=Enrolment.objects.filter(person=person).values("course"))


def _asked_of(person: User) -> Q:
    """Leave out what is no longer on offer: nobody can begin it."""
    return Q(
        course__is_offered=True, course__in=TrainingRequirement.objects.open().filter(person=person).values("course")
    )


def _asked_first(entry: CatalogueEntry) -> tuple[date, bool]:
    return (entry.asked.due_on if entry.asked else date.max, entry.state == "done")


def outline(*, course: Course, person: User, language: str) -> Outline | None:
    """Return the course as the person learns it, or the newest version of it; None when none was ever published."""
    enrolments = _latest_enrolments(person, [course])
    enrolment = enrolments.get(course.pk)
    version = enrolment.version if enrolment else course.versions.order_by("-number").first()
    if version is None:
        return None
    (only,) = _outlines([course], {course.pk: version}, enrolments, language)
    return only


def practice_for(version: CourseVersion, *, now: datetime) -> list[Exam]:
    """Return the practice exams about what a course teaches."""
    return practice_on(version.competencies.values_list("pk", flat=True), now=now)


def open_requirements(person: User) -> list[TrainingRequirement]:
    """Return what the person must still finish, soonest first."""
    rows = TrainingRequirement.objects.open().filter(person=person)
    return list(rows.select_related("course").order_by("due_on"))


def todo(*, person: User, language: str, today: date) -> list[Todo]:
    """Return the courses the person must finish or has begun, as the desk lists them; no others are read.

    One that others come before leads to those.
    """
    todos = []
    entries = _entries(person, _begun_by(person) | _asked_of(person), language)
    may_wait = [one.outline.course for one in entries if one.asks_first and one.state == "new"]
    waiting = comes_first(may_wait, person, today=today) if may_wait else {}
    for entry in entries:
        if entry.state == "done" or (entry.state == "new" and entry.asked is None):
            continue
        todos.append(_to_finish(entry, waiting.get(entry.outline.course.pk)))
        if entry.outline.course.exam:
            todos.append(_exam_ahead(entry.outline))
    return todos


def _to_finish(entry: CatalogueEntry, first: ComesFirst | None) -> Todo:
    outline, asked, unit = entry.outline, entry.asked, entry.outline.next_unit
    learning = entry.state == "learning" and unit is not None
    url, action = reverse("courses:course", args=[outline.course.slug]), gettext("Begin")
    why = text_in(asked.why) if asked else gettext("You began this course.")
    if first:
        url, action = reverse("courses:course", args=[first.start.slug]), gettext("Go to what comes first")
        names = [text_in(getattr(one, "newest", None)) or one.slug for one in first.missing]
        titles = pgettext("between words of a list", ", ").join(names)
        why = gettext("First finish: %(titles)s. %(why)s") % {"titles": titles, "why": why}
    elif learning and unit and unit.unit.is_classroom:
        url, action = f"{url}#{unit.unit.unit.slug}", gettext("See when it is held")
    elif learning:
        url, action = reverse("courses:resume", args=[outline.course.slug]), gettext("Continue")
    return Todo(
        title=gettext("Finish the course: %(course)s") % {"course": text_in(outline.version.title)},
        why=why,
        url=url,
        action=action,
        state="in_progress" if learning else "not_started",
        minutes=outline.minutes_left,
        due=asked.due_on if asked else None,
        note=_place(outline) if learning else "",
    )


@dataclass(frozen=True)
class PastHours:
    """What somebody took before or outside, the newest first, and how many class hours that is."""

    records: list[PastTraining]

    @property
    def hours(self) -> Decimal:
        return sum((record.hours for record in self.records), Decimal(0))


def past_training(person: User) -> PastHours:
    """Return the training on record of the person that was not taken here."""
    return PastHours(list(PastTraining.objects.filter(person=person)))


def _exam_ahead(outline: Outline) -> Todo:
    left = len(outline.units) - outline.done
    why = ngettext(
        "Opens when you have finished the course (%(left)s lesson left)",
        "Opens when you have finished the course (%(left)s lessons left)",
        left,
    )
    return Todo(
        title=gettext("Sit the exam: %(exam)s") % {"exam": outline.course.exam},
        why=why % {"left": left},
        url="",
        action="",
        state="blocked",
        minutes=outline.course.exam.minutes,
    )


def _place(outline: Outline) -> str:
    return gettext("%(done)s of %(total)s lessons done") % {"done": outline.done, "total": len(outline.units)}


def asked_anew(person: User) -> Q:
    """Return the condition on enrolments of the person that are finished while the course is asked for once more."""
    asked = TrainingRequirement.objects.open().filter(person=person)
    return Q(completed_at__isnull=False, course__in=asked.values("course"))


def _latest_enrolments(person: User, courses: Iterable[Course]) -> dict[int, Enrolment]:
    rows = Enrolment.objects.filter(person=person, course__in=list(courses)).select_related("version")
    rows = rows.exclude(asked_anew(person))
    return {row.course_id: row for row in rows.order_by("enrolled_at")}


def _outlines(
    courses: list[Course], versions: dict[int, CourseVersion], enrolments: dict[int, Enrolment], language: str
) -> list[Outline]:
    units: dict[int, list[UnitState]] = {}
    for unit in units_of(versions.values(), enrolments.values()):
        units.setdefault(unit.course_version_id, []).append(UnitState(unit, language))
    return [
        Outline(course, version, enrolments.get(course.pk), units.get(version.pk, []))
        for course in courses
        for version in [versions[course.pk]]
    ]


def units_of(versions: Iterable[CourseVersion], enrolments: Iterable[Enrolment]) -> "QuerySet[UnitVersion]":
    """Return the units of the versions, each with how far the learner of the enrolments is in it (one query)."""
    # Among no enrolments Django would find no units either: an empty condition of a join empties the whole query.
    theirs = Q(unit__progress__enrolment__in=[enrolment.pk for enrolment in enrolments] or [0])
    return (
        UnitVersion.objects.filter(course_version__in=list(versions))
        .select_related("unit")
        .annotate(theirs=FilteredRelation("unit__progress", condition=theirs))
        .annotate(
            read_on_at=F("theirs__section"),
            read_on_passage=F("theirs__passage"),
            read_on_line=F("theirs__line"),
            seconds=F("theirs__seconds"),
            sections_done=F("theirs__sections_done"),
            done_at=F("theirs__done_at"),
        )
    )
