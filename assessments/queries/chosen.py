"""The paper that everybody gets: what was chosen for it, whether it can be sat, how it compares with the blueprint."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from assessments import rules
from assessments.models import ChosenItem, Exam, ExamPart, ExamSession, Item, ItemVersion
from assessments.rules import plain
from training.competencies.models import LEVELS, Competency

from .drawing import blueprint_of

FILTERS = {"competency": "item__competency__code", "level": "level", "kind": "kind"}
SHOWN = ("pk", "item_id", "stem", "kind", "level", "parts", "details", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """A question of the paper with its version in use; `fault` says why it cannot be asked, "" that it can."""

    row: ChosenItem
    version: ItemVersion | None
    fault: str

    @property
    def drawable(self) -> rules.AvailableItem | None:
        """The question as a blueprint looks at it."""
        if self.version is None:
            return None
        return rules.AvailableItem(self.row.pk, self.row.item.competency_id, self.version.level, self.version.kind)

    @property
    def minutes(self) -> float:
        if self.version is None:
            return 0
        own = self.version.details.get("minutes")
        return rules.minutes_expected(self.version.kind, len(self.version.parts), own)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A row of the blueprint with what the paper has for it."""

    competency: Competency
    row: rules.BlueprintRow
    has: int

    @property
    def is_filled(self) -> bool:
        return self.has >= self.row.count


@dataclass(frozen=True, slots=True)
class FixedPaper:
    """The paper of an exam as it stands: its parts, its questions in order, what the blueprint says of them."""

    parts: list[tuple[ExamPart, list[ChosenLine]]]
    asked: list[AskedLine]
    until: date

    @property
    def lines(self) -> list[ChosenLine]:
        return [line for _part, lines in self.parts for line in lines]

    @property
    def faults(self) -> list[ChosenLine]:
        return [line for line in self.lines if line.fault]

    @property
    def is_sound(self) -> bool:
        """Whether it can be sat: no part is empty, and everything in it can be asked."""
        return all(lines for _part, lines in self.parts) and not self.faults

    @property
    def minutes(self) -> int:
        return round(sum(line.minutes for line in self.lines))

    @property
    def beside(self) -> int:
        """How many questions no row of the blueprint asks for."""
        return len(self.lines) - sum(line.has for line in self.asked)

    @property
    def levels(self) -> list[tuple[Competency, list[int], int]]:
        """Of each competency the questions at each level, and all."""
        counts: Counter[tuple[int, int]] = Counter()
        names: dict[int, Competency] = {}
        for line in self.lines:
            if line.version is not None:
                names[line.row.item.competency_id] = line.row.item.competency
                counts[line.row.item.competency_id, line.version.level] += 1
        rows = [(one, [counts[one.pk, level] for level, _name in LEVELS]) for one in names.values()]
        return [(one, row, sum(row)) for one, row in sorted(rows, key=lambda found: found[0].position)]


def fixed_paper(exam: Exam, *, on: date, until: date | None = None) -> FixedPaper:
    """Return the paper of a fixed exam as it would be sat from a day on, until the exam and its sessions are over.

    `until` asks no further than that day.
    """
    chosen = list(exam.chosen.select_related("item__competency", "part").order_by("part__number", "position"))
    items = [row.item_id for row in chosen]
    versions = {one.item_id: one for one in ItemVersion.objects.in_use().filter(item__in=items).only(*SHOWN)}
    first, until = sat_from(exam, on=on), until or sat_until(exam, on=on)
    lines = [ChosenLine(row, found := versions.get(row.item_id), _fault(exam, row.item, found, first, until))
             for row in chosen]  # fmt: skip
    parts = [(part, [line for line in lines if line.row.part_id == part.pk]) for part in exam.parts.all()]
    return FixedPaper(parts, _asked(exam, parts), until)


def sat_from(exam: Exam, *, on: date) -> date:
    """Return the first day an exam can be begun on, a given day at least."""
    return max(on, timezone.localdate(exam.opens_at)) if exam.opens_at else on


def sat_until(exam: Exam, *, on: date) -> date:
    """Return the last day an exam can be begun on as far as is known, a given day at least."""
    sessions = ExamSession.objects.filter(exam=exam, cancelled_at=None).aggregate(last=Max("closes_at"))["last"]
    ends = [timezone.localdate(moment) for moment in (exam.closes_at, sessions) if moment]
    return max([sat_from(exam, on=on), *ends])


def choosable(exam: Exam, filters: Mapping[str, Any], *, on: date) -> QuerySet[ItemVersion]:
    """Return the items that can still be chosen: live in the exam's bank, valid as long as it is sat, not chosen yet.

    `filters`: competency (code), level, kind; `q`: words that all stand in the texts or the code.
    """
    until = sat_until(exam, on=on)
    found = ItemVersion.objects.in_use().filter(
        Q(valid_from=None) | Q(valid_from__lte=sat_from(exam, on=on)),
        Q(valid_until=None) | Q(valid_until__gte=until),
        item__bank=exam.bank_id,
        item__bank__for_practice=False,
        item__state=Item.State.LIVE,
    )
    found = found.exclude(item__in=exam.chosen.values("item"))
    found = found.filter(**{FILTERS[name]: filters[name] for name in FILTERS if filters.get(name)})
    for word in plain(str(filters.get("q") or "")).split():
        found = found.filter(Q(words__contains=word) | Q(item__code__icontains=word))
    rows = found.select_related("item__bank", "item__competency").defer("options", "key", "rationale", "words")
    return rows.order_by("item__competency__position", "item__code")


def _fault(exam: Exam, item: Item, version: ItemVersion | None, first: date, until: date) -> str:
    if version is None or item.bank_id != exam.bank_id or item.state != Item.State.LIVE:
        return "not_live"
    if version.valid_from and version.valid_from > first:
        return "too_early"
    if version.valid_until and version.valid_until < until:
        return "runs_out"
    return ""


def _asked(exam: Exam, parts: Sequence[tuple[ExamPart, list[ChosenLine]]]) -> list[AskedLine]:
    rows = blueprint_of(exam)
    if not rows:
        return []
    names = Competency.objects.in_bulk({row.competency for row in rows})
    found = []
    for part, lines in parts:
        mine = [row for row in rows if row.part == part.number]
        has = [rules.DatedItem(item) for line in lines if (item := line.drawable)]
        found += [AskedLine(names[one.row.competency], one.row, one.seated)  # type: ignore[index]  # a row names a pk
                  for one in rules.feasibility(mine, has)]  # fmt: skip
    return found
