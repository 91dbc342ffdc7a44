"""Item banks, exams and attempts."""

from .attempts import Attempt, AttemptEvidence, AttemptItem, Mark, Numbers, Response
from .exams import BlueprintRow, Entitlement, Exam
from .items import Bank, Item, ItemCitation, ItemVersion

__all__ = [
    "Attempt",
    "AttemptEvidence",
    "AttemptItem",
    "Bank",
    "BlueprintRow",
    "Entitlement",
    "Exam",
    "Item",
    "ItemCitation",
    "ItemVersion",
    "Mark",
    "Numbers",
    "Response",
]
