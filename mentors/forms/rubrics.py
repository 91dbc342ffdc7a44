"""Writing a rubric and one of its criteria."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from mentors.models import Criterion, Rubric
from mentors.queries.rubrics import STEPS
from training.competencies.models import Competency
from training.lib.texts import TextsFormField

RESERVED = "new"
"""The last part of an address."""


class RubricForm(forms.Form):
    """What a rubric is called and which competency it is evidence for; the code is given once."""

    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and dashes; it stays."))
    name = TextsFormField(label=_("Name"))
    description = TextsFormField(label=_("What the observer looks at"), required=False, rows=2)
    competency = forms.ModelChoiceField(
        label=_("Competency"),
        queryset=Competency.objects.none(),
        to_field_name="code",
        help_text=_("Observations by this rubric are evidence for it."),
    )

    def clean_code(self) -> str:
        return _free(self.cleaned_data["code"])

    def __init__(self, *args: Any, rubric: Rubric | None = None, **kwargs: Any) -> None:
        if rubric:
            told = {"name": rubric.name, "description": rubric.description, "competency": rubric.competency.code}
            kwargs["initial"] = told
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = Competency.objects.filter(framework__is_current=True).order_by("code")
        self.fields["competency"].widget.attrs["class"] = "form-select"
        if rubric:
            del self.fields["code"]


class CriterionForm(forms.Form):
    """One thing to look at, and what each of the five steps looks like."""

    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and dashes; it stays."))
    name = TextsFormField(label=_("What to look at"))
    chip = TextsFormField(label=_("In a few words"), help_text=_("On the button of the session log."))

    def clean_code(self) -> str:
        return _free(self.cleaned_data["code"])

    def __init__(self, *args: Any, criterion: Criterion | None = None, is_rated: bool = False, **kwargs: Any) -> None:
        if criterion:
            steps = {f"step_{step}": criterion.anchors.get(step, {}) for step in STEPS}
            kwargs["initial"] = {"name": criterion.name, "chip": criterion.chip, **steps}
        super().__init__(*args, **kwargs)
        self.kept = criterion.anchors if criterion and is_rated else None
        if criterion:
            del self.fields["code"]
        for step in () if is_rated else STEPS:
            label = _("Step %(step)s looks like this") % {"step": step}
            self.fields[f"step_{step}"] = TextsFormField(label=label, rows=2)

    def leave_unjudged(self) -> None:
        """Show what was typed without its errors: somebody looks for a clause and is not done."""
        self._errors = ErrorDict()

    def facts(self) -> dict[str, Any]:
        """Return the criterion's own facts, as the services take them; steps somebody was rated by stay."""
        told = {name: value for name, value in self.cleaned_data.items() if not name.startswith("step_")}
        steps = self.kept or {step: self.cleaned_data[f"step_{step}"] for step in STEPS}
        return {**told, "anchors": steps}


def _free(code: str) -> str:
    if code == RESERVED:
        raise forms.ValidationError(_("This code is taken by the platform itself. Choose another one."))
    return code
