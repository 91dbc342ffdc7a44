"""What people type and choose in coaching."""

from .answers import CountersignForm, DecisionForm, ReasonForm
from .cases import CaseForm
from .observing import ObservationForm
from .pairing import RoundForm, choices_from
from .session_log import LogForm

__all__ = [
    "CaseForm",
    "CountersignForm",
    "DecisionForm",
    "LogForm",
    "ObservationForm",
    "ReasonForm",
    "RoundForm",
    "choices_from",
]
