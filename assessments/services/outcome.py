"""What an attempt comes to: its result, the evidence it gives, the certificate it earns."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from assessments import rules
from assessments.models import Attempt, AttemptEvidence
from assessments.queries import Answered, ability_of, outcome_of
from training.certificates.models import Certificate
from training.certificates.services import issue
from training.competencies.models import Competency, Evidence
from training.competencies.services import NewEvidence, record_evidence
from training.operations.services import Actor

RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def set_handed_in(attempt: Attempt, answered: int, now: datetime) -> None:
    """Write onto the attempt, unsaved, that it was handed in: by whom, when, how many answers, the receipt."""
    in_time = now <= attempt.deadline
    attempt.finished_at = now
    attempt.finished_by = Attempt.FinishedBy.CANDIDATE if in_time else Attempt.FinishedBy.CLOCK
    attempt.receipt = receipt_number(attempt.pk, attempt.seed)
    attempt.answered = answered


def set_result(attempt: Attempt, answers: Sequence[Answered], released_at: datetime) -> None:
    """Write the result onto the attempt, unsaved, and that it is out."""
    outcome = outcome_of(attempt, answers)
    attempt.state, attempt.released_at = Attempt.State.SCORED, released_at
    attempt.theta, attempt.standard_error = outcome.theta, outcome.standard_error
    attempt.score, attempt.passed = outcome.score, outcome.passed
    attempt.level, attempt.level_probability = outcome.level, outcome.level_probability


def receipt_number(attempt_id: int, seed: int) -> str:
    """Return the number of the receipt: the attempt's own, and four characters that show a slip of the pen."""
    digest = hashlib.sha256(f"{attempt_id}:{seed}".encode()).digest()
    return f"{attempt_id:06d}-" + "".join(RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in digest[:4])


def record_outcome_evidence(attempt: Attempt, answers: Sequence[Answered], *, by: Actor, at: datetime) -> None:
    """Record one piece of evidence for each competency that enough questions asked for, and link it."""
    groups, competencies = _evidence_groups(attempt, answers)
    pieces = [
        _piece(attempt, competencies[competency], [answers[place] for place in places])
        for competency, places in groups.items()
    ]
    rows = record_evidence(pieces=pieces, by=by, at=at)
    AttemptEvidence.objects.bulk_create(
        AttemptEvidence(attempt=attempt, competency_id=row.competency_id, evidence=row, items=len(places))
        for row, places in zip(rows, groups.values(), strict=True)
    )


def issue_certificate(attempt: Attempt, *, by: Actor, at: datetime, choose: Callable[[str], str]) -> Certificate | None:
    """Issue what passing the exam earns, if anything.

    Its facts are those of this attempt; `choose` draws its verify code.
    """
    if attempt.exam.achievement is None:
        return None
    return issue(
        achievement=attempt.exam.achievement,
        holder=attempt.person,
        facts={"exam": attempt.exam.title, "level": attempt.target_level, "score": attempt.score},
        earned_by=attempt.exam.title,
        by=by,
        at=at,
        today=timezone.localtime(at).date(),
        choose=choose,
    )


def result_path(attempt: Attempt) -> str:
    return reverse("courses:result", args=[attempt.pk])


def _evidence_groups(
    attempt: Attempt, answers: Sequence[Answered]
) -> tuple[dict[int, list[int]], dict[int, Competency]]:
    """Return {competency: places in `answers`} and the competencies by id."""
    asked = {place: answer.question.competency_id for place, answer in enumerate(answers)}
    competencies = {answer.question.competency_id: answer.question.competency for answer in answers}
    groups = rules.evidence_groups(asked, dict.fromkeys(competencies))
    if sum(map(len, groups.values())) == len(answers):
        return groups, competencies
    # Some competency was asked for too rarely: its questions count for the one above it.
    competencies = {row.pk: row for row in Competency.objects.filter(framework=attempt.exam.framework)}
    return rules.evidence_groups(asked, {pk: row.parent_id for pk, row in competencies.items()}), competencies


def _piece(attempt: Attempt, competency: Competency, answers: Sequence[Answered]) -> NewEvidence:
    estimate = ability_of(answers)
    return NewEvidence(
        person=attempt.person,
        competency=competency,
        kind=Evidence.Kind.EXAM,
        value=estimate.theta,
        variance=estimate.se**2,
        observed_on=_observed_on(attempt),
        source_label=attempt.exam.title,
        source_path=result_path(attempt),
    )


def _observed_on(attempt: Attempt) -> date:
    """The day of the last answer that could count, however late the clock handed in."""
    return timezone.localtime(min(attempt.finished_at or attempt.deadline, attempt.deadline)).date()
