"""The screens of accountability."""

from .copies import ask_mine, ask_of, data_of, my_data, take
from .erasures import erase, erasure, erasures
from .retention import change_retention, retention
from .trail import trail, trail_export

__all__ = [
    "ask_mine",
    "ask_of",
    "change_retention",
    "data_of",
    "erase",
    "erasure",
    "erasures",
    "my_data",
    "retention",
    "take",
    "trail",
    "trail_export",
]
