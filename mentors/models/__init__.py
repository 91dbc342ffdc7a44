"""Career teachers, pairing, coaching, observation, entrustment."""

from .coaching import CoachingSession, Observation, ObservationEvidence, ObservationRating, SessionRating
from .entrustment import EntrustmentCase, EntrustmentDecision, PanelMember
from .pairing import Mentorship, PairingRound, Proposal, Teacher
from .rubrics import Criterion, CriterionCitation, Rubric

__all__ = [
    "CoachingSession",
    "Criterion",
    "CriterionCitation",
    "EntrustmentCase",
    "EntrustmentDecision",
    "Mentorship",
    "Observation",
    "ObservationEvidence",
    "ObservationRating",
    "PairingRound",
    "PanelMember",
    "Proposal",
    "Rubric",
    "SessionRating",
    "Teacher",
]
