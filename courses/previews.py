"""What a rule of required training would do, in sentences, before anybody confirms it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.lib.templatetags.words import day
from training.lib.texts import text_in

from .models import Assignment, Attendance, LearningPath, PathStep, TrainingSession
from .queries.paths import left_out, steps_to_ask
from .queries.required import Who, covered, foreseen, newest_title
from .queries.sessions import counts, invited
from .rules import LATE_COMERS_DAYS, due_day


def of_rule(facts: dict[str, Any], who: Who, *, today: date) -> Iterator[str]:
    """Tell how many people a rule covers, how many of them have something new to do, and by when."""
    numbers = foreseen(facts["course"], who, today=today, is_anew=facts["is_anew"])
    told = ngettext(
        "%(n)d person comes under the rule: %(who)s.", "%(n)d people come under the rule: %(who)s.", numbers.covered
    )
    yield told % {"n": numbers.covered, "who": who}
    if numbers.finished:
        told = ngettext(
            "%(n)d of them has finished the course already and has nothing to do.",
            "%(n)d of them have finished the course already and have nothing to do.",
            numbers.finished,
        )
        yield told % {"n": numbers.finished}
    if numbers.asked_already:
        told = ngettext(
            "%(n)d of them is asked for it already; the earlier day counts.",
            "%(n)d of them are asked for it already; the earlier day counts.",
            numbers.asked_already,
        )
        yield told % {"n": numbers.asked_already}
    due = due_day(due_on=facts["due_on"], due_days=facts["due_days"], since=today)
    told = ngettext(
        "%(n)d person is told and has until %(day)s.", "%(n)d people are told and have until %(day)s.", numbers.new
    )
    yield told % {"n": numbers.new, "day": day(due)}
    yield _("Whoever comes under the rule later is asked then; whoever leaves it before beginning is asked no more.")


def of_asking_for(path: LearningPath, who: Who, *, today: date) -> Iterator[str]:
    """Tell how many people come under the rules of a path, and by when who has something new to do for each course."""
    count = covered(who, today=today).count()
    told = ngettext("%(n)d person comes under the rule: %(who)s.", "%(n)d people come under the rule: %(who)s.", count)
    yield told % {"n": count, "who": who}
    for step in steps_to_ask(path, who):
        new = foreseen(step.course, who, today=today, is_anew=False).new
        due = due_day(due_on=None, due_days=step.days or LATE_COMERS_DAYS, since=today)
        told = ngettext(
            "%(course)s: %(n)d person is told and has until %(day)s.",
            "%(course)s: %(n)d people are told and have until %(day)s.",
            new,
        )
        yield told % {"course": _title(step), "n": new, "day": day(due)}
    out = left_out(path, who)
    for step in out.asked:
        yield _("Left out: %(course)s. A rule asks these people for it already.") % {"course": _title(step)}
    for step in out.away:
        yield _("Left out: %(course)s. It is not offered at present.") % {"course": _title(step)}
    for step in path.steps.filter(is_required=False).annotate(newest=newest_title("course")).select_related("course"):
        yield _("Left out: %(course)s. It is optional.") % {"course": _title(step)}
    yield _("Whoever comes under the rule later is asked then; whoever leaves it before beginning is asked no more.")


def _title(step: PathStep) -> str:
    return text_in(step.newest) or step.course.slug  # type: ignore[attr-defined]  # annotated


def of_ending(rule: Assignment) -> Iterator[str]:
    """Tell what ending a rule does to the lines it has made."""
    count = rule.requirements.filter(state="open").count()
    told = ngettext("%(n)d person still has it to do.", "%(n)d people still have it to do.", count)
    yield told % {"n": count}
    yield _("Those who have begun keep it on their list; the others are asked no more, unless another rule asks them.")
    yield _("What was finished stays.")


def of_cancelling(session: TrainingSession) -> Iterator[str]:
    """Tell whom calling a session off concerns."""
    count = invited(session).count()
    told = ngettext("%(n)d person invited is told.", "%(n)d people invited are told.", count)
    yield told % {"n": count}
    yield _("Nobody can be marked as present, and no hours count.")


def of_closing(session: TrainingSession) -> Iterator[str]:
    """Tell what closing the attendance list of a session writes down."""
    there = sum(number for state, number in counts(session).items() if state in Attendance.THERE)
    told = ngettext("%(n)d person was there.", "%(n)d people were there.", there)
    yield told % {"n": there}
    missing = invited(session).exclude(pk__in=session.attendances.values("person")).count()
    told = ngettext(
        "%(n)d person invited has no mark and is written down as absent.",
        "%(n)d people invited have no mark and are written down as absent.",
        missing,
    )
    yield told % {"n": missing}
    yield _("Corrections stay possible for a year, each with a reason.")
