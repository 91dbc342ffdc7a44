"""What the style guide shows: every component in every state, on invented people and dates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.lanes import Drawing, Piece, draw

# Stands still, so that the page looks the same every day and in every picture of it.
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 42, 7, tzinfo=UTC)

COLOURS = (
    ("paper", gettext_lazy("page ground")),
    ("surface", gettext_lazy("cards, cells")),
    ("sunken", gettext_lazy("table heads")),
    ("ink", gettext_lazy("text")),
    ("ink-2", gettext_lazy("second line")),
    ("ink-3", gettext_lazy("captions")),
    ("line", gettext_lazy("hairlines")),
    ("line-2", gettext_lazy("control edges")),
    ("accent", gettext_lazy("action, here")),
    ("accent-wash", gettext_lazy("selected")),
    ("soon", gettext_lazy("due, one left")),
    ("bad", gettext_lazy("overdue, revoked")),
    ("good", gettext_lazy("valid, saved")),
)
LEVELS = (
    (0, "?", gettext_lazy("Not known")),
    (1, "1", gettext_lazy("Awareness")),
    (2, "2", gettext_lazy("Basic")),
    (3, "3", gettext_lazy("Intermediate")),
    (4, "4", gettext_lazy("Advanced")),
    (5, "5", gettext_lazy("Expert")),
)


@dataclass(frozen=True)
class ExampleTask:
    """A task as the desk hands it to the task list."""

    title: str
    why: str
    state: str
    url: str = "#tasks"
    minutes: int | None = None
    due: date | None = None


class ExampleForm(forms.Form):
    """One field of each kind; sent wrongly, it shows how errors look."""

    when = forms.DateField(label=gettext_lazy("Date of the session"), help_text=gettext_lazy("For example, 2026-11-23"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("shadowing", gettext_lazy("Shadowing")), ("handling", gettext_lazy("Supervised handling"))],
    )
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("What was seen"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("told", gettext_lazy("Told all materials at once")), ("clause", gettext_lazy("Named the clause"))],
    )
    note = forms.CharField(label=gettext_lazy("Next action"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label=gettext_lazy("We talked about it"), required=False)


def _tasks() -> list[ExampleTask]:
    return [
        ExampleTask(
            _("Confirm your coaching session with Liu Fang"),
            _("Window 7, Thu 19 Nov"),
            "overdue",
            minutes=2,
            due=TODAY - timedelta(days=3),
        ),
        ExampleTask(
            _("Sit the exam: Social insurance transfers"),
            _("One attempt, 45 minutes"),
            "not_started",
            minutes=45,
            due=TODAY + timedelta(days=3),
        ),
        ExampleTask(
            _("Practise: Document checks for a change of address"),
            _("8 questions you missed in October"),
            "in_progress",
            minutes=5,
            due=TODAY + timedelta(days=4),
        ),
        ExampleTask(
            _("Sit the exam: Newborn bundle, level 3"),
            _("Opens when you have finished the course (2 of 6 lessons left)"),
            "blocked",
            url="",
            minutes=60,
            due=TODAY + timedelta(days=25),
        ),
        ExampleTask(_("Course: Speaking with an upset customer"), _("Finished, all 5 lessons"), "completed"),
    ]


def _lanes() -> Drawing:
    certificate = Piece("birth", "health", _("Birth certificate"), 1, 1, note="1 →")
    entry = Piece("entry", "police", _("Household entry"), 2, 3, ("birth",), "→ 1   2 →")
    enrolment = Piece("enrolment", "medical", _("Enrolment"), 4, 5, ("entry",), "→ 2")
    names = {"health": _("Health commission"), "police": _("Public security"), "medical": _("Medical insurance")}
    return draw([certificate, entry, enrolment], 5, names)


def examples() -> dict[str, Any]:
    """Return the context of the style guide's page."""
    form = ExampleForm({"when": "2026-11-31", "kind": "handling", "shown": ["told"]})
    return {
        "today": TODAY,
        "now": NOW,
        "colours": COLOURS,
        "levels": LEVELS,
        "tasks": _tasks(),
        "next_due": TODAY + timedelta(days=2),
        "person_example": SimpleNamespace(display_name="阿依古丽·买买提", latin_name="Ayigul Mamat"),
        "example_form": form,
        "page": Paginator(range(60), 20).page(2),
        "steps": [
            {"title": _("Shadow"), "note": _("2 to 13 Nov"), "state": "done"},
            {"title": _("Supervised"), "note": _("14 of 20 cases"), "state": "current"},
            {"title": _("Solo with checks"), "note": _("opens at 75%"), "state": ""},
            {"title": _("Gate"), "note": _("two deciders"), "state": ""},
        ],
        "events": [
            {"at": NOW, "title": _("Observed at window 7"), "note": _("3 of 4 criteria met"), "done": True},
            {"at": NOW - timedelta(days=4), "title": _("Coaching session"), "note": _("40 minutes"), "done": True},
        ],
        "lanes": _lanes(),
        "facts": [(_("Number"), "BH-2026-000418"), (_("Issued"), _("1 December 2026"))],
    }
