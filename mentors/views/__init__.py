"""The screens of coaching."""

from .cases import case, decide, open_case
from .mentorships import agree, decline, end, mentorship, mentorships
from .observations import observation, observe
from .rounds import publish, round_page, rounds, solve
from .sessions import countersign, log, session, withdraw

__all__ = [
    "agree",
    "case",
    "countersign",
    "decide",
    "decline",
    "end",
    "log",
    "mentorship",
    "mentorships",
    "observation",
    "observe",
    "open_case",
    "publish",
    "round_page",
    "rounds",
    "session",
    "solve",
    "withdraw",
]
