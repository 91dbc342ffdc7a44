"""Observing by a rubric: one choice for each criterion, every step with what it looks like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentors.models import Criterion, Mentorship, Observation, Rubric
from mentors.queries.rubrics import Cited, criteria_of
from training.lib.texts import text_in
from training.matters.models import ServiceMatter

ISO_DAY = "%Y-%m-%d"
"""How browsers send days, whatever the language."""
NOT_OBSERVED = "0"
OTHERS = [choice for choice in Observation.Kind.choices if choice[0] != Observation.Kind.TEACHER]


@dataclass(frozen=True)
class Line:
    """A criterion with its field and its clauses; each option as (number or "", words, the radio button)."""

    criterion: Criterion
    field: BoundField
    cited: list[Cited]

    @property
    def options(self) -> list[tuple[str, str, Any]]:
        return [
            ("" if value == NOT_OBSERVED else value, label, radio)
            for (value, label), radio in zip(self.field.field.choices, self.field, strict=True)
        ]


class ObservationForm(forms.Form):
    """The fields of one observation by one rubric; criteria not observed stay so."""

    matter = forms.ModelChoiceField(
        label=_("Matter"),
        queryset=ServiceMatter.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a matter"),
    )
    observed_on = forms.DateField(
        label=_("Observed on"), input_formats=[ISO_DAY], widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"})
    )
    kind = forms.ChoiceField(label=_("You observe as"), choices=OTHERS, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=pgettext_lazy("observation", "Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The mentee, the teacher and the sign-off panel can read it."),
    )

    def __init__(
        self, *args: Any, mentorship: Mentorship, rubric: Rubric, is_teacher: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        views = criteria_of(rubric, on=today)
        self.criteria = [one.criterion for one in views]
        self.cited = {one.criterion.pk: one.cited for one in views}
        self.fields["matter"].queryset = mentorship.matters.order_by("code")
        self.fields["observed_on"].widget.attrs["max"] = today.isoformat()
        self.today = today
        if is_teacher:
            del self.fields["kind"]
        for criterion in self.criteria:
            self.fields[_name(criterion)] = forms.ChoiceField(
                label=text_in(criterion.name),
                choices=_steps(criterion),
                initial=NOT_OBSERVED,
                widget=forms.RadioSelect,
            )

    def clean_observed_on(self) -> date:
        day = self.cleaned_data["observed_on"]
        if day > self.today:
            raise forms.ValidationError(_("The day lies ahead. Give the day of the observation."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if all(data.get(_name(criterion)) in (None, NOT_OBSERVED) for criterion in self.criteria):
            raise forms.ValidationError(_("Rate at least one criterion; the others may stay not observed."))
        return data

    def lines(self) -> Iterator[Line]:
        """Yield each criterion with its field, in order."""
        for criterion in self.criteria:
            yield Line(criterion, self[_name(criterion)], self.cited.get(criterion.pk, []))

    def ratings(self) -> dict[Criterion, int | None]:
        """Return the rating of each criterion, None where it was not observed."""
        given = {criterion: self.cleaned_data[_name(criterion)] for criterion in self.criteria}
        return {criterion: None if step == NOT_OBSERVED else int(step) for criterion, step in given.items()}

    @property
    def observed_as(self) -> str:
        """As whom the observer saw it; the mentee's teacher is not asked."""
        return self.cleaned_data.get("kind", Observation.Kind.TEACHER)


def _name(criterion: Criterion) -> str:
    return f"criterion-{criterion.code}"


def _steps(criterion: Criterion) -> list[tuple[str, str]]:
    steps = [(step, text_in(texts)) for step, texts in sorted(criterion.anchors.items())]
    return [*steps, (NOT_OBSERVED, str(_("Not observed")))]
