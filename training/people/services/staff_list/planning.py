"""Compares the rows with the records: who comes, who changes and how, and what may not be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.lib.imports import Difference, Layout, shown
from training.lib.tables import Fault
from training.operations.services import Actor
from training.people import permissions, rules
from training.people.models import Department, Posting, Role, RoleGrant, User

from .directory import Directory
from .rows import StaffRow


@dataclass
class Revision:
    """What one row does to one person."""

    row: StaffRow
    person: User
    step: str
    """What the posting needs: "same", "open", "correct" or "move", as `rules.follow_up` says."""
    posting: Posting | None
    """The posting that is open before."""
    new_roles: tuple[str, ...]
    differences: list[Difference]

    @property
    def is_new(self) -> bool:
        return self.person.pk is None

    @property
    def changes_record(self) -> bool:
        return self.is_new or bool(self.differences)


class Planner:
    """Turns rows into revisions; `faults` collects the rows that may not or cannot be done."""

    def __init__(self, layout: Layout, directory: Directory, people: dict[str, User], by: Actor, today: date) -> None:
        self.layout, self.directory, self.people, self.by, self.today = layout, directory, people, by, today
        self.faults: list[Fault] = []

    def plan(self, rows: Iterable[StaffRow]) -> list[Revision]:
        return [revision for row in rows if (revision := self.revise(row)) is not None]

    def revise(self, row: StaffRow) -> Revision | None:
        """Return what the row asks for; None and a fault when it may not be done."""
        faults_before = len(self.faults)
        person = self.people.get(row.staff_number.upper()) or User(language=self.directory.source_language)
        step, posting = self.posting_step(row, person)
        revision = Revision(row, person, step, posting, self.new_roles(row, person), [])
        revision.differences = differences(revision)
        self.check_identity(revision)
        self.check_place(revision)
        self.check_roles(revision)
        return None if len(self.faults) > faults_before else revision

    def fault(self, row: StaffRow, name: str, text: str) -> None:
        self.faults.append(Fault(text, row.line, self.layout.letters.get(name)))

    def posting_step(self, row: StaffRow, person: User) -> tuple[str, Posting | None]:
        # A loan ends by itself and stands beside the own posting, which alone the list is about.
        postings = [posting for posting in person.postings.all() if not posting.is_loan] if person.pk else []
        current = next((posting for posting in postings if posting.until is None), None)
        place = rules.Place(row.position.pk, row.posted_to.pk, key(row.section), key(row.window))
        try:
            step = rules.follow_up([held(posting) for posting in postings], place, row.starts_on)
        except rules.PostingOrderError as error:
            text = _("an earlier posting stands in the way: the first day possible is %(day)s.")
            self.fault(row, "starts_on", text % {"day": error.earliest.isoformat()})
            return "same", current
        if step == "move" and row.starts_on > self.today:
            self.fault(row, "starts_on", _("a move lies ahead; import it when the day has come."))
        return step, current

    def new_roles(self, row: StaffRow, person: User) -> tuple[str, ...]:
        grants: list[RoleGrant] = person.grants_ahead if person.pk else []
        return tuple(
            role
            for role in row.roles
            if not any(grant.role == role and permissions.reaches(grant, row.department) for grant in grants)
        )

    def check_identity(self, revision: Revision) -> None:
        row, person = revision.row, revision.person
        if revision.is_new:
            return
        if person.staff_number != row.staff_number:
            text = _("the staff number is on record as “%(number)s”. Write it the same way.")
            self.fault(row, "staff_number", text % {"number": person.staff_number})
        if not revision.differences or not isinstance(self.by, User):
            return
        if not self.directory.may_keep(person.department_id):
            text = _("“%(number)s” belongs to a department you are not HR of. Ask its HR to move the person.")
            self.fault(row, "staff_number", text % {"number": row.staff_number})
        elif permissions.is_administrator(person) and Role.ADMINISTRATOR not in self.by.role_names:
            text = _("“%(number)s” is an administrator; only an administrator changes that record.")
            self.fault(row, "staff_number", text % {"number": row.staff_number})

    def check_place(self, revision: Revision) -> None:
        """Keep people from being posted to, or away from, departments the importer does not keep."""
        row = revision.row
        if revision.step != "same" and not self.directory.may_keep(row.posted_to.pk):
            text = _("you are not HR of the department “%(code)s”.")
            self.fault(row, "posted_to", text % {"code": row.posted_to.code})

    def check_roles(self, revision: Revision) -> None:
        row = revision.row
        if Role.TEACHER in revision.new_roles:
            self.fault(row, "roles", _("career teachers are appointed under Coaching, not by this list."))
        if not isinstance(self.by, User):
            return
        for role in revision.new_roles:
            if not permissions.may_give(self.by, role, row.department):
                text = _("you may not give the role “%(role)s”: it ranks above yours.")
                self.fault(row, "roles", text % {"role": shown(str(Role(role).label))})
        if revision.new_roles and revision.person.pk == self.by.pk and Role.ADMINISTRATOR not in self.by.role_names:
            self.fault(row, "roles", _("nobody gives themselves a role: ask another HR officer."))


def differences(revision: Revision) -> list[Difference]:
    """Return what the row changes about a person on record; nothing for somebody new."""
    if revision.is_new:
        return []
    row, person = revision.row, revision.person
    facts = [
        (pgettext("person", "Name"), person.display_name, row.display_name),
        (_("Name in Latin letters"), person.latin_name, row.latin_name),
        (_("Language"), person.language, row.language),
        (_("E-mail"), person.email, row.email),
        (_("Department"), words(person.department), words(row.department)),
    ]
    found = [
        Difference(label, before, after) for label, before, after in facts if after is not None and before != after
    ]
    if revision.step != "same":
        found.append(Difference(_("Posting"), posting_words(revision.posting), posting_words(row)))
    if not person.is_active:
        found.append(Difference(_("Account"), _("left"), pgettext("staff", "active")))
    if revision.new_roles:
        roles = pgettext("between words of a list", ", ").join(str(Role(role).label) for role in revision.new_roles)
        found.append(Difference(_("Roles"), "", roles))
    return found


def held(posting: Posting) -> rules.Held:
    place = rules.Place(posting.position_id, posting.department_id, posting.section_id, posting.window_id)
    return rules.Held(place, posting.starts_on, posting.until)


def posting_words(posting: Posting | StaffRow | None) -> str:
    """Return where a posting puts somebody and since when, in words."""
    if posting is None:
        return ""
    department = posting.posted_to if isinstance(posting, StaffRow) else posting.department
    parts = [posting.position, department, posting.section, posting.window]
    return _(", ").join([*(str(part) for part in parts if part is not None), posting.starts_on.isoformat()])


def key(thing: Any) -> int | None:
    return None if thing is None else thing.pk


def words(department: Department | None) -> str:
    return "" if department is None else str(department)
