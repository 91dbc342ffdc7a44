"""What people type and choose about staff, the parts of the centre, working time, and lists."""

from .fields import DepartmentField
from .lists import ApplyForm, ColumnsForm, ListFileForm
from .staff import ApiKeyForm, StaffFilterForm, ViewNameForm

__all__ = [
    "ApiKeyForm",
    "ApplyForm",
    "ColumnsForm",
    "DepartmentField",
    "ListFileForm",
    "StaffFilterForm",
    "ViewNameForm",
]
