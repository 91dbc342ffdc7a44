"""What a paper may be drawn from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from django.db.models import Count, FilteredRelation, Q

from assessments import rules
from assessments.models import AttemptItem, Exam, Item, ItemVersion
from assessments.scoring import marking
from assessments.scoring.irt import difficulty_from_judgement
from assessments.scoring.stages import DEFAULT_STAGES


@dataclass(frozen=True, slots=True)
class AvailableItem:
    """The newest approved version of a live item, with its difficulty in logits on the framework's scale.

    By its calibration, if one was accepted for this very version (`parameters_id`); else as its author judged, with a
    slope of 1. `doubt` is the standard deviation of the difficulty.
    """

    version_id: int
    item_id: int
    competency_id: int
    level: int
    kind: str
    difficulty: float
    slope: float = 1.0
    doubt: float = DEFAULT_STAGES.judged_sd
    parameters_id: int | None = None
    valid_until: date | None = None

    @property
    def dated(self) -> rules.DatedItem:
        return rules.DatedItem(self.drawable, self.valid_until)

    @property
    def drawable(self) -> rules.AvailableItem:
        return rules.AvailableItem(self.version_id, self.competency_id, self.level, self.kind)


def cuts_of(exam: Exam) -> list[float]:
    """Return where levels 2 to 5 begin on the scale of the exam's framework."""
    return exam.framework.cuts()


def blueprint_of(exam: Exam) -> list[rules.BlueprintRow]:
    """Return the rows a paper of the exam is drawn by, in the order they were written."""
    rows = exam.blueprint.order_by("part__number", "pk")
    return [
        rules.BlueprintRow(competency, count, level, kind or None, part)
        for competency, count, level, kind, part in rows.values_list(
            "competency_id", "count", "level", "kind", "part__number"
        )
    ]


def asked_about(exam: Exam) -> set[int]:
    """Return the competencies an exam asks about: by its blueprint, or by the questions everybody gets."""
    rows = exam.chosen.values_list("item__competency") if exam.is_fixed else exam.blueprint.values_list("competency")
    return {pk for (pk,) in rows}


def available_items(
    exam: Exam,
    *,
    on: date,
    cuts: Sequence[float] | None = None,
    calibrated: bool | None = None,
    state: str = Item.State.LIVE,
) -> list[AvailableItem]:
    """Return the newest approved version of every item of the exam's bank in a `state` (live) and valid on a day.

    A bank kept for the other purpose has none: practice draws from practice banks alone, and nothing else does.
    Practice and adaptive exams leave out what only people can mark, adaptive ones also what no accepted calibration in
    force has measured; `calibrated` asks for those, or for all, whatever the exam is.
    """
    cuts = cuts_of(exam) if cuts is None else cuts
    versions = ItemVersion.objects.in_use().filter(item__bank=exam.bank_id, item__state=state)
    versions = versions.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on))
    versions = versions.filter(item__bank__for_practice=exam.is_practice)
    if exam.is_practice or exam.is_adaptive:
        versions = versions.exclude(kind__in=marking.BY_PEOPLE)
    in_force = Q(parameters__in_force_from__isnull=False, parameters__in_force_until=None)
    versions = versions.annotate(now=FilteredRelation("parameters", condition=in_force))
    if exam.is_adaptive if calibrated is None else calibrated:
        versions = versions.filter(now__isnull=False)
    rows = versions.values_list(
        "pk",
        "item_id",
        "item__competency_id",
        "level",
        "kind",
        "judged_p",
        "now__pk",
        "now__a",
        "now__b",
        "now__se_b",
        "valid_until",
    )
    return [
        AvailableItem(*which, level, kind, b, a, se_b, found, valid_until=until)
        if found
        else AvailableItem(*which, level, kind, difficulty_from_judgement(level, judged_p, cuts), valid_until=until)
        for *which, level, kind, judged_p, found, a, b, se_b, until in rows
    ]


@dataclass(frozen=True, slots=True)
class PilotPool:
    """Items that can be tried out in an exam, with how often it has shown each."""

    items: list[AvailableItem]
    shown: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.items)

    def least_shown(self, number: int, chance: Random) -> list[AvailableItem]:
        """Return so many of them, or all there are: those shown least, by chance among equals."""
        mixed = sorted(self.items, key=lambda item: item.version_id)
        chance.shuffle(mixed)
        return sorted(mixed, key=lambda item: self.shown.get(item.item_id, 0))[:number]


def pilot_pool(
    exam: Exam, competencies: Collection[int], *, on: date, cuts: Sequence[float] | None = None
) -> PilotPool:
    """Return the pilot items of an exam's bank on what the exam asks about, without those that people mark."""
    found = available_items(exam, on=on, cuts=cuts, state=Item.State.PILOT)
    items = [item for item in found if item.competency_id in competencies and item.kind not in marking.BY_PEOPLE]
    rows = AttemptItem.objects.filter(attempt__exam=exam, is_pilot=True).order_by().values_list("item_version__item")
    return PilotPool(items, dict(rows.annotate(n=Count("pk"))))
