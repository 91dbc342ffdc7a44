"""Pages people edit, and the approval they go through."""

from .approval import SecondPairOfEyes
from .base import RecordedPage, WorkflowOnlyPage
from .courses import CourseIndexPage, CoursePage, LessonPage
from .home import HomePage
from .imports import PolicyImport
from .policies import PolicyIndexPage, PolicyPage

__all__ = [
    "CourseIndexPage",
    "CoursePage",
    "HomePage",
    "LessonPage",
    "PolicyImport",
    "PolicyIndexPage",
    "PolicyPage",
    "RecordedPage",
    "SecondPairOfEyes",
    "WorkflowOnlyPage",
]
