"""The people a list speaks of by staff number: those of the departments the importer keeps, and nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, shown
from training.lib.tables import Table
from training.people import permissions
from training.people.models import Role, User
from training.people.services.staff_list.directory import chunks

NUMBER = Column("staff_number", "Staff number", "工号", required=True, also=("员工编号", "人员编号"))
NAME = Column("name", "Name", "姓名", hint=gettext_lazy("Only to check the number: it must be the name on record."))
PERSON_COLUMNS = (NUMBER, NAME)


@dataclass(frozen=True)
class Persons:
    """People on record by upper-case staff number, and those of them that the importer must leave alone."""

    by_number: Mapping[str, User]
    administrators: frozenset[int]


def persons_of(table: Table, by: Any, today: date) -> Persons:
    """Return the people whom the rows name, in few queries; nobody outside what `by` keeps."""
    place = table.header.index(NUMBER.field)
    numbers = sorted({row.cells[place].upper() for row in table.rows})
    kept = permissions.departments_kept(by).values("pk") if isinstance(by, User) else None
    found: dict[str, User] = {}
    for chunk in chunks(numbers):
        people = User.objects.annotate(number=Upper("staff_number")).filter(number__in=chunk)
        if kept is not None:
            people = people.filter(department__in=kept)
        found |= {person.staff_number.upper(): person for person in people}
    off_limits: set[int] = set()
    if isinstance(by, User) and Role.ADMINISTRATOR not in by.role_names:
        off_limits = permissions.administrators_among([person.pk for person in found.values()], today=today)
    return Persons(found, frozenset(off_limits))


def person_in(cells: Cells, persons: Persons) -> User | None:
    """Return whom the row names; a number that is nobody's there, or another person's name beside it, is a fault."""
    number, name = cells.required("staff_number"), cells.text("name")
    person = persons.by_number.get(number.upper())
    if person is None:
        if number:
            text = _("nobody in your departments has the staff number “%(value)s”.")
            cells.fault("staff_number", text % {"value": shown(number)})
        return None
    if person.pk in persons.administrators:
        text = _("“%(number)s” is an administrator; only an administrator changes that record.")
        cells.fault("staff_number", text % {"number": number})
    if name and name not in (person.display_name, person.latin_name, str(person)):
        facts = {"number": number, "name": person.display_name}
        cells.fault("name", _("“%(number)s” is “%(name)s” on record. Put the number or the name right.") % facts)
    return person
