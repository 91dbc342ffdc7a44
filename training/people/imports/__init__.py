"""The lists of people: parts of the centre, staff, calendar, roster. `IMPORTS` in the settings names them."""

from .departments import DepartmentImport
from .holidays import HolidayImport
from .positions import PositionImport
from .roster import RosterImport
from .staff import StaffImport
from .windows import WindowImport

__all__ = ["DepartmentImport", "HolidayImport", "PositionImport", "RosterImport", "StaffImport", "WindowImport"]
