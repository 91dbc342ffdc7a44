"""Item banks, exams and attempts."""

from .adaptive import AdaptivePlan
from .attempts import Attempt, AttemptEvidence, AttemptItem, Mark, Response
from .calibrations import Calibration, ItemParameters, Rescored
from .events import AttemptEvent
from .exams import RESERVED_CODES, BlueprintRow, ChosenItem, Entitlement, Exam, ExamPart
from .items import Bank, BankChange, Item, ItemCitation, ItemReview, ItemVersion, ItemWriter
from .marking import HumanMark, MarkingTask
from .media import ItemMedia, MediaFile
from .parts import AttemptPart
from .practice import PracticeQuestion, PracticeRun
from .regrades import Regrade, RegradedResult
from .sessions import ExamSession

__all__ = [
    "RESERVED_CODES",
    "AdaptivePlan",
    "Attempt",
    "AttemptEvent",
    "AttemptEvidence",
    "AttemptItem",
    "AttemptPart",
    "Bank",
    "BankChange",
    "BlueprintRow",
    "Calibration",
    "ChosenItem",
    "Entitlement",
    "Exam",
    "ExamPart",
    "ExamSession",
    "HumanMark",
    "Item",
    "ItemCitation",
    "ItemMedia",
    "ItemParameters",
    "ItemReview",
    "ItemVersion",
    "ItemWriter",
    "Mark",
    "MarkingTask",
    "MediaFile",
    "PracticeQuestion",
    "PracticeRun",
    "Regrade",
    "RegradedResult",
    "Rescored",
    "Response",
]
