"""The screens of coaching."""

from .cases import case, decide, open_case
from .mentorships import agree, decline, end, mentorship, mentorships
from .observations import observation, observe
from .rounds import publish, round_page, rounds, solve
from .rubrics import change_criterion, change_rubric, new_criterion, new_rubric, rubric, rubrics
from .sessions import countersign, log, session, withdraw
from .teachers import appoint, change_teaching, end_appointment, teachers

__all__ = [
    "agree",
    "appoint",
    "case",
    "change_criterion",
    "change_rubric",
    "change_teaching",
    "countersign",
    "decide",
    "decline",
    "end",
    "end_appointment",
    "log",
    "mentorship",
    "mentorships",
    "new_criterion",
    "new_rubric",
    "observation",
    "observe",
    "open_case",
    "publish",
    "round_page",
    "rounds",
    "rubric",
    "rubrics",
    "session",
    "solve",
    "teachers",
    "withdraw",
]
