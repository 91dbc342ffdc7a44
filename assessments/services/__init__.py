"""Everything that changes an exam or an attempt."""

from assessments.permissions import (
    Closed,
    NoAttemptsLeft,
    NotEntitled,
    NotOpenYet,
    NotReady,
    PaperNotDrawn,
    PlaceLapsed,
    Refused,
)

from .answering import (
    GRACE,
    AlreadyHandedIn,
    Conflict,
    InvalidAnswer,
    NoSuchQuestion,
    Saved,
    TimeUp,
    flag,
    mark_seen,
    save_answer,
)
from .exams import entitle, open_exam
from .finishing import finalise_due, hand_in
from .starting import start_attempt

__all__ = [
    "GRACE",
    "AlreadyHandedIn",
    "Closed",
    "Conflict",
    "InvalidAnswer",
    "NoAttemptsLeft",
    "NoSuchQuestion",
    "NotEntitled",
    "NotOpenYet",
    "NotReady",
    "PaperNotDrawn",
    "PlaceLapsed",
    "Refused",
    "Saved",
    "TimeUp",
    "entitle",
    "finalise_due",
    "flag",
    "hand_in",
    "mark_seen",
    "open_exam",
    "save_answer",
    "start_attempt",
]
