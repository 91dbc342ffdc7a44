"""Setting how long things are kept, and forgetting what has been kept long enough."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from training.accountability.models import RetentionRule
from training.accountability.queries.retention import months_of
from training.lib.retention import Kept, months_before
from training.operations.services import record
from training.people.models import Role, User
from training.people.permissions import grants_held

PROCESS = "retention"


class RetentionError(Exception):
    """A rule that is not set, and why, in words for whoever tried."""


@transaction.atomic
def set_retention(*, kind: Kept, months: int, by: User, at: datetime) -> RetentionRule:
    """Keep rows of the kind for so many months from now on.

    Raises `RetentionError` below the least, and for anybody but an administrator of the whole centre.
    """
    if not any(grant.is_for_centre for grant in grants_held(by, [Role.ADMINISTRATOR])):
        raise RetentionError(_("Only an administrator of the whole centre sets how long things are kept."))
    if months < kind.least:
        raise RetentionError(_("At least %(least)s months.") % {"least": kind.least})
    before = months_of(kind)
    rule, _created = RetentionRule.objects.update_or_create(
        kind=kind.name, defaults={"months": months, "changed_at": at}
    )
    record(
        action="accountability.retention_set",
        by=by,
        subject=rule,
        at=at,
        before={"months": before},
        after={"months": months},
    )
    return rule


def purge(*, kind: Kept, at: datetime) -> int:
    """Forget what has been kept long enough, some hundred rows in each transaction; record how many there were.

    Broken off, what is gone is recorded and the rest goes the next time.
    """
    months, total = months_of(kind), 0
    before = months_before(at, months)
    try:
        while number := kind.forget_some(before, at=at):
            total += number
    finally:
        if total:
            _record(kind, months=months, total=total, before=before, at=at)
    return total


@transaction.atomic
def _record(kind: Kept, *, months: int, total: int, before: datetime, at: datetime) -> None:
    rule = RetentionRule.objects.filter(kind=kind.name).first()
    subject = rule or RetentionRule(pk=0, kind=kind.name, months=months)
    after = {"rows": total, "months": months, "before": before.date().isoformat()}
    record(action="accountability.purged", by=PROCESS, subject=subject, at=at, after=after)
