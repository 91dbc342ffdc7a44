"""Lists as they are sent: what is asked of whom."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from training.lib.texts import text_in

from .models import TrainingRequirement

BATCH = 500


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
