"""What an examiner asks a calibration for, and why one is rejected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Calibration


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CalibrationForm(forms.Form):
    """What a calibration is asked to go by."""

    since = forms.DateField(label=_("Attempts handed in from"), widget=DayInput())
    until = forms.DateField(label=_("until"), widget=DayInput())
    first_only = forms.BooleanField(
        label=_("Only each person's first attempt"),
        required=False,
        help_text=_("Who sits an exam again has seen some of its items, which then look easier than they are."),
    )
    model = forms.ChoiceField(
        label=_("Model"), choices=Calibration.Model.choices, initial=Calibration.Model.RASCH, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned


class RejectionForm(forms.Form):
    """Why a calibration is not taken."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
