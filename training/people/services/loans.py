"""Lending people to another hall section for a time, and having them back early."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import Actor, record
from training.people.models import Posting, Section, User, Window

from .checks import require_active, require_may_touch
from .errors import PeopleError
from .postings import own_posting, posting_facts, section_of, tell_of_move

LONGEST = timedelta(days=366)


@transaction.atomic
def lend(
    *,
    person: User,
    section: Section | None,
    window: Window | None,
    starts_on: date,
    until: date,
    by: Actor,
    at: datetime,
) -> Posting:
    """Lend the person to a section, or to a window of it, from `starts_on` until `until`, both days included.

    Department and position stay; while it lasts the head of that section sees the person, and it ends by itself.
    It may lie ahead. Raises `NotAllowedError` unless `by` keeps the record, `PeopleError` for somebody who has left or
    has no posting to be lent from, for the own section, and for days that are the wrong way round, over, more than a
    year apart or taken by another loan.
    """
    require_may_touch(by, person)
    require_active(person)
    section = section_of(section, window)
    home = own_posting(person)
    if section is None:
        raise PeopleError(_("Choose the section or the window to lend to."))
    if home is None:
        raise PeopleError(_("There is no posting to be lent from. Move the person to one first."))
    if home.section_id == section.pk:
        raise PeopleError(_("The person stands in that section already. Choose another one."))
    _require_days(person, home, starts_on, until, today=timezone.localtime(at).date())
    loan = Posting.objects.create(
        person=person,
        department=home.department,
        position=home.position,
        section=section,
        window=window,
        starts_on=starts_on,
        until=until,
        is_loan=True,
        entered_at=at,
    )
    record(action="people.lent", by=by, subject=loan, person=person, at=at, after=posting_facts(loan))
    tell_of_move(person, by=by, at=at)
    return loan


@transaction.atomic
def end_loan(*, loan: Posting, on: date, by: Actor, at: datetime) -> None:
    """Have the person back early: `on` is the first day without the loan. One that never was is gone altogether.

    Raises `NotAllowedError` unless `by` keeps the record, `PeopleError` when it is over by then anyway.
    """
    require_may_touch(by, loan.person)
    last_day = on - timedelta(days=1)
    if loan.until is None or loan.until <= last_day:
        raise PeopleError(_("The loan is over by then. There is nothing to end."))
    before = posting_facts(loan)
    never_was = loan.starts_on > last_day
    loan.until = last_day
    after = None if never_was else posting_facts(loan)
    record(action="people.loan_ended", by=by, subject=loan, person=loan.person, at=at, before=before, after=after)
    if never_was:
        loan.delete()
    else:
        loan.save(update_fields=["until"])
    tell_of_move(loan.person, by=by, at=at)


def _require_days(person: User, home: Posting, starts_on: date, until: date, *, today: date) -> None:
    if until < starts_on:
        raise PeopleError(_("The loan ends before it begins. Give a later last day."))
    if until < today:
        raise PeopleError(_("The loan would be over already. Give a last day that is still to come."))
    if starts_on < home.starts_on:
        raise PeopleError(
            _("The present posting began on %(day)s. Give a later day.") % {"day": home.starts_on.isoformat()}
        )
    if until - starts_on > LONGEST:
        raise PeopleError(_("A loan lasts a year at most. For longer, move the person."))
    other = person.postings.filter(is_loan=True, starts_on__lte=until, until__gte=starts_on).first()
    if other is not None and other.until is not None:
        text = _("The person is lent elsewhere until %(day)s. End that loan first, or begin after it.")
        raise PeopleError(text % {"day": other.until.isoformat()})
