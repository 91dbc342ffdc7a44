"""Proposing a sign-off."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentors.models import Mentorship
from mentors.permissions import DECIDERS
from training.authorisations.models import Entrustment
from training.matters.models import ServiceMatter
from training.people.models import Role, User
from training.people.models.staff import UserQuerySet
from training.people.queries import with_record

DECIDING = {*DECIDERS, Role.TEACHER}


class DecidersField(forms.ModelMultipleChoiceField):
    """People with what makes them deciders: the roles they hold."""

    def label_from_instance(self, obj: User) -> str:
        words = sorted({str(Role(grant.role).label) for grant in obj.grants_then if grant.role in DECIDING})
        return gettext(", ").join([str(obj), *words])


class CaseForm(forms.Form):
    """Which matter, how much supervision afterwards, and who decides beside the teacher."""

    matter = forms.ModelChoiceField(
        label=_("Matter"),
        queryset=ServiceMatter.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a matter"),
    )
    entrustment = forms.TypedChoiceField(
        label=_("How the mentee may handle it"),
        choices=[choice for choice in Entrustment.choices if choice[0] >= Entrustment.INDIRECT],
        coerce=int,
        initial=Entrustment.INDIRECT,
        widget=forms.RadioSelect,
    )
    panel = DecidersField(
        label=_("Who decides beside the teacher"),
        queryset=User.objects.none(),
        to_field_name="staff_number",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One at least. They see the mentee's record and the coaching notes until the sign-off is closed."),
    )

    def __init__(self, *args: Any, mentorship: Mentorship, deciders: UserQuerySet, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].queryset = mentorship.matters.order_by("code")
        self.fields["panel"].queryset = with_record(deciders, today=today).order_by("staff_number")
