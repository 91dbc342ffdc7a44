"""What people type and choose in coaching."""

from .answers import CountersignForm, DecisionForm, ReasonForm
from .cases import CaseForm
from .observing import ObservationForm
from .pairing import RoundForm, choices_from
from .rubrics import CriterionForm, RubricForm
from .session_log import LogForm
from .teachers import AppointForm, EndTeacherForm, TeacherFilter, TeachingForm

__all__ = [
    "AppointForm",
    "CaseForm",
    "CountersignForm",
    "CriterionForm",
    "DecisionForm",
    "EndTeacherForm",
    "LogForm",
    "ObservationForm",
    "ReasonForm",
    "RoundForm",
    "RubricForm",
    "TeacherFilter",
    "TeachingForm",
    "choices_from",
]
