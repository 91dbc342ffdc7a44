"""Item banks, exams and attempts."""

from .attempts import Attempt, AttemptEvidence, AttemptItem, Mark, Response
from .calibrations import Calibration, ItemParameters, Rescored
from .exams import BlueprintRow, Entitlement, Exam
from .items import Bank, Item, ItemCitation, ItemReview, ItemVersion, ItemWriter

__all__ = [
    "Attempt",
    "AttemptEvidence",
    "AttemptItem",
    "Bank",
    "BlueprintRow",
    "Calibration",
    "Entitlement",
    "Exam",
    "Item",
    "ItemCitation",
    "ItemParameters",
    "ItemReview",
    "ItemVersion",
    "ItemWriter",
    "Mark",
    "Rescored",
    "Response",
]
