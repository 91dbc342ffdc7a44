"""What is typed and chosen about courses."""

from .hours import HoursFilterForm
from .required import LineFilterForm, RuleForm, WaiveForm
from .terms import TermsForm

__all__ = ["HoursFilterForm", "LineFilterForm", "RuleForm", "TermsForm", "WaiveForm"]
