"""How the state of a question and of an exam is said."""

import math
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from assessments.models import Attempt, AttemptPart, ExamPart, ItemVersion
from assessments.queries import ChosenLine, ExamLine, Line, PracticeLine
from training.lib.templatetags.words import moment

register = template.Library()


@register.filter
def question_name(line: Line) -> str:
    """Return what a link of the navigator is called: "Question 7, flagged, not answered"."""
    plain, flagged = {
        "answered": (gettext("Question {number}, answered"), gettext("Question {number}, flagged, answered")),
        "seen": (gettext("Question {number}, not answered"), gettext("Question {number}, flagged, not answered")),
        "unseen": (gettext("Question {number}, not seen"), gettext("Question {number}, flagged, not seen")),
    }[line.state]
    words = flagged if line.flagged else plain
    return words.format(number=line.position)


@register.filter
def time_left(seconds: float) -> str:
    """Return "1 h 12 min", "28 min" or "Time is up", as the script says it; a part of a minute counts as one."""
    minutes = math.ceil(seconds / 60)
    if minutes <= 0:
        return gettext("Time is up")
    if minutes >= 60:
        return gettext("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    return gettext("{minutes} min").format(minutes=minutes)


@register.filter
def part_time(part: AttemptPart | ExamPart) -> str:
    """Return how long a part takes: "20 min", or that it has what is left."""
    if part.minutes is None:
        return gettext("what is left of the exam's time")
    if extra := getattr(part, "extra_minutes", 0):
        words = gettext("{limit} min, and {extra} min of your own extra time")
        return words.format(limit=part.minutes, extra=extra)
    return gettext("{minutes} min").format(minutes=part.minutes)


@register.filter
def clock(value: datetime | None) -> str:
    """Return the time of day with seconds, in the centre's time: "10:42:07"."""
    return timezone.localtime(value).strftime("%H:%M:%S") if value else ""


@register.filter
def to_the_second(value: datetime | None) -> str:
    """Return day and time of day as `moment`, with seconds: "Mon 23 Nov, 10:42:07"."""
    return moment(value) + timezone.localtime(value).strftime(":%S") if value else ""


@register.filter
def start_task(line: ExamLine) -> dict[str, Any]:
    """Return an exam that can be started, or why not, as a row of a task list."""
    if line.reason:
        return {"title": line.exam, "why": line.reason, "minutes": line.exam.minutes, "state": "blocked"}
    left = ngettext("%(n)d attempt left", "%(n)d attempts left", line.attempts_left) % {"n": line.attempts_left}
    return {
        "title": line.exam,
        "why": left,
        "url": reverse("assessments:exam", args=[line.exam.code]),
        "minutes": line.exam.minutes,
        "due": line.until,
        "state": "not_started",
    }


@register.filter
def practice_task(line: PracticeLine) -> dict[str, Any]:
    """Return a practice exam as a row of a task list."""
    questions = ngettext("%(n)d question", "%(n)d questions", line.questions) % {"n": line.questions}
    times = ngettext("practised %(n)d time", "practised %(n)d times", line.done) % {"n": line.done}
    return {
        "title": line.exam,
        "why": gettext("%(first)s, %(second)s") % {"first": questions, "second": times} if line.done else questions,
        "url": reverse("assessments:exam", args=[line.exam.code]),
        "minutes": line.exam.minutes,
        "due": None,
        "state": "in_progress" if line.running else "not_started",
    }


@register.filter
def running_why(attempt: Attempt) -> str:
    """Return until when a running attempt can be worked on."""
    return gettext("The clock is running: ends %(when)s.") % {"when": moment(attempt.deadline)}


@register.filter
def percent(share: float | None) -> int:
    """Return a share from 0 to 1 in whole percent."""
    return round(100 * (share or 0))


@register.filter
def kind_name(kind: str) -> str:
    """Return the name of a kind of question."""
    return str(ItemVersion.Kind(kind).label)


@register.filter
def fault_name(line: ChosenLine) -> str:
    """Return why a chosen question cannot be asked."""
    names = {
        "not_live": gettext("not in use"),
        "too_early": gettext("not valid yet"),
        "runs_out": gettext("not valid as long as the exam is sat"),
    }
    return names.get(line.fault, "")


@register.filter
def seconds_spent(seconds: float) -> str:
    """Return seconds as minutes and seconds: "1:05"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
