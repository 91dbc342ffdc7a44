"""What came of an attempt, as its result page tells it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from assessments.models import Attempt, AttemptEvidence, AttemptPart, Response
from assessments.permissions import results_visible_to
from assessments.rules import MINIMUM_SCORED
from training.competencies.models import Competency, Level
from training.competencies.rules import level_band, level_position, level_probabilities
from training.people.models import User

from .judging import Judged, judged_of
from .regrades import Told, told_of

BANDS = 5


@dataclass(frozen=True, slots=True)
class LevelChance:
    """How likely a level is, in percent."""

    level: Level
    percent: int


@dataclass(frozen=True, slots=True)
class CompetencyRow:
    """A competency of the paper: how many questions asked for it, and the evidence it gave, if enough of them did."""

    competency: Competency
    questions: int
    evidence: AttemptEvidence | None

    @property
    def is_enough(self) -> bool:
        """Whether so many questions could be evidence; an exam brought over or a trial of questions gives none."""
        return self.questions >= MINIMUM_SCORED


@dataclass(frozen=True, slots=True)
class Result:
    """A scored attempt; `position`, `low`, `high`, `target` are percent of the level bar's width."""

    attempt: Attempt
    last_part: AttemptPart
    questions: int
    late: int
    cut: float
    chances: list[LevelChance]
    position: float
    low: float
    high: float
    target: float
    competencies: list[CompetencyRow]
    judged: list[Judged]
    regrades: list[Told]

    @property
    def reached(self) -> LevelChance:
        """The level the result says, with its probability."""
        return self.chances[self.attempt.level - 1]

    @property
    def gives_evidence(self) -> bool:
        """Whether anything of it counts as evidence now."""
        return any(row.evidence for row in self.competencies)

    @property
    def shortened(self) -> bool:
        """Tell whether the window of the exam closed before the limit was over."""
        attempt, part = self.attempt, self.last_part
        limit = attempt.started_at + timedelta(minutes=attempt.minutes + attempt.extra_minutes)
        if part.opened_at and part.minutes is not None:
            limit = min(limit, part.opened_at + timedelta(minutes=part.minutes + part.extra_minutes))
        return attempt.deadline < limit

    @property
    def target_level(self) -> Level:
        return self.chances[self.attempt.target_level - 1].level


def result_of(viewer: User, attempt_id: int, *, today: date) -> Result:
    """Return the result of a scored attempt the viewer may read. Raises Attempt.DoesNotExist."""
    attempt = (
        Attempt.objects.filter(results_visible_to(viewer, today=today), state=Attempt.State.SCORED)
        .select_related("exam", "person", "certificate", "entitlement")
        .annotate(questions=Count("items"))
        .get(pk=attempt_id)
    )
    cut = attempt.cuts[attempt.target_level - 2]
    band = level_band(attempt.theta, attempt.standard_error**2, attempt.cuts)
    levels = list(Level.objects.filter(framework=attempt.exam.framework_id).order_by("number"))
    chances = level_probabilities(attempt.theta, attempt.standard_error, attempt.cuts)
    return Result(
        attempt=attempt,
        last_part=attempt.parts.order_by("-number")[0],
        questions=attempt.questions,
        late=Response.objects.filter(attempt_item__attempt=attempt, saved_at__gt=attempt.deadline).count(),
        cut=cut,
        chances=[LevelChance(level, round(100 * chance)) for level, chance in zip(levels, chances, strict=True)],
        position=_percent(band.position),
        low=_percent(band.low),
        high=_percent(band.high),
        target=_percent(level_position(cut, attempt.cuts)),
        competencies=_competency_rows(attempt),
        judged=judged_of(attempt),
        regrades=told_of(attempt),
    )


def _percent(position: float) -> float:
    return round(100 * position / BANDS, 1)


def _competency_rows(attempt: Attempt) -> list[CompetencyRow]:
    standing = attempt.evidence_links.filter(ended_at=None).select_related("competency", "evidence")
    links = {link.competency_id: link for link in standing}
    asked = Counter(attempt.items.values_list("competency_id", flat=True))
    competencies = Competency.objects.filter(Q(pk__in=asked) | Q(pk__in=links)).order_by("position")
    return [CompetencyRow(row, asked[row.pk], links.get(row.pk)) for row in competencies]
