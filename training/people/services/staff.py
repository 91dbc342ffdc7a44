"""Coming, changing, moving."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.lib.names import search_key
from training.operations.services import Actor, record
from training.people.models import Department, Position, Posting, Section, User, Window

from .checks import (
    require_active,
    require_free_number,
    require_may_keep,
    require_may_touch,
    require_names,
    require_not_ahead,
)
from .errors import PeopleError
from .postings import end_loans, end_posting, open_posting, own_posting, posting_facts, restore_loans, tell_of_move


@transaction.atomic
def hire(
    *,
    staff_number: str,
    display_name: str,
    latin_name: str,
    department: Department,
    position: Position,
    section: Section | None,
    window: Window | None,
    starts_on: date,
    language: str,
    by: Actor,
    at: datetime,
    email: str = "",
) -> User:
    """Take somebody new into the records with a first posting; they cannot sign in until HR gives them a code.

    Raises `NotAllowedError` when `by` is not HR of the department, `PeopleError` for a number that is taken or
    malformed, a name that is none, or a window outside the section.
    """
    require_may_keep(by, department)
    require_free_number(staff_number)
    require_names(display_name, latin_name)
    user = User(
        staff_number=staff_number,
        display_name=display_name,
        latin_name=latin_name,
        search_key=search_key(display_name, latin_name),
        department=department,
        language=language,
        email=email,
        date_joined=at,
    )
    user.set_unusable_password()
    user.save()
    posting = open_posting(user, department, position, section, window, starts_on, at=at)
    record(action="people.hired", by=by, subject=user, person=user, at=at, after=posting_facts(posting))
    tell_of_move(user, by=by, at=at)
    return user


@transaction.atomic
def change_person(
    *, person: User, display_name: str, latin_name: str, language: str, email: str, by: Actor, at: datetime
) -> None:
    """Write down other names, another language or address of somebody on record; who gets another address confirms it.

    Raises `NotAllowedError` unless `by` keeps the record, `PeopleError` for a name that is none.
    """
    require_may_touch(by, person)
    require_names(display_name, latin_name)
    wanted = {"display_name": display_name, "latin_name": latin_name, "language": language, "email": email}
    before = {name: getattr(person, name) for name in wanted}
    if wanted == before:
        return
    if email != person.email:
        person.email_confirmed_at = None
    for name, value in wanted.items():
        setattr(person, name, value)
    person.search_key = search_key(display_name, latin_name)
    person.save(update_fields=[*wanted, "search_key", "email_confirmed_at"])
    record(action="people.changed", by=by, subject=person, person=person, at=at, before=before, after=wanted)


@transaction.atomic
def move(
    *,
    person: User,
    department: Department,
    position: Position,
    section: Section | None,
    window: Window | None,
    starts_on: date,
    by: Actor,
    at: datetime,
) -> Posting:
    """End the open posting the day before and open another; the department becomes the person's home, loans end.

    Raises `NotAllowedError` unless `by` is HR of both departments, `PeopleError` when the day lies ahead or does not
    come after the day the open posting began, and for somebody who has left.
    """
    require_may_touch(by, person)
    require_may_keep(by, department)
    require_active(person)
    require_not_ahead(starts_on, at)
    last_day = starts_on - timedelta(days=1)
    before = end_posting(person, last_day=last_day)
    ended = end_loans(person, last_day=last_day)
    _go_home_to(person, department)
    posting = open_posting(person, department, position, section, window, starts_on, at=at)
    posting.ended_loans = ended
    posting.save(update_fields=["ended_loans"])
    record(
        action="people.moved", by=by, subject=person, person=person, at=at, before=before, after=posting_facts(posting)
    )
    tell_of_move(person, by=by, at=at)
    return posting


@transaction.atomic
def take_back_move(*, person: User, by: Actor, at: datetime) -> Posting:
    """Undo a move that was entered today: the posting before and its loans go on as if nothing had been. Return it.

    Raises `NotAllowedError` as `move` does, `PeopleError` when no move was entered today, or another loan since.
    """
    require_may_touch(by, person)
    wrong, former = move_of_today(person, timezone.localtime(at).date())
    if wrong is None or former is None:
        raise PeopleError(_("No move was entered today. Enter another move instead."))
    require_may_keep(by, former.department)
    before = posting_facts(wrong)
    wrong.delete()
    former.until = None
    former.save(update_fields=["until"])
    restore_loans(person, wrong.ended_loans)
    _go_home_to(person, former.department)
    record(
        action="people.move_taken_back",
        by=by,
        subject=person,
        person=person,
        at=at,
        before=before,
        after=posting_facts(former),
    )
    tell_of_move(person, by=by, at=at)
    return former


def move_of_today(person: User, today: date) -> tuple[Posting | None, Posting | None]:
    """Return the posting a move entered today has opened and the one it ended; nothing when there was no such move."""
    opened: Any = own_posting(person)
    if opened is None or opened.entered_at is None or timezone.localtime(opened.entered_at).date() != today:
        return None, None
    day_before = opened.starts_on - timedelta(days=1)
    former = person.postings.own().filter(until=day_before).select_related("department").order_by("-pk").first()
    return (opened, former) if former else (None, None)


def _go_home_to(person: User, department: Department) -> None:
    person.department = department
    person.save(update_fields=["department"])
