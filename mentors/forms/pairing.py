"""Opening a round, and what HR decides in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentors.models import Proposal, Teacher
from mentors.services import Choice
from training.matters.models import ServiceMatter
from training.people.models import Department

VERBS = ("pin", "forbid", "clear")


class RoundForm(forms.Form):
    """A name, the matters to be taught, and over which department."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Such as “Autumn intake, business windows”."))
    matters = forms.ModelMultipleChoiceField(
        label=_("Matters to be taught"),
        queryset=ServiceMatter.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever stands at a window that serves one of them and may not handle it yet gets a teacher."),
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), to_field_name="code", required=False
    )

    def __init__(self, *args: Any, departments: Any, whole_centre: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].queryset = ServiceMatter.objects.filter(live=True).order_by("code")
        department = self.fields["department"]
        department.queryset = departments.order_by("path")
        department.required = not whole_centre
        department.empty_label = _("The whole centre") if whole_centre else _("Choose a department")


def choices_from(data: Mapping[str, str], proposals: Iterable[Proposal], teachers: Iterable[Teacher]) -> list[Choice]:
    """Return what HR decided in the round's table; a row left alone says nothing, and unknown words are ignored.

    Each row posts `choice-<proposal>` as "pin:<teacher>", "forbid:<teacher>" or "clear"; teachers go by staff number.
    """
    people = {teacher.person.staff_number: teacher.person_id for teacher in teachers}
    choices = []
    for proposal in proposals:
        verb, _colon, number = data.get(f"choice-{proposal.pk}", "").partition(":")
        if verb == "clear":
            choices.append(Choice(proposal.mentee_id, "clear"))
        elif verb in VERBS and number in people:
            choices.append(Choice(proposal.mentee_id, verb, people[number]))
    return choices
