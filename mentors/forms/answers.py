"""Short answers: confirming a session, deciding on a sign-off, giving a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentors.models import EntrustmentDecision

LONGEST = 2000


class CountersignForm(forms.Form):
    """The mentee agrees, or disagrees and says with what."""

    answer = forms.ChoiceField(
        label=_("Was it like this?"),
        choices=[("agree", _("Yes, I agree")), ("disagree", _("No, I see it differently"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Your note"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You, your teacher and the sign-off panel can read it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == "disagree" and not data.get("note", "").strip():
            self.add_error("note", _("Say with what you disagree."))
        return data


class DecisionForm(forms.Form):
    """A verdict on a sign-off; a no says what is missing."""

    verdict = forms.ChoiceField(
        label=_("Your decision"), choices=EntrustmentDecision.Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The mentee and the panel can read it once the sign-off is closed."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == EntrustmentDecision.Verdict.NO and not data.get("note", "").strip():
            self.add_error("note", _("Say what is missing, so that the mentee can work on it."))
        return data


class ReasonForm(forms.Form):
    """A reason in words, for declining or ending a mentorship."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )
