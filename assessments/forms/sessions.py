"""Planning a session, giving places in it, starting in it, and what an invigilator types."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Exam, ExamSession
from assessments.services import LONGEST_MESSAGE, MOST_MINUTES
from training.people.models import Role, RoleGrant, User

LOCAL = "%Y-%m-%dT%H:%M"
LONGEST_SESSION = timedelta(hours=12)
MOST_PLACES_AT_ONCE = 1000
BETWEEN_NUMBERS = re.compile(r"[\s,;，；、]+")


class StartForm(forms.Form):
    """The language the questions are read in, and the code told in the room."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    code = forms.CharField(
        label=_("Access code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class MomentField(forms.DateTimeField):
    """A day and a time in the centre's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"})
        super().__init__(input_formats=[LOCAL], widget=widget, **kwargs)


class SessionForm(forms.ModelForm):
    """When, where, who looks after it."""

    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"), help_text=_("Whoever has not handed in by then is handed in."))

    class Meta:
        model = ExamSession
        fields = ["exam", "opens_at", "closes_at", "room", "access_code", "invigilators"]
        widgets = {"invigilators": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        holding = RoleGrant.objects.in_force(timezone.localdate(now)).filter(role=Role.INVIGILATOR)
        people = User.objects.filter(pk__in=holding.values("person"), is_active=True)
        self.fields["invigilators"].queryset = people.order_by("staff_number")
        self.fields["exam"].queryset = (
            Exam.objects.filter(is_open=True).exclude(mode=Exam.Mode.PRACTICE).order_by("code")
        )
        if self.instance.pk:
            del self.fields["exam"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The session closes after it opens."))
        elif opens and closes and closes - opens > LONGEST_SESSION:
            self.add_error("closes_at", _("A session takes at most twelve hours."))
        elif closes and closes <= self.now:
            self.add_error("closes_at", _("This is past. Choose a time to come."))
        return cleaned


def people_by_numbers(text: str) -> list[User]:
    """Return those at work with the staff numbers in a text, each once. Raises ValidationError for unknown ones."""
    wanted = list(dict.fromkeys(filter(None, BETWEEN_NUMBERS.split(text))))
    if len(wanted) > MOST_PLACES_AT_ONCE:
        raise forms.ValidationError(_("At most %(most)s at once."), params={"most": MOST_PLACES_AT_ONCE})
    found = {user.staff_number: user for user in User.objects.filter(staff_number__in=wanted, is_active=True)}
    if unknown := [number for number in wanted if number not in found]:
        raise forms.ValidationError(
            _("Nobody at work has these numbers: %(numbers)s."), params={"numbers": ", ".join(unknown[:20])}
        )
    return [found[number] for number in wanted]


class PlacesForm(forms.Form):
    """Who gets a place in a session: by staff number, and those who wait for a date."""

    numbers = forms.CharField(
        label=_("Staff numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on a line, or with commas between them."),
    )
    waiting = forms.ModelMultipleChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["waiting"].queryset = waiting

    def clean_numbers(self) -> list[User]:
        return people_by_numbers(self.cleaned_data["numbers"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("numbers") and not cleaned.get("waiting"):
            self.add_error("numbers", _("Choose somebody, or type a staff number."))
        return cleaned


class ReasonForm(forms.Form):
    """The words of a message, or why the clock is stopped."""

    attempt = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Reason"), max_length=LONGEST_MESSAGE, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class MinutesForm(ReasonForm):
    """How much time, and why."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
