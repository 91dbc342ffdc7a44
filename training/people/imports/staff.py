"""The staff list on screen; reading, planning and writing stand in `services.staff_list`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy

from training.lib.imports import Column, Import, Plan, Progress
from training.lib.tables import Table
from training.people import documents, permissions, queries
from training.people.columns import COLUMNS
from training.people.models import Posting, User
from training.people.models.staff import UserQuerySet
from training.people.services.staff_list import plan_staff, write_staff


class StaffImport(Import):
    """One row is one person; nobody is ever removed, and nobody is given a role above the importer's."""

    kind, icon, view = "staff", "users-round", "people:staff"
    label = gettext_lazy("Staff")
    about = gettext_lazy("One row is one person, found by staff number. Nobody is removed.")
    needs = gettext_lazy("Only HR and administrators import staff.")
    after = gettext_lazy("New people cannot sign in until HR gives them a one-time code.")
    columns = COLUMNS

    def may(self, person: User) -> bool:
        return bool(permissions.KEEPERS & person.role_names)

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        yield documents.example(person)

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        yield from documents.codes(person)

    def count(self, viewer: User, *, at: datetime) -> int:
        return kept(viewer).count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        people = queries.with_record(kept(viewer), today=timezone.localdate(at)).order_by("staff_number")
        yield from map(documents.record_of, people.iterator(chunk_size=documents.AT_ONCE))

    @property
    def exported(self) -> Sequence[Column]:
        return documents.EXPORTED

    def plan(self, table: Table, *, by: Any, at: datetime, progress: Progress) -> Plan:
        return plan_staff(table=table, by=by, at=at, progress=progress)

    def write(self, plan: Plan, *, by: Any, at: datetime, progress: Progress) -> None:
        write_staff(planned=plan, by=by, at=at)
        progress.advance(len(plan.changes))


def kept(viewer: User) -> UserQuerySet:
    """Return whom the viewer may import: at work in a department they keep, with a posting that has no end."""
    at_home = User.objects.active().filter(department__in=permissions.departments_kept(viewer))
    return at_home.filter(Exists(Posting.objects.filter(person=OuterRef("pk"), until=None, is_loan=False)))
