"""Lists as they are sent: what is asked of whom, learning hours, and names to sign on paper."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from training.lib import fonts
from training.lib.pdf import Limits, render_pdf
from training.lib.texts import text_in
from training.people.models import Centre, User

from .models import HoursTarget, TrainingRequirement, TrainingSession

BATCH = 500
SIGN_IN_STYLE = Path(__file__).parent / "templates" / "courses" / "sessions" / "sign_in_list.css"
SIGN_IN_LIMITS = Limits(seconds=60)
MOST_TO_SIGN = 400
"""How many names one list holds: whoever expects more lets people use the code."""
BLANK_LINES = 6
CHINESE, ENGLISH = "zh-hans", "en"


def hours_rows(rows: Iterable[tuple[User, Any]]) -> Iterator[list[object]]:
    """Yield a heading and one row for each person with their `queries.hours.Hours`."""
    whose = [_("Staff number"), _("Name"), _("Department")]
    kinds = [str(label) for _kind, label in HoursTarget.Kind.choices]
    yield [*whose, *kinds, _("Hours"), _("Target"), _("Target met")]
    for person, one in rows:
        said = _("yes") if one.is_met else _("no")
        names = [person.staff_number, person.display_name, str(person.department or "")]
        yield [*names, *(part.hours for part in one.kinds), one.total, one.target, said]


def required_rows(lines: "QuerySet[TrainingRequirement]") -> Iterator[list[object]]:
    """Yield a heading and one row for each line, as `queries.required.lines` brings them."""
    yield [
        _("Staff number"),
        _("Name"),
        _("Department"),
        _("Course"),
        _("Reason"),
        _("Due"),
        _("State"),
        _("Completed on"),
        _("Why it was waived"),
    ]
    for row in lines.iterator(chunk_size=BATCH):
        person = row.person
        yield [
            person.staff_number,
            person.display_name,
            str(person.department or ""),
            text_in(row.title) or row.course.slug,  # type: ignore[attr-defined]  # annotated
            text_in(row.why),
            row.due_on,
            row.get_state_display(),
            timezone.localdate(row.done_at) if row.done_at else "",
            row.waive_reason or row.get_lapsed_for_display(),
        ]


def sign_in_list(session: TrainingSession, people: Sequence[User]) -> bytes:
    """Draw the names of a session with a place to sign, and some lines for guests, as a PDF in both languages.

    Raises `PdfError` when it cannot be drawn within its limits, or no font has a character of it.
    """
    centre = Centre.load()
    context = {
        "centre_zh": text_in(centre.name, CHINESE),
        "centre_en": text_in(centre.name, ENGLISH),
        "title_zh": text_in(session.title, CHINESE),
        "title_en": text_in(session.title, ENGLISH),
        "begins": timezone.localtime(session.starts_at),
        "ends": timezone.localtime(session.ends_at),
        "room": session.room,
        "minutes": session.minutes,
        "trainers": "、".join(str(one) for one in session.trainers.all()),
        "rows": [_to_sign(person) for person in people],
        "blank": range(len(people) + 1, len(people) + BLANK_LINES + 1),
    }
    page = render_to_string("courses/sessions/sign_in_list.html", context)
    songti = fonts.songti_for(page)
    css = SIGN_IN_STYLE.read_text("utf-8") + songti.css
    return render_pdf(page, css=css, assets=songti.assets, limits=SIGN_IN_LIMITS)


def _to_sign(person: User) -> dict[str, str]:
    name = person.department.name if person.department else {}
    return {
        "number": person.staff_number,
        "name": person.display_name,
        "latin_name": person.latin_name,
        "department_zh": text_in(name, CHINESE),
        "department_en": text_in(name, ENGLISH),
    }
