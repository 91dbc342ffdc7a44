"""A round of pairing as HR reads it: each mentee with the teacher proposed, why, and who else could be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from mentors.models import PairingRound, Proposal, Teacher
from mentors.rules import Refusal
from mentors.words import PIECES, REFUSALS
from training.people.models import Posting


@dataclass(frozen=True)
class PieceLine:
    """One part of a score in words: how well it fits and what it adds, in percent."""

    name: str
    fit: int
    adds: int


@dataclass(frozen=True)
class ReasonLine:
    """Why teachers could not be proposed, and how many that is."""

    name: str
    teachers: int


@dataclass(frozen=True)
class ProposalLine:
    """A row of the round's table."""

    proposal: Proposal
    posting: Posting | None
    score: int | None
    pieces: list[PieceLine]
    reasons: list[ReasonLine]


@dataclass(frozen=True)
class RoundSummary:
    """How many stand in a round, and for how many somebody fits."""

    mentees: int
    paired: int

    @property
    def unmatched(self) -> int:
        return self.mentees - self.paired


def with_counts(rounds: "QuerySet[PairingRound]") -> "QuerySet[PairingRound]":
    """Bring `mentees` and `paired` for each round, the latest round first."""
    return (
        rounds.select_related("department", "opened_by")
        .annotate(mentees=Count("proposals"), paired=Count("proposals", filter=Q(proposals__teacher__isnull=False)))
        .order_by("-opened_at", "-pk")
    )


def summary(pairing_round: PairingRound) -> RoundSummary:
    """Return the counts of one round."""
    counts = pairing_round.proposals.aggregate(mentees=Count("pk"), paired=Count("teacher"))
    return RoundSummary(counts["mentees"], counts["paired"])


def proposals_of(pairing_round: PairingRound) -> "QuerySet[Proposal]":
    """Return the proposals of a round: those without a teacher first, then by score, the weakest first."""
    return pairing_round.proposals.order_by(F("score").asc(nulls_first=True), "mentee__staff_number")


def proposal_lines(page: Iterable[Proposal], *, today: date) -> list[ProposalLine]:
    """Return one page of proposals as rows (five queries)."""
    postings = Posting.objects.on(today).own().select_related("position", "window", "department")
    ids = [row.pk for row in page]
    rows = (
        Proposal.objects.filter(pk__in=ids)
        .select_related("mentee", "teacher__person", "mentorship")
        .prefetch_related(
            "matters",
            Prefetch("forbidden", Teacher.objects.select_related("person")),
            Prefetch("mentee__postings", postings, to_attr="postings_then"),
        )
        .in_bulk()
    )
    return [_line(rows[pk]) for pk in ids]


def teachers_for_choice(*, today: date) -> list[Teacher]:
    """Return the teachers HR can fix or rule out, by name."""
    appointed = Teacher.objects.appointed_on_day(today).filter(person__is_active=True)
    return list(appointed.select_related("person").order_by("person__latin_name", "person__staff_number"))


def _line(row: Proposal) -> ProposalLine:
    return ProposalLine(
        proposal=row,
        posting=next(iter(row.mentee.postings_then), None),
        score=None if row.score is None else _percent(row.score),
        pieces=[_piece(piece) for piece in row.pieces],
        reasons=[ReasonLine(str(REFUSALS[Refusal(one["refusal"])]), one["teachers"]) for one in row.reasons],
    )


def _piece(piece: dict[str, Any]) -> PieceLine:
    return PieceLine(str(PIECES[piece["name"]]), _percent(piece["fit"]), _percent(piece["fit"] * piece["weight"]))


def _percent(share: float) -> int:
    return round(share * 100)
