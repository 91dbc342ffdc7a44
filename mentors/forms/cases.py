"""Proposing a sign-off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentors.models import Mentorship
from training.authorisations.models import Entrustment
from training.matters.models import ServiceMatter
from training.people.models import User
from training.people.models.staff import UserQuerySet


class CaseForm(forms.Form):
    """Which matter, how much supervision afterwards, and who decides beside the teacher."""

    matter = forms.ModelChoiceField(label=_("Matter"), queryset=ServiceMatter.objects.none(), to_field_name="code")
    entrustment = forms.TypedChoiceField(
        label=_("How the mentee may handle it"),
        choices=[choice for choice in Entrustment.choices if choice[0] >= Entrustment.INDIRECT],
        coerce=int,
        initial=Entrustment.INDIRECT,
        widget=forms.RadioSelect,
    )
    panel = forms.ModelMultipleChoiceField(
        label=_("Who decides beside the teacher"),
        queryset=User.objects.none(),
        to_field_name="staff_number",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One at least. They see the mentee's record and the coaching notes until the sign-off is closed."),
    )

    def __init__(self, *args: Any, mentorship: Mentorship, deciders: UserQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].queryset = mentorship.matters.order_by("code")
        self.fields["panel"].queryset = deciders.order_by("staff_number")
