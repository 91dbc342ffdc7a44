"""Staff lists as files: the export, and the template to fill in."""

from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from training.lib.tables import Sheet, write_csv, write_xlsx

from . import permissions
from .columns import COLUMNS
from .models import Position, Role, Section, User, Window
from .models.staff import UserQuerySet

AT_ONCE = 500
# E-mail stays out: nobody needs it in a file, and an import without the column keeps what is on record.
EXPORTED = [column for column in COLUMNS if column.field != "email"]


def export_csv(people: UserQuerySet) -> Iterator[bytes]:
    """Yield the people as CSV with the headings and codes of the import, so that it can be edited and imported."""
    return write_csv(exported_rows(people))


def exported_rows(people: UserQuerySet) -> Iterator[list[object]]:
    """Yield the headings and one row per person; `people` come with the record of `queries.with_record`."""
    yield [column.heading for column in EXPORTED]
    for person in people.iterator(chunk_size=AT_ONCE):
        posting = next((posting for posting in person.postings_then if not posting.is_loan), None)
        yield [
            person.staff_number,
            person.display_name,
            person.latin_name,
            person.department.code if person.department else "",
            posting.position.code if posting else "",
            posting.section.code if posting and posting.section else "",
            str(posting.window.number) if posting and posting.window else "",
            posting.starts_on if posting else "",
            person.language,
            ";".join(dict.fromkeys(grant.role for grant in person.grants_then if not grant.section_id)),
        ]


def template_rows(keeper: User) -> list[list[str]]:
    """Return the headings and one example row with codes that `keeper` may import."""
    department = permissions.departments_kept(keeper).order_by("path").first()
    position = Position.objects.order_by("pk").first()
    window = Window.objects.select_related("section").order_by("number").first()
    example = {
        "staff_number": "20418",
        "name": "阿依古丽·买买提",
        "latin_name": "Ayigul Mamat",
        "department": department.code if department else "",
        "position": position.code if position else "",
        "section": window.section.code if window else "",
        "window": str(window.number) if window else "",
        "starts_on": "2026-03-01",
        "language": settings.LANGUAGES[-1][0],
        "roles": "",
        "email": "",
    }
    return [[column.heading for column in COLUMNS], [example[column.field] for column in COLUMNS]]


def write_template(file: IO[bytes], keeper: User) -> None:
    """Write the template as a workbook, with the codes that may stand in it on a second sheet."""
    write_xlsx(
        file,
        [
            Sheet(_("Staff list"), template_rows(keeper), widths=[14] * len(COLUMNS)),
            Sheet(_("Codes"), code_rows(keeper), widths=[18, 18, 40]),
        ],
    )


def code_rows(keeper: User) -> Iterator[list[str]]:
    """Yield what each code means: departments that `keeper` may import into, positions, sections, windows, roles."""
    yield [_("Column"), _("Code"), _("Meaning")]
    heading = {column.field: column.heading for column in COLUMNS}
    for department in permissions.departments_kept(keeper).order_by("path"):
        yield [heading["department"], department.code, str(department)]
    for position in Position.objects.order_by("code"):
        yield [heading["position"], position.code, str(position)]
    for section in Section.objects.order_by("code"):
        yield [heading["section"], section.code, str(section)]
    for window in Window.objects.order_by("number"):
        yield [heading["window"], str(window.number), str(window)]
    for role in Role:
        if role != Role.TEACHER:
            yield [heading["roles"], role.value, str(role.label)]
    for code, name in settings.LANGUAGES:
        yield [heading["language"], code, str(name)]
