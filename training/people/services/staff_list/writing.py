"""Writes what was planned, in a few statements whatever the number of rows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from training.lib.names import search_key
from training.operations.services import Actor, Event, record_many
from training.people.models import Posting, RoleGrant, User
from training.people.services.roles import MIRRORED, mirror_roles
from training.people.services.staff import posting_facts

from .planning import Revision, key

BATCH = 500
IDENTITY = [
    *("display_name", "latin_name", "search_key", "department", "language", "email", "email_confirmed_at", "is_active")
]
POSTING = ["position", "department", "section", "window", "starts_on"]


def write(revisions: Sequence[Revision], *, by: Actor, at: datetime, password: str) -> None:
    """Write people, postings, roles and one audit event per person; call it inside a transaction."""
    todo = [revision for revision in revisions if revision.changes_record]
    before = [None if revision.is_new else record_facts(revision) for revision in todo]
    write_people(todo, at=at, password=password)
    write_postings(todo)
    write_roles(todo, today=timezone.localtime(at).date())
    record_many(
        [
            Event(
                action="people.hired" if facts is None else "people.changed",
                subject=revision.person,
                person=revision.person,
                before=facts,
                after={**record_facts(revision), "roles": list(revision.new_roles)},
                reason="staff list",
            )
            for revision, facts in zip(todo, before, strict=True)
        ],
        by=by,
        at=at,
    )


def write_people(todo: Sequence[Revision], *, at: datetime, password: str) -> None:
    """Create and update accounts; new ones share the hash `password`, or have none to sign in with."""
    new, known = [], []
    for revision in todo:
        row, person = revision.row, revision.person
        person.display_name, person.department, person.is_active = row.display_name, row.department, True
        if row.email is not None and row.email != person.email:
            person.email_confirmed_at = None
        for name in ("latin_name", "language", "email"):
            if (value := getattr(row, name)) is not None:
                setattr(person, name, value)
        person.search_key = search_key(person.display_name, person.latin_name)
        if revision.is_new:
            person.staff_number, person.date_joined = row.staff_number, at
            person.password = password or make_password(None)
            new.append(person)
        else:
            known.append(person)
    User.objects.bulk_create(new, batch_size=BATCH)
    User.objects.bulk_update(known, IDENTITY, batch_size=BATCH)


def write_postings(todo: Sequence[Revision]) -> None:
    """End, correct and open postings, in that order, so that nobody ever has two open ones."""
    ended, corrected, opened = [], [], []
    for revision in todo:
        if revision.posting is not None and revision.step == "move":
            revision.posting.until = revision.row.starts_on - timedelta(days=1)
            ended.append(revision.posting)
        if revision.step in ("move", "open"):
            revision.posting = Posting(person=revision.person)
            opened.append(revision.posting)
        elif revision.step == "correct" and revision.posting is not None:
            corrected.append(revision.posting)
        if revision.posting is not None and revision.step != "same":
            for name in POSTING:
                setattr(revision.posting, name, getattr(revision.row, "posted_to" if name == "department" else name))
    Posting.objects.bulk_update(ended, ["until"], batch_size=BATCH)
    Posting.objects.bulk_update(corrected, POSTING, batch_size=BATCH)
    Posting.objects.bulk_create(opened, batch_size=BATCH)


def write_roles(todo: Sequence[Revision], *, today: date) -> None:
    """Grant the new roles over the row's department, from today."""
    grants = [
        RoleGrant(person=revision.person, role=role, department=revision.row.department, starts_on=today)
        for revision in todo
        for role in revision.new_roles
    ]
    RoleGrant.objects.bulk_create(grants, batch_size=BATCH)
    if mirrored := [grant.person_id for grant in grants if grant.role in MIRRORED]:
        mirror_roles(today=today, people=mirrored)


def record_facts(revision: Revision) -> dict[str, Any]:
    """Return what the audit trail keeps of the person as they are now."""
    person = revision.person
    return {
        "display_name": person.display_name,
        "latin_name": person.latin_name,
        "department": key(person.department),
        "language": person.language,
        "email": person.email,
        "is_active": person.is_active,
        "posting": posting_facts(revision.posting) if revision.posting else None,
    }
