"""Leaving, and coming back."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from training.operations.services import Actor, record
from training.people.models import Department, Position, Posting, Section, User, Window

from .access import end_access
from .checks import require_may_keep, require_may_touch, require_not_ahead
from .errors import NotAllowedError, PeopleError
from .postings import end_loans, end_posting, open_posting, posting_facts, section_of, tell_of_move
from .roles import end_grants, forget_roles


@transaction.atomic
def leave(*, person: User, last_day: date, by: Actor, at: datetime) -> None:
    """End the person's posting, loans, roles and access on their last day, and suspend the account at once.

    Their session ends with the next request. What higher floors hand over is named in `WHEN_SOMEBODY_LEAVES` and
    belongs to the same transaction. Raises `NotAllowedError` as `move` does and for oneself, `PeopleError` when the day
    lies ahead or before the posting began, or the person has left already.
    """
    require_may_touch(by, person)
    if isinstance(by, User) and by.pk == person.pk:
        raise NotAllowedError(_("Nobody ends their own employment here: ask another HR officer."))
    if not person.is_active:
        raise PeopleError(_("%(person)s has left already.") % {"person": person})
    require_not_ahead(last_day, at)
    before = end_posting(person, last_day=last_day)
    end_loans(person, last_day=last_day)
    for name in settings.WHEN_SOMEBODY_LEAVES:
        import_string(name)(person=person, last_day=last_day, by=by, at=at)
    _end_sight(person, last_day=last_day, by=by, at=at)
    grants = person.role_grants.filter(Q(until=None) | Q(until__gt=last_day))
    end_grants(person, grants, last_day=last_day, by=by, at=at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget_roles(person)
    after = {"last_day": last_day.isoformat()}
    record(action="people.left", by=by, subject=person, person=person, at=at, before=before, after=after)


@transaction.atomic
def come_back(
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
    """Take a former member of staff back, with all their history; roles are given anew.

    Back in the place they left without a day between, the old posting goes on: so a mistaken leaving is put right.
    Raises `NotAllowedError` unless `by` is HR of the former and of the new department, `PeopleError` for somebody who
    has not left, a day ahead, or one before the last posting ended.
    """
    require_may_touch(by, person)
    require_may_keep(by, department)
    if person.is_active:
        raise PeopleError(_("%(person)s has not left.") % {"person": person})
    if person.erased_at:
        raise PeopleError(_("This person was made anonymous. Enter them as a new member of staff."))
    require_not_ahead(starts_on, at)
    person.department, person.is_active = department, True
    person.save(update_fields=["department", "is_active"])
    section = section_of(section, window)
    place = {"department": department, "position": position, "section": section, "window": window}
    posting = person.postings.own().filter(until__gte=starts_on, starts_on__lte=starts_on, **place).first()
    if posting is None:
        posting = open_posting(person, department, position, section, window, starts_on, at=at)
    else:
        posting.until = None
        posting.save(update_fields=["until"])
    record(action="people.returned", by=by, subject=person, person=person, at=at, after=posting_facts(posting))
    tell_of_move(person, by=by, at=at)
    return posting


def _end_sight(person: User, *, last_day: date, by: Actor, at: datetime) -> None:
    """End what the person may see of others because of a relation; each of those has it in their trail."""
    for access in person.may_see.filter(Q(until=None) | Q(until__gt=last_day)).select_related("subject"):
        end_access(access=access, on=last_day + timedelta(days=1), by=by, at=at)
