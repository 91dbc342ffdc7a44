"""Lists as they are sent: what is asked of whom, and learning hours."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from training.lib.texts import text_in
from training.people.models import User

from .models import TrainingRequirement

BATCH = 500


def hours_rows(rows: Iterable[tuple[User, Any]]) -> Iterator[list[object]]:
    """Yield a heading and one row for each person with their `queries.hours.Hours`."""
    whose = [_("Staff number"), _("Name"), _("Department")]
    yield [*whose, _("Courses"), _("Elsewhere"), _("Hours"), _("Target met")]
    for person, one in rows:
        said = _("yes") if one.is_met else _("no")
        names = [person.staff_number, person.display_name, str(person.department or "")]
        yield [*names, one.courses, one.elsewhere, one.total, said]


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
