"""What a paper may be drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from assessments import rules
from assessments.models import Exam, Item, ItemVersion
from assessments.scoring.irt import difficulty_from_judgement


@dataclass(frozen=True, slots=True)
class AvailableItem:
    """The newest version of a live item, with its difficulty in logits on the framework's scale."""

    version_id: int
    competency_id: int
    level: int
    kind: str
    difficulty: float

    @property
    def drawable(self) -> rules.AvailableItem:
        return rules.AvailableItem(self.version_id, self.competency_id, self.level, self.kind)


def cuts_of(exam: Exam) -> list[float]:
    """Return where levels 2 to 5 begin on the scale of the exam's framework."""
    return exam.framework.cuts()


def blueprint_of(exam: Exam) -> list[rules.BlueprintRow]:
    """Return the rows a paper of the exam is drawn by, in the order they were written."""
    rows = exam.blueprint.order_by("pk").values_list("competency_id", "count", "level", "kind")
    return [rules.BlueprintRow(competency, count, level, kind or None) for competency, count, level, kind in rows]


def available_items(exam: Exam, cuts: Sequence[float] | None = None) -> list[AvailableItem]:
    """Return every item of the exam's bank that is live, in its newest version."""
    cuts = cuts_of(exam) if cuts is None else cuts
    newer = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    versions = ItemVersion.objects.filter(~Exists(newer), item__bank=exam.bank_id, item__state=Item.State.LIVE)
    rows = versions.values_list("pk", "item__competency_id", "level", "kind", "judged_p")
    return [
        AvailableItem(pk, competency, level, kind, difficulty_from_judgement(level, judged_p, cuts))
        for pk, competency, level, kind, judged_p in rows
    ]
