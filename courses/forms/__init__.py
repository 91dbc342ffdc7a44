"""What is typed and chosen about courses."""

from .attendance import CodeForm, RollForm
from .hours import HoursFilterForm, TargetForm
from .required import LineFilterForm, RuleForm, WaiveForm
from .sessions import CancelForm, SessionFilterForm, SessionForm
from .terms import TermsForm

__all__ = [
    "CancelForm",
    "CodeForm",
    "HoursFilterForm",
    "LineFilterForm",
    "RollForm",
    "RuleForm",
    "SessionFilterForm",
    "SessionForm",
    "TargetForm",
    "TermsForm",
    "WaiveForm",
]
