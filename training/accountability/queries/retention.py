"""How long each kind of row is kept, and what would go today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min
from django.utils import timezone

from training.accountability.models import RetentionRule
from training.lib.retention import Kept, all_kinds, months_before


@dataclass(frozen=True)
class Standing:
    """A kind with the months that hold, and what would go at a moment: how many rows, and the oldest day."""

    kind: Kept
    months: int
    changed_at: datetime | None
    number: int
    oldest: date | None


def kind_of(name: str) -> Kept | None:
    """Return the kind of that name."""
    return next((kind for kind in all_kinds() if kind.name == name), None)


def months_of(kind: Kept) -> int:
    """Return for how many months rows of the kind are kept: by its rule, else as usual; never less than the least."""
    rule = RetentionRule.objects.filter(kind=kind.name).first()
    return max(rule.months if rule else kind.usual, kind.least)


def standings(*, at: datetime) -> Iterator[Standing]:
    """Yield every kind as it stands."""
    rules = {rule.kind: rule for rule in RetentionRule.objects.all()}
    for kind in all_kinds():
        rule = rules.get(kind.name)
        months = max(rule.months if rule else kind.usual, kind.least)
        yield standing(kind, months=months, at=at, changed_at=rule.changed_at if rule else None)


def standing(kind: Kept, *, months: int, at: datetime, changed_at: datetime | None = None) -> Standing:
    """Return what would go of the kind if it were kept for so many months."""
    found = kind.old(months_before(at, months)).aggregate(number=Count("pk"), oldest=Min(kind.column))
    oldest = found["oldest"]
    day = timezone.localtime(oldest).date() if isinstance(oldest, datetime) else oldest
    return Standing(kind, months, changed_at, found["number"], day)
