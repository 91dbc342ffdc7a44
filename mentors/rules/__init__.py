"""Who is coached by whom, and what an observation says about a competency. Pure numbers."""

from mentors.rules.observation import Measurement, RubricSettings, measure
from mentors.rules.pairing import (
    ImpossiblePin,
    Mentee,
    PairingSettings,
    Piece,
    Proposal,
    Reason,
    Refusal,
    Teacher,
    hard_refusals,
    score_pieces,
    solve_pairing,
)

__all__ = [
    "ImpossiblePin",
    "Measurement",
    "Mentee",
    "PairingSettings",
    "Piece",
    "Proposal",
    "Reason",
    "Refusal",
    "RubricSettings",
    "Teacher",
    "hard_refusals",
    "measure",
    "score_pieces",
    "solve_pairing",
]
