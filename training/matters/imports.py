"""Which window serves which matter, from when until when."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step
from training.lib.tables import Table
from training.matters.models import ServiceMatter, WindowMatter
from training.operations.services import Event, record_many
from training.people import permissions
from training.people.imports.windows import window_in
from training.people.models import User, Window

BATCH = 500


@dataclass(frozen=True)
class Books:
    """Windows by number, matters by code, the departments the importer keeps (None: all), periods on record by key."""

    windows: dict[str, Window]
    matters: dict[str, ServiceMatter]
    kept: frozenset[int] | None
    periods: dict[Hashable, WindowMatter]


class WindowMatterImport(RecordImport):
    """One row is one period in which a window serves a matter; an end day closes it."""

    kind, icon, key_field = "window-matters", "signpost", "window"
    label = gettext_lazy("Which window serves what")
    about = gettext_lazy(
        "One row is one matter at one window from a day on, found by the three together. A last day ends it."
    )
    needs = gettext_lazy("Only HR and administrators import which window serves what.")
    columns = (
        Column("window", "Window", "窗口号", required=True, also=("window number", "窗口")),
        Column(
            "matter",
            "Matter",
            "事项",
            required=True,
            hint=gettext_lazy("The code, the last part of its address."),
            also=("matter code", "事项代码"),
        ),
        Column("starts_on", "First day", "开始日期", required=True, also=("since", "from", "起始日期")),
        Column("until", "Last day", "结束日期", also=("to", "终止日期", "截止日期")),
    )

    def may(self, person: User) -> bool:
        return bool(permissions.KEEPERS & person.role_names)

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        window = Window.objects.order_by("number").first()
        matter = (
            ServiceMatter.objects.filter(department__in=permissions.departments_kept(person)).order_by("code").first()
        )
        yield {
            "window": window.number if window else 1,
            "matter": matter.code if matter else "company-registration",
            "starts_on": "2026-03-01",
        }

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        kept = permissions.departments_kept(person)
        for matter in ServiceMatter.objects.filter(department__in=kept).order_by("code"):
            yield "matter", matter.code, str(matter)
        for window in Window.objects.order_by("number"):
            yield "window", str(window.number), str(window)

    def count(self, viewer: User, *, at: datetime) -> int:
        return periods_of(viewer).count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        for period in periods_of(viewer).order_by("window__number", "matter__code", "starts_on"):
            yield {
                "window": period.window.number,
                "matter": period.matter.code,
                "starts_on": period.starts_on,
                "until": period.until or "",
            }

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        kept = permissions.departments_kept(by).values_list("pk", flat=True) if isinstance(by, User) else None
        return Books(
            {str(window.number): window for window in Window.objects.all()},
            {matter.code: matter for matter in ServiceMatter.objects.select_related("department")},
            None if kept is None else frozenset(kept),
            {key_of(period): period for period in WindowMatter.objects.select_related("window", "matter")},
        )

    def read(self, cells: Cells, books: Books) -> Entry | None:
        window = window_in(cells, books.windows)
        cells.required("matter")
        matter = cells.look_up("matter", books.matters, _("no matter has the code “%(value)s”."))
        if matter is not None and books.kept is not None and matter.department_id not in books.kept:
            text = _("you are not HR of the department “%(code)s”.")
            cells.fault("matter", text % {"code": matter.department.code})
        starts_on, until = cells.required_day("starts_on"), cells.day("until")
        if starts_on and until and until < starts_on:
            cells.fault("until", _("The last day comes before the first."))
        if window is None or matter is None or starts_on is None:
            return None
        told = until.isoformat() if until else ""
        facts = {"until": told if cells.has("until") else None}
        return Entry(cells.line, (window.number, matter.code, starts_on.isoformat()), f"{window}: {matter}", facts)

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {key: {"until": end_of(period)} for key, period in books.periods.items()}

    def check(self, entries: Sequence[Entry], books: Books) -> Iterable[tuple[Entry, str, str]]:
        """Find periods of one matter at one window that overlap, in the file or with what is on record."""
        ends = {key: (end_of(period), None) for key, period in books.periods.items()}
        said: dict[Any, tuple[str, Entry | None]] = dict(ends)
        for entry in entries:
            before = ends.get(entry.key, ("", None))[0]
            said[entry.key] = (before if entry.facts["until"] is None else entry.facts["until"], entry)
        pairs: dict[tuple[Any, Any], list[tuple[str, str, Entry | None]]] = defaultdict(list)
        for (window, matter, starts_on), (until, about) in said.items():
            pairs[window, matter].append((starts_on, until, about))
        for periods in pairs.values():
            yield from overlaps(sorted(periods, key=lambda period: period[0]))

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        new, known = [], []
        for step in steps:
            period = books.periods.get(step.entry.key) or new_period(step.entry.key, books)
            period.until = date.fromisoformat(text) if (text := step.entry.facts["until"]) else None
            (known if period.pk else new).append(period)
        WindowMatter.objects.bulk_update(known, ["until"], batch_size=BATCH)
        WindowMatter.objects.bulk_create(new, batch_size=BATCH)
        written = {key_of(period): period for period in [*new, *known]}
        record_many(
            [
                Event(
                    "matters.window_serves",
                    written[step.entry.key],
                    before=dict(step.before) if step.before else None,
                    after={"period": list(step.entry.key), **step.changed},  # type: ignore[call-overload]  # the key of an `Entry` is Any; here a tuple
                )
                for step in steps
            ],
            by=by,
            at=at,
        )
        progress.advance(len(steps))


def periods_of(viewer: User) -> "QuerySet[WindowMatter]":
    """Return what windows serve of the matters of departments the viewer keeps."""
    kept = permissions.departments_kept(viewer)
    return WindowMatter.objects.filter(matter__department__in=kept).select_related("window", "matter")


def key_of(period: WindowMatter) -> tuple[int, str, str]:
    return period.window.number, period.matter.code, period.starts_on.isoformat()


def end_of(period: WindowMatter) -> str:
    return period.until.isoformat() if period.until else ""


def new_period(key: Any, books: Books) -> WindowMatter:
    number, code, starts_on = key
    window, matter = books.windows[str(number)], books.matters[code]
    return WindowMatter(window=window, matter=matter, starts_on=date.fromisoformat(starts_on))


def overlaps(periods: Sequence[tuple[str, str, Entry | None]]) -> Iterator[tuple[Entry, str, str]]:
    """Yield what is wrong with periods of one pair, given by first day; ISO days compare as words."""
    for earlier, later in pairwise(periods):
        if earlier[1] and earlier[1] < later[0]:
            continue
        entry = later[2] or earlier[2]
        if entry is not None:
            other = earlier if entry is later[2] else later
            text = _("the window serves the matter from %(day)s already; end that period before.")
            yield entry, "starts_on", text % {"day": other[0]}
