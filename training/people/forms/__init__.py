"""What people type and choose about staff, the parts of the centre, and working time."""

from .fields import DepartmentField
from .staff import ApiKeyForm, ConfirmForm, StaffFilterForm, StaffListForm

__all__ = ["ApiKeyForm", "ConfirmForm", "DepartmentField", "StaffFilterForm", "StaffListForm"]
