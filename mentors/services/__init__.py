"""What is done in coaching: appointing, pairing, agreeing, logging, observing, signing off."""

from .cases import decide, open_case
from .errors import AlreadyDoneError, CoachingError, NotYoursError
from .leaving import hand_over
from .mentorships import agree, decline, end, propose
from .observations import record_observation
from .phases import advance_phase
from .rounds import Choice, OutOfDateError, PinImpossibleError, open_round, publish_round, solve_round
from .rubrics import add_criterion, change_criterion, change_rubric, is_rated, make_rubric
from .sessions import SessionFacts, TakenBackError, countersign, log_session, withdraw_session
from .teachers import appoint_teacher, change_teaching, end_teacher

__all__ = [
    "AlreadyDoneError",
    "Choice",
    "CoachingError",
    "NotYoursError",
    "OutOfDateError",
    "PinImpossibleError",
    "SessionFacts",
    "TakenBackError",
    "add_criterion",
    "advance_phase",
    "agree",
    "appoint_teacher",
    "change_criterion",
    "change_rubric",
    "change_teaching",
    "countersign",
    "decide",
    "decline",
    "end",
    "end_teacher",
    "hand_over",
    "is_rated",
    "log_session",
    "make_rubric",
    "open_case",
    "open_round",
    "propose",
    "publish_round",
    "record_observation",
    "solve_round",
    "withdraw_session",
]
