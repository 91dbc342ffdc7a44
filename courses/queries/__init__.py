"""What is read of courses: the catalogue, a course as a person learns it, what they must do, what an exam points to."""

from .after_exam import Reading, reading_after
from .learning import (
    CatalogueEntry,
    Outline,
    Passage,
    PastHours,
    UnitState,
    catalogue,
    courses_of,
    lessons_shown,
    open_requirements,
    outline,
    passages,
    past_training,
    practice_for,
    todo,
    units_of,
)

__all__ = [
    "CatalogueEntry",
    "Outline",
    "Passage",
    "PastHours",
    "Reading",
    "UnitState",
    "catalogue",
    "courses_of",
    "lessons_shown",
    "open_requirements",
    "outline",
    "passages",
    "past_training",
    "practice_for",
    "reading_after",
    "todo",
    "units_of",
]
