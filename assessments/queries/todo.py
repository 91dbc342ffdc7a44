"""What exams ask a person to do, for the desk."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from assessments.models import Attempt, Entitlement, Exam, Regrade
from assessments.permissions import MustWait, NotOpenYet, may_regrade
from training.lib.templatetags.words import moment
from training.lib.texts import text_in
from training.lib.todo import Todo
from training.people.models import Role, User

from .bank import sent_back, to_review
from .exams import ExamLine, exam_line
from .judging import waiting_for


@dataclass(frozen=True, slots=True)
class Sat:
    """An attempt as the next one asks of it (`permissions.Taken`)."""

    entitlement_id: int
    state: str
    passed: bool | None
    finished_at: datetime | None
    deadline: datetime


def todo(*, person: User, now: datetime) -> list[Todo]:
    """Return the attempt that runs, the exams that can be started, items to review, and exams that open later.

    One query for what one sits: each place with each attempt that used it, one row for a place that nothing has used;
    three more for examiners.
    """
    rows = (
        Entitlement.objects.filter(person=person)
        .select_related("exam", "session")
        .annotate(
            attempt=F("used_by__pk"),
            state=F("used_by__state"),
            deadline=F("used_by__deadline"),
            passed=F("used_by__passed"),
            finished_at=F("used_by__finished_at"),
        )
        .order_by("exam__code", "pk")
    )
    running, open_, later = [], [], []
    for _code, places in groupby(rows, key=lambda row: row.exam_id):
        granted = list(places)
        runs = next((row for row in granted if row.state == Attempt.State.OPEN), None)
        if runs:
            running.append(_running(runs.exam, runs.attempt, runs.deadline))
            continue
        taken = [Sat(row.pk, row.state, row.passed, row.finished_at, row.deadline) for row in granted if row.attempt]
        line = exam_line(granted[0].exam, list({row.pk: row for row in granted}.values()), taken, now)
        if not line.refusal:
            open_.append(_open(line))
        elif isinstance(line.refusal, MustWait) or (isinstance(line.refusal, NotOpenYet) and not taken):
            later.append(_later(line))
    return [*running, *open_, *_marking(person, now), *_regrades(person), *_of_the_bank(person), *later]


def _of_the_bank(person: User) -> list[Todo]:
    """Return what waits for an examiner: items of others to review, own ones that were sent back."""
    if Role.EXAMINER not in person.role_names:
        return []
    found = []
    if waiting := to_review(person).count():
        found.append(
            Todo(
                title=ngettext("Review %(n)d exam item", "Review %(n)d exam items", waiting) % {"n": waiting},
                why=gettext("Written by others; no paper takes them before somebody has read them."),
                url=f"{reverse('assessments:bank')}?show=review",
                action=gettext("Review"),
            )
        )
    if back := sent_back(person).count():
        found.append(
            Todo(
                title=ngettext("Change %(n)d exam item", "Change %(n)d exam items", back) % {"n": back},
                why=gettext("A reviewer sent it back with a remark."),
                url=f"{reverse('assessments:bank')}?show=back",
                action=gettext("Read the remark"),
            )
        )
    return found


def _regrades(person: User) -> list[Todo]:
    """Return the regrades a second examiner decides on: asked by others, moving no result of their own."""
    if Role.EXAMINER not in person.role_names:
        return []
    waiting = Regrade.objects.filter(state=Regrade.State.READY).exclude(asked_by=person)
    number = waiting.exclude(results__attempt__person=person).count()
    if not number or not may_regrade(person):
        return []
    return [
        Todo(
            title=ngettext("Decide on %(n)d regrade", "Decide on %(n)d regrades", number) % {"n": number},
            why=gettext("It waits for a second person. Read whose results it would move, then apply or discard it."),
            url=reverse("assessments:regrades"),
            action=gettext("Read it"),
        )
    ]


def _marking(person: User, now: datetime) -> list[Todo]:
    """Return what waits for a marker, as one thing to do; whoever is none is not asked."""
    if Role.MARKER not in person.role_names:
        return []
    number = waiting_for(person, at=now).count()
    if not number:
        return []
    title = ngettext("Mark %(n)d answer", "Mark %(n)d answers", number) % {"n": number}
    why = gettext("Somebody waits for the result.")
    return [Todo(title=title, why=why, url=reverse("assessments:marking"), action=gettext("Mark"))]


def _running(exam: Exam, attempt: int, deadline: datetime) -> Todo:
    return Todo(
        title=gettext("Go on with the exam: %(exam)s") % {"exam": text_in(exam.title)},
        why=gettext("The clock is running: ends %(when)s.") % {"when": moment(deadline)},
        url=reverse("assessments:attempt", args=[attempt]),
        action=gettext("Continue"),
        state="in_progress",
        due=timezone.localtime(deadline).date(),
        clock_runs=True,
    )


def _open(line: ExamLine) -> Todo:
    return Todo(
        title=gettext("Sit the exam: %(exam)s") % {"exam": text_in(line.exam.title)},
        why=text_in(line.why),
        url=reverse("assessments:exam", args=[line.exam.code]),
        action=gettext("Read the rules"),
        minutes=line.exam.minutes,
        due=timezone.localtime(line.until).date() if line.until else None,
        note=ngettext("%(n)d attempt left", "%(n)d attempts left", line.attempts_left) % {"n": line.attempts_left},
    )


def _later(line: ExamLine) -> Todo:
    return Todo(
        title=gettext("Sit the exam: %(exam)s") % {"exam": text_in(line.exam.title)},
        why=line.reason,
        url="",
        action="",
        state="blocked",
        minutes=line.exam.minutes,
    )
