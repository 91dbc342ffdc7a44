"""What marked papers come to. Nothing here is written: a preview and the real thing work it out alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from assessments.models import Attempt, AttemptItem
from assessments.scoring import ability, irt, marking, standards


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a paper with the credit its answer earned; from its bar on it counts as right for the level."""

    question: AttemptItem
    credit: float

    @property
    def right(self) -> bool:
        return marking.is_right(self.credit, self.question.item_version.bar)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result: theta against the cut of the target level decides; the score tells the same theta and decides nothing.

    The score from 0 to 100 is told on the exam's reference form, where the cut is 60.
    """

    theta: float
    standard_error: float
    score: int
    level: int
    level_probability: float
    passed: bool


def ability_of(answers: Sequence[Answered]) -> ability.Ability:
    """Return where these answers say the person stands."""
    return ability.wle(
        [answer.question.a for answer in answers],
        [irt.intercept(answer.question.a, answer.question.b) for answer in answers],
        [answer.right for answer in answers],
        b_sd=[answer.question.b_sd for answer in answers],
    )


def outcome_of(attempt: Attempt, answers: Sequence[Answered]) -> Outcome:
    """Return the result of a paper, on the cuts that were frozen with it."""
    estimate = ability_of(answers)
    cut = standards.target_cut(attempt.target_level, attempt.cuts)
    form = [irt.intercept(1.0, difficulty) for difficulty in attempt.exam.reference_form]
    chances = standards.level_probabilities(estimate.theta, estimate.se, attempt.cuts)
    level = standards.level_decided(estimate.theta, attempt.cuts)
    return Outcome(
        theta=estimate.theta,
        standard_error=estimate.se,
        score=standards.shown_score(standards.reference_score(estimate.theta, 1.0, form, cut)),
        level=level,
        level_probability=float(chances[level - 1]),
        passed=bool(estimate.theta >= cut),
    )


def with_marks(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """Read the papers of these attempts with their marks, in a few statements for any number."""
    questions = AttemptItem.objects.select_related("item_version", "competency__framework", "mark")
    return attempts.select_related("person", "exam__framework", "exam__achievement__design").prefetch_related(
        Prefetch("items", questions.order_by("position"))
    )


def marked_answers(attempt: Attempt) -> list[Answered]:
    """Return the questions of an attempt read `with_marks`, with their credits; a voided one is left out."""
    return [Answered(question, question.mark.credit) for question in attempt.items.all()]


def outcomes_of(attempts: Iterable[Attempt]) -> list[tuple[Attempt, Outcome]]:
    """Return what each of these attempts, read `with_marks`, comes to."""
    return [(attempt, outcome_of(attempt, marked_answers(attempt))) for attempt in attempts]
