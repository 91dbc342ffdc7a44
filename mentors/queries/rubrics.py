"""Rubrics as people read them: criteria with their steps and the clauses they look at, as those read today."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mentors.models import Criterion, CriterionCitation, Observation, Rubric
from training.lib.texts import text_in
from training.matters.models import ClausePlacement
from training.matters.queries import CitationState, ClauseText, clauses_on, policy_address, with_citation_state

STEPS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Cited:
    """A clause a criterion looks at: its label as cited; words, policy and address as in force, empty when gone."""

    label: str
    text: str
    policy: str
    address: str
    state: str

    @property
    def is_old(self) -> bool:
        return self.state != CitationState.FRESH

    @property
    def state_label(self) -> str:
        return str(CitationState(self.state).label)


@dataclass(frozen=True)
class CriterionView:
    """A criterion with what each step looks like, and its clauses."""

    criterion: Criterion
    cited: list[Cited]

    @property
    def steps(self) -> list[tuple[str, str]]:
        return [(step, text_in(self.criterion.anchors.get(step))) for step in STEPS]


def rubrics(seen: "QuerySet[Observation]") -> "QuerySet[Rubric]":
    """Return the rubrics with how many criteria they have and how many of the observations `seen` there are by them."""
    counted = Rubric.objects.annotate(
        asked=Count("criteria", distinct=True),
        observed=Count("observations", filter=Q(observations__in=seen.values("pk")), distinct=True),
    )
    return counted.select_related("competency").order_by("code")


def criteria_of(rubric: Rubric, *, on: date) -> list[CriterionView]:
    """Return the criteria of a rubric as its page shows them (three queries)."""
    rows = CriterionCitation.objects.filter(criterion__rubric=rubric).order_by("pk")
    cited = list(with_citation_state(rows).select_related("clause_version__clause", "criterion"))
    placed = clauses_on([row.clause_version.clause_id for row in cited], on)
    found: dict[int, list[Cited]] = {}
    for row in cited:
        found.setdefault(row.criterion_id, []).append(_cited(row, placed.get(row.clause_version.clause_id)))
    return [CriterionView(one, found.get(one.pk, [])) for one in rubric.criteria.order_by("position")]


def _cited(row: CriterionCitation, placed: ClausePlacement | None) -> Cited:
    state: str = row.state  # type: ignore[attr-defined]  # annotated
    if placed is None:
        return Cited(str(row.clause_version), "", "", "", state)
    words, policy = ClauseText.of(placed.clause_version), placed.policy_version
    address = f"{policy_address(policy.policy.slug)}#{words.anchor}"
    return Cited(str(row.clause_version), words.text, text_in(policy.title), address, state)
