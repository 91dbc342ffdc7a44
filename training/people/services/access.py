"""Who may see whose record because of a relation between the two."""

from datetime import date, datetime, timedelta

from django.db import transaction

from training.operations.services import Actor, record
from training.people.models import Access, User


@transaction.atomic
def give_access(
    *, viewer: User, subject: User, why: str, starts_on: date, until: date | None, by: Actor, at: datetime
) -> Access:
    """Let `viewer` see the record of `subject` from `starts_on` until `until`, both days included.

    Called by whoever creates the relation named in `why` (a mentorship, a panel), which has checked that `by` may.
    """
    access = Access.objects.create(viewer=viewer, subject=subject, why=why, starts_on=starts_on, until=until)
    record(action="people.access_given", by=by, subject=access, person=subject, at=at, after=_facts(access))
    return access


@transaction.atomic
def end_access(*, access: Access, on: date, by: Actor, at: datetime) -> None:
    """Take the access away: `on` is the first day without it. One that ends earlier anyway stays as it is."""
    last_day = on - timedelta(days=1)
    if access.until is not None and access.until <= last_day:
        return
    before = _facts(access)
    access.until = last_day
    access.save(update_fields=["until"])
    record(
        action="people.access_ended",
        by=by,
        subject=access,
        person=access.subject,
        at=at,
        before=before,
        after=_facts(access),
    )


def _facts(access: Access) -> dict[str, str | int | None]:
    return {
        "viewer": access.viewer_id,
        "why": access.why,
        "starts_on": access.starts_on.isoformat(),
        "until": access.until.isoformat() if access.until else None,
    }
