"""The screens of accountability."""

from .assessments import (
    act_on_assessment,
    assessment,
    assessments,
    assessments_export,
    change_assessment,
    new_assessment,
)
from .copies import ask_mine, ask_of, data_of, my_data, take
from .erasures import erase, erasure, erasures
from .retention import change_retention, retention
from .trail import trail, trail_export

__all__ = [
    "act_on_assessment",
    "ask_mine",
    "ask_of",
    "assessment",
    "assessments",
    "assessments_export",
    "change_assessment",
    "change_retention",
    "data_of",
    "erase",
    "erasure",
    "erasures",
    "my_data",
    "new_assessment",
    "retention",
    "take",
    "trail",
    "trail_export",
]
