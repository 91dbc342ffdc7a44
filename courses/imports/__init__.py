"""The lists of learning: training from before, attendance. `IMPORTS` in the settings names them."""

from .attendance import AttendanceImport
from .past_training import PastTrainingImport

__all__ = ["AttendanceImport", "PastTrainingImport"]
