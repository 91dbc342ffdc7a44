"""What a position asks for, from a day until a day, never forgotten."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from training.competencies.models import Competency, Target
from training.operations.services import Actor, Event, record_many
from training.people.models import Position
from training.people.services import PeopleError, require_whole_centre

Levels = Mapping[Competency, int | None]


class TargetError(PeopleError):
    """Targets that cannot be; the text tells the user why."""


@transaction.atomic
def set_targets(*, wanted: Mapping[Position, Levels], starts_on: date, by: Actor, at: datetime) -> int:
    """Make each position ask for these levels from a day on, None for nothing; return how many targets changed.

    Competencies that are not named stay as they are. A target that changes ends the day before and stays on record; one
    that was to begin later goes. Running it again changes nothing. Raises `NotAllowedError` when `by` is not HR of the
    whole centre, `TargetError` for a level there is not, or when the day would rewrite what was asked for before today.
    """
    require_whole_centre(by)
    today = timezone.localtime(at).date()
    later = Q(until=None) | Q(until__gte=starts_on)
    rows: dict[tuple[int, int], list[Target]] = defaultdict(list)
    for row in Target.objects.select_for_update(of=("self",)).filter(later, position__in=list(wanted)):
        rows[row.position_id, row.competency_id].append(row)
    plans = [
        _Plan(position, competency, level, rows[position.pk, competency.pk], starts_on)
        for position, levels in wanted.items()
        for competency, level in levels.items()
    ]
    changed = [plan for plan in plans if plan.changes]
    for plan in changed:
        plan.require_possible(today)
    Target.objects.filter(pk__in=[row.pk for plan in changed for row in plan.gone]).delete()
    Target.objects.bulk_update([row for plan in changed for row in plan.kept], ["until"], batch_size=500)
    Target.objects.bulk_create([row for plan in changed for row in plan.new], batch_size=500)
    _record(changed, starts_on, by, at)
    return len(changed)


class _Plan:
    """What is to become of the rows of one position and competency, none of which ends before the day."""

    def __init__(
        self, position: Position, competency: Competency, level: int | None, rows: list[Target], starts_on: date
    ) -> None:
        self.position, self.competency, self.level = position, competency, level
        running = next((row for row in rows if row.starts_on <= starts_on), None)
        self.before = running.level if running else None
        goes_on = running is not None and running.level == level
        self.gone = [row for row in rows if row.starts_on >= starts_on and not (goes_on and row is running)]
        self.kept: list[Target] = []
        self.new: list[Target] = []
        if goes_on and running is not None:
            if running.until is not None:
                running.until = None
                self.kept.append(running)
            return
        if running is not None and running.starts_on < starts_on:
            running.until = starts_on - timedelta(days=1)
            self.kept.append(running)
        if level is not None:
            self.new.append(Target(position=position, competency=competency, level=level, starts_on=starts_on))

    @property
    def changes(self) -> bool:
        return bool(self.gone or self.kept or self.new)

    def require_possible(self, today: date) -> None:
        if self.level is not None and not 1 <= self.level <= 5:  # the five levels
            raise TargetError(_("A level is a number from 1 to 5."))
        began = [row.starts_on for row in self.gone if row.starts_on < today]
        if began:
            raise TargetError(
                _("%(competency)s has been asked for since %(day)s. Choose a later day.")
                % {"competency": self.competency, "day": max(began).isoformat()}
            )


def _record(plans: list[_Plan], starts_on: date, by: Actor, at: datetime) -> None:
    """Keep one event per position."""
    before: dict[Position, dict[str, Any]] = defaultdict(dict)
    after: dict[Position, dict[str, Any]] = defaultdict(dict)
    for plan in plans:
        before[plan.position][plan.competency.code] = plan.before
        after[plan.position][plan.competency.code] = plan.level
    events = [
        Event(
            "competencies.targets_set",
            position,
            before=before[position],
            after={**levels, "starts_on": starts_on.isoformat()},
        )
        for position, levels in after.items()
    ]
    record_many(events, by=by, at=at)
