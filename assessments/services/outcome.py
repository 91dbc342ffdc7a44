"""What an attempt comes to: its result, the evidence it gives, the certificate it earns."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt, AttemptEvidence
from assessments.queries import Answered, EvidencePiece, Outcome, observed_on, outcome_of, pieces_of
from training.certificates.models import Certificate
from training.certificates.services import issue
from training.competencies.models import Evidence
from training.competencies.services import NewEvidence, record_evidence, void_evidence
from training.operations.services import Actor
from training.people.models import User

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
    attempt.state, attempt.released_at = Attempt.State.SCORED, released_at
    set_outcome(attempt, outcome_of(attempt, answers))


def set_outcome(attempt: Attempt, outcome: Outcome) -> None:
    """Write what a paper comes to onto the attempt, unsaved."""
    attempt.theta, attempt.standard_error = outcome.theta, outcome.standard_error
    attempt.score, attempt.passed = outcome.score, outcome.passed
    attempt.level, attempt.level_probability = outcome.level, outcome.level_probability


def receipt_number(attempt_id: int, seed: int) -> str:
    """Return the number of the receipt: the attempt's own, and four characters that show a slip of the pen."""
    digest = hashlib.sha256(f"{attempt_id}:{seed}".encode()).digest()
    return f"{attempt_id:06d}-" + "".join(RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in digest[:4])


def record_outcome_evidence(attempt: Attempt, answers: Sequence[Answered], *, by: Actor, at: datetime) -> None:
    """Record one piece of evidence for each competency that enough questions asked for, and link it."""
    record_pieces(attempt, pieces_of(attempt, answers), by=by, at=at)


def record_pieces(attempt: Attempt, pieces: Sequence[EvidencePiece], *, by: Actor, at: datetime) -> None:
    """Record pieces of a paper as evidence, and link them."""
    rows = record_evidence(pieces=[_evidence(attempt, piece) for piece in pieces], by=by, at=at)
    AttemptEvidence.objects.bulk_create(
        AttemptEvidence(attempt=attempt, competency_id=row.competency_id, evidence=row, items=piece.items)
        for row, piece in zip(rows, pieces, strict=True)
    )


def end_evidence(links: Iterable[AttemptEvidence], *, reason: str, by: User, at: datetime) -> None:
    """Void the evidence an attempt gave, for a reason; the rows stay. What somebody voided before is left alone."""
    for link in links:
        if link.evidence.voided_at is None:
            void_evidence(evidence=link.evidence, reason=reason, by=by, at=at)
        link.ended_at = at
        link.save(update_fields=["ended_at"])


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


def _evidence(attempt: Attempt, piece: EvidencePiece) -> NewEvidence:
    return NewEvidence(
        person=attempt.person,
        competency=piece.competency,
        kind=Evidence.Kind.EXAM,
        value=piece.value,
        variance=piece.variance,
        observed_on=observed_on(attempt),
        source_label=attempt.exam.title,
        source_path=result_path(attempt),
    )
