"""What exams ask a person to do, for the desk."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from assessments.models import Attempt
from assessments.permissions import NotOpenYet
from training.lib.templatetags.words import moment
from training.lib.texts import text_in
from training.lib.todo import Todo
from training.people.models import User

from .exams import ExamLine, exam_list


def todo(*, person: User, now: datetime) -> list[Todo]:
    """Return the attempt that runs, the exams that can be started, and those with a place that open later.

    Three queries.
    """
    exams = exam_list(person, now=now)
    later = [line for line in exams.blocked if isinstance(line.refusal, NotOpenYet)]
    return [*map(_running, exams.running), *map(_open, exams.open), *map(_later, later)]


def _running(attempt: Attempt) -> Todo:
    return Todo(
        title=gettext("Go on with the exam: %(exam)s") % {"exam": text_in(attempt.exam.title)},
        why=gettext("The clock is running: ends %(when)s.") % {"when": moment(attempt.deadline)},
        url=reverse("assessments:attempt", args=[attempt.pk]),
        action=gettext("Continue"),
        state="in_progress",
        due=timezone.localtime(attempt.deadline).date(),
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
