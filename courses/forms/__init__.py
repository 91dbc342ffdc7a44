"""What is typed and chosen about courses."""

from .required import LineFilterForm, RuleForm, WaiveForm

__all__ = ["LineFilterForm", "RuleForm", "WaiveForm"]
