"""Tables that leave the app."""

from collections.abc import Callable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import RegradedResult
from training.lib.texts import text_in

RESULT = ("score", "level", "passed")
CERTIFICATE: dict[str, Callable[[], str]] = {
    "": lambda: "",
    "issue": lambda: _("issued"),
    "keep": lambda: _("stays valid"),
    "revoke": lambda: _("revocation asked for"),
}


def regrade_table(rows: QuerySet[RegradedResult]) -> Iterator[Sequence[object]]:
    """Yield what a regrade makes of each paper, headings first."""
    yield [
        *(_("Staff number"), _("Person"), _("Exam")),
        *(_("Score before"), _("Level before"), _("Passed before")),
        *(_("Score"), _("Level"), _("Passed")),
        *(_("What becomes of it"), _("Certificate"), _("Competency levels that change"), _("State")),
    ]
    for row in rows.iterator(chunk_size=500):
        person, exam = row.attempt.person, row.attempt.exam
        yield [
            *(person.staff_number, str(person), text_in(exam.title)),
            *(_plain(row.before.get(name)) for name in RESULT),
            *(_plain(row.shown.get(name)) for name in RESULT),
            *(str(row.get_change_display()), CERTIFICATE[row.certificate](), len(row.levels)),
            str(row.get_state_display()),
        ]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else value
