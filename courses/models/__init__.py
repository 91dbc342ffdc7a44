"""Courses as records, who learns them, and what they must do."""

from .courses import Course, CourseVersion, Unit, UnitCitation, UnitVersion
from .feeds import CalendarFeed
from .files import LessonFile, UnitFile
from .learning import Enrolment, PastTraining, UnitProgress
from .paths import LearningPath, PathStep
from .required import Assignment, TrainingRequirement
from .sessions import Attendance, TrainingSession
from .targets import HoursTarget

__all__ = [
    "Assignment",
    "Attendance",
    "CalendarFeed",
    "Course",
    "CourseVersion",
    "Enrolment",
    "HoursTarget",
    "LearningPath",
    "LessonFile",
    "PastTraining",
    "PathStep",
    "TrainingRequirement",
    "TrainingSession",
    "Unit",
    "UnitCitation",
    "UnitFile",
    "UnitProgress",
    "UnitVersion",
]
