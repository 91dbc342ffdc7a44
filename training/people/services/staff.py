"""Coming, moving and leaving."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import Actor, record
from training.people import permissions, rules
from training.people.models import Department, Position, Posting, Section, User, Window

from .errors import NotAllowedError, PeopleError
from .roles import end_grants, forget_roles, require_may_touch


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
) -> User:
    """Take somebody new into the records with a first posting; they cannot sign in until HR gives them a code.

    Raises `NotAllowedError` when `by` is not HR of the department, `PeopleError` for a number that is taken or
    malformed, a name that is none, or a window outside the section.
    """
    require_may_keep(by, department)
    require_identity(staff_number, display_name, latin_name)
    user = User(
        staff_number=staff_number,
        display_name=display_name,
        latin_name=latin_name,
        department=department,
        language=language,
        date_joined=at,
    )
    user.set_unusable_password()
    user.save()
    posting = open_posting(user, department, position, section, window, starts_on)
    record(action="people.hired", by=by, subject=user, person=user, at=at, after=posting_facts(posting))
    return user


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
    """End the open posting the day before and open another; the department becomes the person's home.

    Raises `NotAllowedError` unless `by` is HR of both departments, `PeopleError` when the day lies ahead or does not
    come after the day the open posting began.
    """
    require_may_touch(by, person)
    require_may_keep(by, department)
    require_not_ahead(starts_on, at)
    before = end_posting(person, last_day=starts_on - timedelta(days=1))
    person.department = department
    person.save(update_fields=["department"])
    posting = open_posting(person, department, position, section, window, starts_on)
    record(
        action="people.moved", by=by, subject=person, person=person, at=at, before=before, after=posting_facts(posting)
    )
    return posting


@transaction.atomic
def leave(*, person: User, last_day: date, by: Actor, at: datetime) -> None:
    """End the person's posting, roles and access on their last day, and suspend the account at once.

    Their session ends with the next request. Raises `NotAllowedError` as `move` does and for oneself, `PeopleError`
    when the day lies ahead or before the posting began.
    """
    require_may_touch(by, person)
    if isinstance(by, User) and by.pk == person.pk:
        raise NotAllowedError(_("Nobody ends their own employment here: ask another HR officer."))
    require_not_ahead(last_day, at)
    before = end_posting(person, last_day=last_day)
    later = Q(until=None) | Q(until__gt=last_day)
    person.may_see.filter(later).update(until=last_day)
    end_grants(person, person.role_grants.filter(later), last_day=last_day, by=by, at=at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget_roles(person)
    after = {"last_day": last_day.isoformat()}
    record(action="people.left", by=by, subject=person, person=person, at=at, before=before, after=after)


def require_may_keep(by: Actor, department: Department) -> None:
    """Raise `NotAllowedError` unless `by` may change the records of the department's staff."""
    if isinstance(by, User) and not permissions.may_keep(by, department):
        raise NotAllowedError(_("You are not HR of %(department)s.") % {"department": department})


def require_identity(staff_number: str, display_name: str, latin_name: str) -> None:
    """Raise `PeopleError` for a staff number or a name that cannot be one, or a number somebody has."""
    if not rules.is_staff_number(staff_number):
        raise PeopleError(_("A staff number is up to 30 letters and digits."))
    if User.objects.filter(staff_number__iexact=staff_number).exists():
        raise PeopleError(_("The staff number %(number)s is taken.") % {"number": staff_number})
    if not rules.is_name(display_name):
        raise PeopleError(_("A name begins with a letter and stands on one line."))
    if latin_name and not rules.is_latin_name(latin_name):
        raise PeopleError(_("The name in Latin letters may hold no others."))


def require_not_ahead(day: date, at: datetime) -> None:
    """Raise `PeopleError` when the day is after the day of `at`: home department and roles change at once."""
    if day > timezone.localtime(at).date():
        raise PeopleError(_("The day lies ahead. Enter it when it has come."))


def end_posting(person: User, *, last_day: date) -> dict[str, Any] | None:
    """End the open posting and return what it was; None when there is none."""
    posting = person.postings.filter(until=None).first()
    if posting is None:
        return None
    if last_day < posting.starts_on:
        raise PeopleError(
            _("The present posting began on %(day)s. Give a later day.") % {"day": posting.starts_on.isoformat()}
        )
    facts = posting_facts(posting)
    posting.until = last_day
    posting.save(update_fields=["until"])
    return facts


def open_posting(
    person: User,
    department: Department,
    position: Position,
    section: Section | None,
    window: Window | None,
    starts_on: date,
) -> Posting:
    """Create a posting; a window alone says its section too. Raises `PeopleError` when the two disagree."""
    if window is not None:
        if section is not None and window.section_id != section.pk:
            raise PeopleError(_("Window %(number)s is not in that section.") % {"number": window.number})
        section = window.section
    return Posting.objects.create(
        person=person, department=department, position=position, section=section, window=window, starts_on=starts_on
    )


def posting_facts(posting: Posting) -> dict[str, Any]:
    """Return what the audit trail keeps of a posting."""
    return {
        "department": posting.department_id,
        "position": posting.position_id,
        "section": posting.section_id,
        "window": posting.window_id,
        "starts_on": posting.starts_on.isoformat(),
    }
