"""Rules of required training: made, ended, and kept up to date as people come and go; and letting somebody off."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Assignment, Course, Enrolment, TrainingRequirement
from courses.queries.required import Who, counting, covered, expiries
from courses.rules import Ask, Changes, Line, changes_of, due_day
from training.lib.texts import Texts, in_each_language
from training.notices.services import notify_many
from training.operations.services import Actor, Event, record, record_many
from training.people.models import User

from .learning import NotOffered

AT_A_TIME = 1000
State, Lapse = TrainingRequirement.State, TrainingRequirement.Lapse
USUAL_WHY = {
    Assignment.Why.ONBOARDING: _("Everybody new in this work takes this course."),
    Assignment.Why.POLICY: _("A policy has changed; this course says what is different."),
    Assignment.Why.RECERTIFICATION: _("What you learned is to be renewed."),
    Assignment.Why.CASE: _("A case has shown what everybody should know."),
    Assignment.Why.GAP: _("It closes a gap in what your work asks for."),
}


class RequiringError(Exception):
    """An expected refusal, in a sentence for the user."""


@transaction.atomic
def make_rule(
    *,
    course: Course,
    kind: str,
    who: Who,
    by: User | None,
    at: datetime,
    why: Texts | None = None,
    due_on: date | None = None,
    due_days: int | None = None,
    is_anew: bool = False,
) -> Assignment:
    """Ask a course of everybody `who` covers, now and later: each gets a line of their own at once.

    Due on a day, or `due_days` after somebody comes under the rule. With `is_anew`, what was finished before does not
    count. Raises `NotOffered`, and `RequiringError` for a day that is past or a rule without a day.
    """
    if not course.is_offered or not course.versions.exists():
        raise NotOffered
    if (due_on is None) == (due_days is None):
        raise RequiringError(_("Give a day or a number of days, not both."))
    if due_on is not None and due_on < timezone.localdate(at):
        raise RequiringError(_("The day is past. Give one that leaves people time."))
    rule = Assignment.objects.create(
        course=course,
        kind=kind,
        why=dict(why or in_each_language(USUAL_WHY[Assignment.Why(kind)])),
        department=who.department,
        position=who.position,
        matter=who.matter,
        entrustment=who.entrustment,
        due_on=due_on,
        due_days=due_days,
        is_anew=is_anew,
        made_by=by,
        made_at=at,
    )
    rule.people.set(who.people)
    after = {"course": course.slug, "who": str(who), "due_on": due_on and due_on.isoformat(), "due_days": due_days}
    record(action="courses.rule_made", by=by or "build_demo", subject=rule, at=at, after=after)
    keep_up(at=at, courses=[course], by=by or "build_demo")
    return rule


@transaction.atomic
def end_rule(*, rule: Assignment, by: User, at: datetime) -> None:
    """Ask no more of anybody; who has begun keeps the line. Raises `RequiringError` when the rule has ended already."""
    ended = Assignment.objects.running().filter(pk=rule.pk).update(ended_at=at, ended_by=by)
    if not ended:
        raise RequiringError(_("This rule has ended already."))
    record(action="courses.rule_ended", by=by, subject=rule, at=at)
    keep_up(at=at, courses=[rule.course], by=by)


@transaction.atomic
def keep_up(
    *, at: datetime, courses: Iterable[Course] | None = None, person: User | None = None, by: Actor = "tick"
) -> Changes:
    """Bring the lines of all rules, or of some courses or one person, up to date; done again it changes nothing.

    Who has come under a rule gets a line and is told; whose rule no longer covers them loses a line not begun.
    Returns the changes of the last course.
    """
    changes = Changes()
    for course in _with_rules() if courses is None else courses:
        changes = _keep_course_up(course, person=person, by=by, at=at)
    return changes


@transaction.atomic
def keep_person_up(*, person: User, by: Actor, at: datetime) -> None:
    """Bring what rules ask of somebody up to date, who has come or moved."""
    keep_up(at=at, person=person, by=by)


@transaction.atomic
def waive(*, requirement: TrainingRequirement, reason: str, by: User, at: datetime) -> None:
    """Let somebody off what is asked, for a reason that stands on record; the same rule never asks it of them again.

    Raises `RequiringError` for a line that is not open, for one's own, and without a reason.
    """
    row = TrainingRequirement.objects.select_for_update(of=("self",)).select_related("person").get(pk=requirement.pk)
    if row.state != State.OPEN:
        raise RequiringError(_("Nothing is open here any more."))
    if row.person_id == by.pk:
        raise RequiringError(_("Nobody lets themselves off: ask HR or another head."))
    if not reason.strip():
        raise RequiringError(_("Give the reason; it stays on record."))
    row.state, row.waive_reason, row.closed_by, row.closed_at = State.WAIVED, reason.strip(), by, at
    row.save(update_fields=["state", "waive_reason", "closed_by", "closed_at"])
    record(action="courses.waived", by=by, subject=row, person=row.person, at=at, reason=row.waive_reason)


@transaction.atomic
def record_export(*, rows: int, query: str, file_format: str, by: User, at: datetime) -> None:
    """Record that `by` took the list of what is asked, by the filter of the address."""
    after = {"format": file_format, "filter": query, "rows": rows}
    record(action="courses.required_exported", by=by, subject=by, at=at, after=after)


@transaction.atomic
def record_hours_export(*, rows: int, year: int, query: str, file_format: str, by: User, at: datetime) -> None:
    """Record that `by` took the list of learning hours, by the filter of the address."""
    after = {"format": file_format, "year": year, "filter": query, "rows": rows}
    record(action="courses.hours_exported", by=by, subject=by, at=at, after=after)


def _with_rules() -> Iterable[Course]:
    """Return the courses that a rule asks for, or whose rule has left lines behind."""
    running = Assignment.objects.running().filter(course=OuterRef("pk"))
    left = TrainingRequirement.objects.open().filter(course=OuterRef("pk"), assignment__isnull=False)
    return Course.objects.filter(Exists(running) | Exists(left)).order_by("pk")


def _keep_course_up(course: Course, *, person: User | None, by: Actor, at: datetime) -> Changes:
    today = timezone.localdate(at)
    course = Course.objects.select_for_update().get(pk=course.pk)
    rules = {rule.pk: rule for rule in _running(course)}
    asked, settled = defaultdict(list), set()
    ending = expiries(course, person=person)
    for rule in rules.values():
        people = covered(Who.of(rule), today=today)
        if person is not None:
            people = people.filter(pk=person.pk)
        for pk in people.values_list("pk", flat=True):
            due = due_day(due_on=rule.due_on, due_days=rule.due_days, since=today, expires=ending.get(pk))
            asked[pk].append(Ask(rule.pk, due))
        settled |= {(pk, rule.pk) for pk in _settled(rule, person, today)}
    changes = changes_of(asked, _lines(course, person), settled)
    if not course.is_offered:
        changes.new.clear()
    _add(course, changes.new, rules, by=by, at=at)
    _change(changes.changed, rules, by=by, at=at)
    _lapse(changes.lapsed, by=by, at=at)
    return changes


def _running(course: Course) -> Iterable[Assignment]:
    rules = Assignment.objects.running().filter(course=course).order_by("pk")
    return rules.select_related("department", "position", "matter").prefetch_related("people")


def _settled(rule: Assignment, person: User | None, today: date) -> set[int]:
    """Return who needs no line of this rule: they finished the course and it counts, or somebody let them off.

    Whoever left the centre and comes back is asked again.
    """
    done = counting(rule.course, today=today, since=rule.made_at if rule.is_anew else None, person=person)
    let_off = rule.requirements.filter(state=State.WAIVED, closed_by__isnull=False)
    return done | set(let_off.values_list("person", flat=True))


def _lines(course: Course, person: User | None) -> Iterable[Line]:
    begun = Enrolment.objects.filter(person=OuterRef("person"), course=course, completed_at=None)
    rows = TrainingRequirement.objects.open().filter(course=course, person__is_active=True)
    rows = rows if person is None else rows.filter(person=person)
    for row in rows.annotate(is_begun=Exists(begun)).order_by("pk"):
        yield Line(row.pk, row.person_id, Ask(row.assignment_id, row.due_on), row.is_begun)


def _add(course: Course, new: dict[int, Ask], rules: dict[int, Assignment], *, by: Actor, at: datetime) -> None:
    if not new:
        return
    people = User.objects.in_bulk(new)
    rows = TrainingRequirement.objects.bulk_create(
        (
            TrainingRequirement(
                person=people[pk],
                course=course,
                assignment=rules[ask.rule],  # type: ignore[index]  # a new line is always a rule's
                why=rules[ask.rule].why,  # type: ignore[index]
                due_on=ask.due_on,
                assigned_by_id=rules[ask.rule].made_by_id,  # type: ignore[index]
                assigned_at=at,
            )
            for pk, ask in sorted(new.items())
        ),
        batch_size=AT_A_TIME,
    )
    record_many(
        [Event("courses.assigned", row, person=row.person, after={"due_on": str(row.due_on)}) for row in rows],
        by=by,
        at=at,
    )
    title = course.versions.order_by("-number").values_list("title", flat=True).first()
    notify_many(
        kind="course.assigned",
        facts={row.person_id: {"course": title or course.slug, "due_on": row.due_on} for row in rows},
        path=reverse("courses:course", args=[course.slug]),
        at=at,
    )


def _change(changed: dict[int, Ask], rules: dict[int, Assignment], *, by: Actor, at: datetime) -> None:
    rows, events = _rows(changed), []
    for row in rows:
        ask, before = changed[row.pk], {"due_on": str(row.due_on)}
        row.due_on = ask.due_on
        if ask.rule is not None:
            row.assignment, row.why = rules[ask.rule], rules[ask.rule].why
        after: dict[str, Any] = {"due_on": str(row.due_on)}
        events.append(Event("courses.due_changed", row, person=row.person, before=before, after=after))
    TrainingRequirement.objects.bulk_update(rows, ["due_on", "assignment", "why"], batch_size=AT_A_TIME)
    record_many(events, by=by, at=at)


def _lapse(lapsed: list[int], *, by: Actor, at: datetime) -> None:
    rows = _rows(lapsed)
    for row in rows:
        ended = row.assignment is not None and row.assignment.ended_at is not None
        row.state, row.closed_at = State.LAPSED, at
        row.lapsed_for = Lapse.RULE_ENDED if ended else Lapse.LEFT_RULE
    TrainingRequirement.objects.bulk_update(rows, ["state", "closed_at", "lapsed_for"], batch_size=AT_A_TIME)
    record_many(
        [Event("courses.lapsed", row, person=row.person, after={"why": row.lapsed_for}) for row in rows], by=by, at=at
    )


def _rows(keys: Iterable[int]) -> list[TrainingRequirement]:
    """Return the lines with their people and rules, some hundred a query."""
    found = TrainingRequirement.objects.select_related("person", "course", "assignment").in_bulk(list(keys))
    return [found[key] for key in sorted(found)]
