"""Staff lists as files: the export, and what the template shows."""

from collections.abc import Iterator

from django.conf import settings

from training.lib.tables import write_csv

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
        facts = record_of(person)
        yield [facts[column.field] for column in EXPORTED]


def record_of(person: User) -> dict[str, object]:
    """Return one person's facts by field, as the import reads them; roles that reach elsewhere alone are left out."""
    posting = next((posting for posting in person.postings_then if not posting.is_loan), None)
    home = person.department
    lent = posting is not None and home is not None and posting.department_id != home.pk
    held = [grant for grant in person.grants_then if not grant.section_id]
    roles = [grant.role for grant in held if permissions.covers(grant.department, home)]
    return {
        "staff_number": person.staff_number,
        "name": person.display_name,
        "latin_name": person.latin_name,
        "department": home.code if home else "",
        "position": posting.position.code if posting else "",
        "posted_to": posting.department.code if posting and lent else "",
        "section": posting.section.code if posting and posting.section else "",
        "window": str(posting.window.number) if posting and posting.window else "",
        "starts_on": posting.starts_on if posting else "",
        "language": person.language,
        "roles": ";".join(dict.fromkeys(roles)),
        "email": person.email,
    }


def example(keeper: User) -> dict[str, str]:
    """Return an example row with codes that `keeper` may import."""
    department = permissions.departments_kept(keeper).order_by("path").first()
    position = Position.objects.order_by("pk").first()
    window = Window.objects.select_related("section").order_by("number").first()
    return {
        "staff_number": "20418",
        "name": "阿依古丽·买买提",
        "latin_name": "Ayigul Mamat",
        "department": department.code if department else "",
        "position": position.code if position else "",
        "section": window.section.code if window else "",
        "window": str(window.number) if window else "",
        "starts_on": "2026-03-01",
        "language": settings.LANGUAGES[-1][0],
    }


def codes(keeper: User) -> Iterator[tuple[str, str, str]]:
    """Yield what each code means: departments that `keeper` may import into, positions, sections, windows, roles."""
    for department in permissions.departments_kept(keeper).order_by("path"):
        yield "department", department.code, str(department)
    for position in Position.objects.order_by("code"):
        yield "position", position.code, str(position)
    for section in Section.objects.order_by("code"):
        yield "section", section.code, str(section)
    for window in Window.objects.order_by("number"):
        yield "window", str(window.number), str(window)
    for role in Role:
        if role != Role.TEACHER:
            yield "roles", role.value, str(role.label)
    for code, name in settings.LANGUAGES:
        yield "language", code, str(name)
