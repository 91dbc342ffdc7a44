"""What the rows of a staff list are checked against, loaded in a few queries whatever the number of rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Self

from django.conf import settings
from django.db.models import Prefetch, Q
from django.db.models.functions import Upper
from django.utils import translation
from django.utils.translation import get_language_info

from training.operations.services import Actor
from training.people import permissions
from training.people.models import Centre, Department, Position, Role, RoleGrant, Section, User, Window

CHUNK = 500


@dataclass(frozen=True)
class Directory:
    """The centre's parts by code, the words for roles and languages, and where the importer may import to."""

    departments: Mapping[str, Department]
    positions: Mapping[str, Position]
    sections: Mapping[str, Section]
    windows: Mapping[str, Window]
    roles: Mapping[str, str]
    languages: Mapping[str, str]
    source_language: str
    kept: frozenset[int] | None
    """The departments the importer keeps; None for a process, which keeps all."""

    @classmethod
    def load(cls, by: Actor) -> Self:
        kept = permissions.departments_kept(by).values_list("pk", flat=True) if isinstance(by, User) else None
        return cls(
            departments={department.code: department for department in Department.objects.all()},
            positions={position.code: position for position in Position.objects.all()},
            sections={section.code: section for section in Section.objects.all()},
            windows={str(window.number): window for window in Window.objects.select_related("section")},
            roles=role_words(),
            languages=language_words(),
            source_language=Centre.load().source_language,
            kept=None if kept is None else frozenset(kept),
        )

    def may_keep(self, department_id: int | None) -> bool:
        """Tell whether the importer may import into, or take people from, the department."""
        return self.kept is None or department_id in self.kept


def role_words() -> dict[str, str]:
    """Return every word for a role: its code, and its name in each language."""
    words = {role.value: role.value for role in Role}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {str(role.label).casefold(): role.value for role in Role}
    return words


def language_words() -> dict[str, str]:
    """Return every word for a language of the platform: its code, and its name in itself and in English."""
    words: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        info = get_language_info(code)
        words |= {word.casefold(): code for word in (code, info["name"], info["name_local"])}
    return words


def people_by_number(numbers: Iterable[str], today: date) -> dict[str, User]:
    """Return those on record by upper-case staff number, each with postings and the grants of today or later."""
    grants = RoleGrant.objects.filter(Q(until=None) | Q(until__gte=today)).select_related("department")
    found: dict[str, User] = {}
    for chunk in chunks(number.upper() for number in numbers):
        people = (
            User.objects.annotate(number=Upper("staff_number"))
            .filter(number__in=chunk)
            .select_related("department")
            .prefetch_related(
                "postings__department",
                "postings__position",
                "postings__section",
                "postings__window",
                Prefetch("role_grants", grants, to_attr="grants_ahead"),
            )
        )
        for person in people:
            # The same as the property would ask for, without a query per person.
            person.current_grants = [grant for grant in person.grants_ahead if grant.starts_on <= today]
            found[person.staff_number.upper()] = person
    return found


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield the values in lists that a database takes as parameters of one query."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
