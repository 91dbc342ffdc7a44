"""How long rows of a kind are kept: each app says what it has, the least and the usual time, and how it forgets.

An app names its kinds in a function ``() -> Iterable[Kept]``, and the settings name the function (`RETENTION`): so
whoever shows and runs the rules knows no app.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

LOG_MONTHS = 6
"""What happened on a network is kept at least so long (Cybersecurity Law, article 21)."""
ASSESSMENT_MONTHS = 36
"""Records of a privacy impact assessment are (Personal Information Protection Law, article 56)."""
AT_ONCE = 500


@dataclass(frozen=True)
class Kept:
    """Rows of one kind.

    `old` returns those whose time by `column` was over before a moment, and `forget` takes some hundred of them away in
    one transaction and returns how many; by default it deletes them. `usual` and `least` are months; `by_law` says why
    it is not less.
    """

    name: str
    title: Any
    usual: int
    least: int
    column: str
    old: Callable[[datetime], "models.QuerySet[Any]"]
    forget: Callable[["models.QuerySet[Any]", datetime], int] | None = None
    what: Any = ""
    by_law: Any = ""

    def forget_some(self, before: datetime, *, at: datetime) -> int:
        """Take away a batch of what was over before the moment; return how many rows that were."""
        rows = self.old(before)
        return self.forget(rows, at) if self.forget else delete_some(rows)


@transaction.atomic
def delete_some(rows: "models.QuerySet[Any]") -> int:
    """Delete up to some hundred of these rows; return how many."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    rows.model.objects.filter(pk__in=keys).delete()
    return len(keys)


def all_kinds() -> Iterator[Kept]:
    """Yield the kinds of every app, the highest floor first."""
    for name in settings.RETENTION:
        yield from import_string(name)()


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier); the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(moment: datetime, months: int) -> datetime:
    """Return the begin of the day so many months ago, in the centre's time: what was before it is old."""
    day = months_after(timezone.localtime(moment).date(), -months)
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
