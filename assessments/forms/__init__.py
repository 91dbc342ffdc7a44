"""What people send about exams: answers, where they sit them, what they look for in the bank."""

from .answers import MalformedAnswer, SentAnswer, answer_from_form, answer_from_json, moved
from .bank import BankFilterForm, ChangeForm, ChoiceFilterForm
from .calibrations import CalibrationForm, RejectionForm
from .exams import ContentForm, ExamForm, ExamPlacesForm, ProposalForm
from .judging import points_from
from .regrading import RegradeFilterForm, RegradeForm, UndoForm, WhyForm
from .sessions import MinutesForm, PlacesForm, ReasonForm, SessionForm, StartForm

__all__ = [
    "BankFilterForm",
    "CalibrationForm",
    "ChangeForm",
    "ChoiceFilterForm",
    "ContentForm",
    "ExamForm",
    "ExamPlacesForm",
    "MalformedAnswer",
    "MinutesForm",
    "PlacesForm",
    "ProposalForm",
    "ReasonForm",
    "RegradeFilterForm",
    "RegradeForm",
    "RejectionForm",
    "SentAnswer",
    "SessionForm",
    "StartForm",
    "UndoForm",
    "WhyForm",
    "answer_from_form",
    "answer_from_json",
    "moved",
    "points_from",
]
