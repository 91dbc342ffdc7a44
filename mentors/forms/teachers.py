"""Appointing career teachers: matters, how many mentees at a time, from when until when."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.matters.models import ServiceMatter
from training.people.record_forms import DayInput

MOST_MENTEES = 10


class TeacherFilter(forms.Form):
    """The filter of the list of teachers, as it stands in the address."""

    q = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Appointment"),
        required=False,
        choices=[("", _("Running")), ("room", _("Running, with room")), ("ended", _("Ended"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["q"].widget.attrs["class"] = "form-control"
        self.fields["state"].widget.attrs["class"] = "form-select"

    def wanted(self) -> tuple[str, str]:
        """Return the words and the state; what cannot be read filters nothing."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("state", "")


class TeachingForm(forms.Form):
    """What a teacher teaches, and how many at a time."""

    capacity = forms.IntegerField(label=_("Mentees at a time"), min_value=1, max_value=MOST_MENTEES, initial=2)
    matters = forms.ModelMultipleChoiceField(
        label=_("Matters to teach"),
        queryset=ServiceMatter.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pairing proposes the teacher for these only."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].queryset = ServiceMatter.objects.filter(live=True).order_by("code")


class AppointForm(TeachingForm):
    """An appointment from a day on, until a day if it has an end."""

    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    until = forms.DateField(label=_("Last day"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today


class EndTeacherForm(forms.Form):
    """From when on, and why, somebody is no longer a career teacher."""

    on = forms.DateField(label=_("First day without it"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
