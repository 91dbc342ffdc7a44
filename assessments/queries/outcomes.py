"""What marked papers come to. Nothing here is written: a preview and the real thing work it out alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from assessments import rules
from assessments.models import Attempt, AttemptItem
from assessments.scoring import ability, irt, marking, standards
from training.competencies.models import Competency


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
    """Return the questions of an attempt read `with_marks` that count, with their credit; none that was tried out."""
    counted = ((question, question.mark.counted) for question in attempt.items.all() if not question.is_pilot)
    return [Answered(question, credit) for question, credit in counted if credit is not None]


def outcomes_of(attempts: Iterable[Attempt]) -> list[tuple[Attempt, Outcome]]:
    """Return what each of these attempts, read `with_marks`, comes to."""
    return [(attempt, outcome_of(attempt, marked_answers(attempt))) for attempt in attempts]


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """What the answers say of one competency, and on how many questions that rests."""

    competency: Competency
    value: float
    variance: float
    items: int


def pieces_of(
    attempt: Attempt, answers: Sequence[Answered], tree: Mapping[int, Competency] | None = None
) -> list[EvidencePiece]:
    """Return what a paper gives as evidence: one piece for each competency that enough questions asked for.

    `tree`: the framework's competencies by id, read here where they are needed and not given.
    """
    asked = {place: answer.question.competency_id for place, answer in enumerate(answers)}
    competencies: Mapping[int, Competency] = {row.question.competency_id: row.question.competency for row in answers}
    groups = rules.evidence_groups(asked, dict.fromkeys(competencies))
    if sum(map(len, groups.values())) != len(answers):
        # Some competency was asked for too rarely: its questions count for the one above it.
        competencies = tree_of(attempt.exam.framework_id) if tree is None else tree
        groups = rules.evidence_groups(asked, {pk: row.parent_id for pk, row in competencies.items()})
    found = []
    for competency, places in groups.items():
        estimate = ability_of([answers[place] for place in places])
        found.append(EvidencePiece(competencies[competency], estimate.theta, estimate.se**2, len(places)))
    return found


def tree_of(framework: int) -> dict[int, Competency]:
    """Return the competencies of a framework by id."""
    rows = Competency.objects.filter(framework=framework).select_related("framework")
    return {row.pk: row for row in rows}


def observed_on(attempt: Attempt) -> date:
    """The day of the last answer that could count, however late the clock handed in."""
    return timezone.localtime(min(attempt.finished_at or attempt.deadline, attempt.deadline)).date()
