"""Courses as records, who learns them, and what they must do."""

from .courses import Course, CourseVersion, Unit, UnitCitation, UnitVersion
from .feeds import CalendarFeed
from .files import LessonFile, UnitFile
from .learning import Enrolment, PastTraining, UnitProgress
from .required import Assignment, TrainingRequirement

__all__ = [
    "Assignment",
    "CalendarFeed",
    "Course",
    "CourseVersion",
    "Enrolment",
    "LessonFile",
    "PastTraining",
    "TrainingRequirement",
    "Unit",
    "UnitCitation",
    "UnitFile",
    "UnitProgress",
    "UnitVersion",
]
