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
from .calibrating import (
    AlreadyUsed,
    AtWork,
    ModelTooRich,
    NotDecidable,
    NothingChosen,
    SeveralScales,
    TooFewAnswers,
    accept_calibration,
    is_used,
    reject_calibration,
    reopen_calibration,
    start_calibration,
)
from .estimating import CannotBeWorkedOut, estimate
from .exams import entitle, open_exam
from .finishing import finalise_due, hand_in
from .starting import start_attempt

__all__ = [
    "GRACE",
    "AlreadyHandedIn",
    "AlreadyUsed",
    "AtWork",
    "CannotBeWorkedOut",
    "Closed",
    "Conflict",
    "InvalidAnswer",
    "ModelTooRich",
    "NoAttemptsLeft",
    "NoSuchQuestion",
    "NotDecidable",
    "NotEntitled",
    "NotOpenYet",
    "NotReady",
    "NothingChosen",
    "PaperNotDrawn",
    "PlaceLapsed",
    "Refused",
    "Saved",
    "SeveralScales",
    "TimeUp",
    "TooFewAnswers",
    "accept_calibration",
    "entitle",
    "estimate",
    "finalise_due",
    "flag",
    "hand_in",
    "is_used",
    "mark_seen",
    "open_exam",
    "reject_calibration",
    "reopen_calibration",
    "save_answer",
    "start_attempt",
    "start_calibration",
]
