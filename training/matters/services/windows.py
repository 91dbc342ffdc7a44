"""Which window serves what: from a day, until a day, never forgotten."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from training.matters.models import ServiceMatter, WindowMatter
from training.operations.services import Actor, Event, record_many
from training.people.models import Window
from training.people.services import PeopleError, require_whole_centre

Served = Mapping[Window, Collection[ServiceMatter]]


@transaction.atomic
def set_window_matters(*, served: Served, starts_on: date, by: Actor, at: datetime) -> int:
    """Make each window serve exactly these matters from a day on; return how many windows changed.

    What a window no longer serves ends the day before and stays on record; what was to begin later and is not wanted
    goes. Running it again changes nothing; one call for any number of windows. Raises `NotAllowedError` when `by` is
    not HR of the whole centre, `PeopleError` when the day would take back what a window has served already.
    """
    require_whole_centre(by)
    rows: dict[int, list[WindowMatter]] = defaultdict(list)
    later = Q(until=None) | Q(until__gte=starts_on)
    known = WindowMatter.objects.select_for_update(of=("self",)).filter(later, window__in=list(served))
    for row in known.select_related("matter").order_by("matter__code", "starts_on"):
        rows[row.window_id].append(row)
    plans = {window: _Plan(window, rows[window.pk], matters, starts_on) for window, matters in served.items()}
    changed = [plan for plan in plans.values() if plan.changes]
    for plan in changed:
        plan.require_possible(timezone.localtime(at).date())
    gone = [row.pk for plan in changed for row in plan.gone]
    WindowMatter.objects.filter(pk__in=gone).delete()
    kept = [row for plan in changed for row in plan.kept]
    WindowMatter.objects.bulk_update(kept, ["starts_on", "until"], batch_size=500)
    WindowMatter.objects.bulk_create([row for plan in changed for row in plan.new], batch_size=500)
    record_many([plan.event() for plan in changed], by=by, at=at)
    return len(changed)


class _Plan:
    """What is to become of the rows of one window."""

    def __init__(
        self, window: Window, rows: list[WindowMatter], matters: Collection[ServiceMatter], starts_on: date
    ) -> None:
        self.window, self.starts_on = window, starts_on
        self.before = [row.matter.code for row in rows if row.starts_on <= starts_on]
        self.after = sorted(matter.code for matter in matters)
        self.gone: list[WindowMatter] = []
        self.kept: list[WindowMatter] = []
        wanted = {matter.pk: matter for matter in matters}
        for row in rows:
            if row.matter_id in wanted:
                self._go_on(row)
                del wanted[row.matter_id]
            elif row.starts_on >= starts_on:
                self.gone.append(row)
            else:
                row.until = starts_on - timedelta(days=1)
                self.kept.append(row)
        self.new = [WindowMatter(window=window, matter=matter, starts_on=starts_on) for matter in wanted.values()]

    def _go_on(self, row: WindowMatter) -> None:
        if row.until is not None or row.starts_on > self.starts_on:
            row.until, row.starts_on = None, min(row.starts_on, self.starts_on)
            self.kept.append(row)

    def require_possible(self, today: date) -> None:
        if began := [row for row in self.gone if row.starts_on < today]:
            raise PeopleError(
                _("%(window)s has served “%(matter)s” since %(day)s. Choose a later day.")
                % {"window": self.window, "matter": began[0].matter, "day": began[0].starts_on.isoformat()}
            )

    @property
    def changes(self) -> bool:
        return bool(self.gone or self.kept or self.new)

    def event(self) -> Event:
        after = {"serves": self.after, "starts_on": self.starts_on.isoformat()}
        return Event("matters.window_serves", self.window, before={"serves": self.before}, after=after)
