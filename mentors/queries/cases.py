"""A sign-off as somebody on its panel, or beside it, reads it."""

from dataclasses import dataclass
from datetime import date

from mentors import permissions
from mentors.models import EntrustmentCase, EntrustmentDecision, Mentorship, PanelMember
from training.authorisations.models import Entrustment
from training.people.models import User

from .progress import ALL, OPENS_AT


@dataclass(frozen=True)
class Seat:
    """Somebody on the panel or beside it, and whether they have decided; `decision` only where it may be read."""

    person: User
    has_decided: bool
    decision: EntrustmentDecision | None


@dataclass(frozen=True)
class CaseView:
    """A case with its frozen pack, who has decided, and whether the viewer may still do so."""

    case: EntrustmentCase
    seats: list[Seat]
    may_decide: bool
    asked_percent: int

    @property
    def percent(self) -> int:
        return self.case.evidence_pack["criteria"]["percent"]

    @property
    def is_short(self) -> bool:
        """Whether fewer criteria are acceptable than a sign-off of this kind asks for."""
        return self.percent < self.asked_percent


def case_view(case: EntrustmentCase, *, viewer: User, today: date) -> CaseView:
    """Return the case for `viewer`: while it is open, others' verdicts are told once one has given one's own."""
    decisions = {row.decider_id: row for row in case.decisions.select_related("decider")}
    is_open = case.state == EntrustmentCase.State.OPEN
    may_read = not is_open or viewer.pk in decisions
    people = {seat.person_id: seat.person for seat in _panel(case)}
    people |= {row.decider_id: row.decider for row in decisions.values()}
    seats = [Seat(person, pk in decisions, decisions.get(pk) if may_read else None) for pk, person in people.items()]
    may_decide = is_open and viewer.pk not in decisions and permissions.may_decide(viewer, case, today=today)
    return CaseView(case, seats, may_decide, asked_percent(case.entrustment))


def asked_percent(entrustment: int) -> int:
    """Return the share of observed criteria that should be acceptable before a matter is entrusted at that level."""
    return ALL if entrustment >= Entrustment.DISTANT else OPENS_AT[Mentorship.Phase.READY]


def _panel(case: EntrustmentCase) -> list[PanelMember]:
    return list(case.panel.select_related("person").order_by("pk"))
