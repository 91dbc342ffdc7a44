"""Learning paths, and how far somebody is in them: worked out from what they learn, never stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from courses.models import Assignment, Course, CourseVersion, Enrolment, LearningPath, PathStep, TrainingRequirement
from courses.rules import Stage, Standing, expires_on, standings
from training.people.models import User

from .required import Who, newest_title

COUNTED = frozenset({"done", "learning", "open", "waits"})


@dataclass(frozen=True)
class StepState:
    """A step as one person has it; `course` has its `newest` title and `minutes`, so have those it waits for."""

    step: PathStep
    course: Course
    state: str
    waits_for: list[Course]


@dataclass(frozen=True)
class PathState:
    """A path as one person has it. Steps nobody can begin any more are not counted."""

    path: LearningPath
    steps: list[StepState]

    @property
    def required(self) -> int:
        return sum(one.step.is_required and one.state in COUNTED for one in self.steps)

    @property
    def done(self) -> int:
        return sum(one.step.is_required and one.state == "done" for one in self.steps)

    @property
    def is_done(self) -> bool:
        return bool(self.required) and self.done == self.required

    @property
    def is_begun(self) -> bool:
        return any(one.state in ("done", "learning") for one in self.steps)

    @property
    def minutes(self) -> int:
        """Minutes all the required courses take."""
        counted = (one.course for one in self.steps if one.step.is_required and one.state in COUNTED)
        return sum(course.minutes or 0 for course in counted)  # type: ignore[attr-defined]  # annotated

    @property
    def next(self) -> StepState | None:
        """What to go on with: what is begun, else the first required course open, else an optional one."""
        begun = [one for one in self.steps if one.state == "learning"]
        ready = sorted((one for one in self.steps if one.state == "open"), key=lambda one: not one.step.is_required)
        return next(iter([*begun, *ready]), None)


def path_states(paths: "QuerySet[LearningPath]", person: User, *, today: date) -> list[PathState]:
    """Return the paths as the person has them (six queries, however many paths and steps)."""
    found = list(paths.select_related("position").prefetch_related("steps"))
    steps = {path.pk: list(path.steps.all()) for path in found}
    before = _before({step.course_id for rows in steps.values() for step in rows})
    courses = _courses({*before, *(one for many in before.values() for one in many)})
    standing = _Standing.of(person, courses, today=today)
    states = []
    for path in found:
        stages = [
            Stage(step.course_id, before[step.course_id], step.is_required, courses[step.course_id].is_offered)
            for step in steps[path.pk]
        ]
        pairs = zip(steps[path.pk], standing.at(stages), strict=True)
        states.append(PathState(path, [_state(step, one, courses) for step, one in pairs]))
    return states


def paths_with(course: Course) -> "QuerySet[LearningPath]":
    """Return the paths on offer in which the course stands."""
    return LearningPath.objects.filter(is_offered=True, steps__course=course)


@dataclass(frozen=True)
class LeftOut:
    """Required steps that asking for a path makes no rule of: asked of these people already, and not on offer."""

    asked: list[PathStep]
    away: list[PathStep]


def left_out(path: LearningPath, who: Who) -> LeftOut:
    """Return what `steps_to_ask` leaves out, each step with the `newest` title of its course."""
    asking = {step.pk for step in steps_to_ask(path, who)}
    rows = path.steps.filter(is_required=True).exclude(pk__in=asking).select_related("course").order_by("order")
    steps = list(rows.annotate(newest=newest_title("course")))
    return LeftOut(
        [step for step in steps if step.course.is_offered], [step for step in steps if not step.course.is_offered]
    )


def steps_to_ask(path: LearningPath, who: Who) -> list[PathStep]:
    """Return the required steps, each with the `newest` title of its course, that can be asked of `who`.

    Left out are courses nobody can begin, and those a running rule asks of just these people already.
    """
    rows = path.steps.filter(is_required=True, course__is_offered=True).select_related("course")
    if not who.people:
        conditions = {name: getattr(who, name) for name in ("department", "position", "matter", "entrustment")}
        same = Assignment.objects.running().filter(course=OuterRef("course"), people=None, **conditions)
        rows = rows.filter(~Exists(same))
    return list(rows.annotate(newest=newest_title("course")).order_by("order"))


@dataclass(frozen=True)
class _Standing:
    """What one person has finished, has begun, and what of it counts for other courses."""

    done: frozenset[int]
    learning: frozenset[int]
    counting: frozenset[int]

    @classmethod
    def of(cls, person: User, courses: Mapping[int, Course], *, today: date) -> "_Standing":
        rows = Enrolment.objects.filter(person=person, course__in=courses).values_list("course", "completed_at")
        asked = TrainingRequirement.objects.open().filter(person=person, course__in=courses)
        asked_again = set(asked.values_list("course", flat=True))
        learning, counting = set(), set()
        for pk, at in rows:
            if at is None:
                learning.add(pk)
                continue
            months = courses[pk].valid_months
            if months is None or expires_on(timezone.localdate(at), months) >= today:
                counting.add(pk)
        return cls(frozenset(counting - asked_again - learning), frozenset(learning), frozenset(counting))

    def at(self, stages: Iterable[Stage]) -> list[Standing]:
        return standings(stages, done=self.done, learning=self.learning, counting=self.counting)


def _state(step: PathStep, standing: Standing, courses: Mapping[int, Course]) -> StepState:
    waits_for = [courses[pk] for pk in standing.waits_for]
    return StepState(step, courses[step.course_id], standing.state, waits_for)


def _before(courses: Iterable[int]) -> dict[int, list[int]]:
    """Return for each of the courses which ones it asks for."""
    wanted: dict[int, list[int]] = defaultdict(list, {pk: [] for pk in courses})
    edges = Course.prerequisites.through.objects.filter(from_course__in=list(wanted)).order_by("pk")
    for asking, asked in edges.values_list("from_course", "to_course"):
        wanted[asking].append(asked)
    return wanted


def _courses(keys: Iterable[int]) -> dict[int, Course]:
    newest = CourseVersion.objects.filter(course=OuterRef("pk")).order_by("-number")
    rows = Course.objects.annotate(newest=newest_title("pk"), minutes=Subquery(newest.values("minutes")[:1]))
    return rows.in_bulk(list(keys))
