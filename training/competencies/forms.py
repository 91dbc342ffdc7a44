"""Filters of the matrix, which live in the address, and the levels of a position."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.people.forms.fields import DayField
from training.people.models import Position

from .models import LEVELS, Competency


class MatrixFilter(forms.Form):
    """Which people of a department or hall section to show; the positions are those somebody there holds."""

    position = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Position"))
    gaps = forms.BooleanField(required=False, label=_("Show only gaps"))

    def __init__(self, *args: Any, positions: Iterable[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", _("All positions")), *((one.pk, str(one)) for one in positions)]

    def narrowed(self) -> dict[str, Any]:
        """Return the choices made; a filter that is not understood counts as not set."""
        return self.cleaned_data if self.is_valid() else {"position": None, "gaps": False}


class TargetsForm(forms.Form):
    """The level a position asks for in each competency, and from which day."""

    starts_on = DayField(
        label=_("From"), help_text=_("The first day the new levels count. What they replace ends the day before.")
    )

    def __init__(self, *args: Any, competencies: list[Competency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competencies = competencies
        for one in competencies:
            self.fields[f"level-{one.code}"] = forms.TypedChoiceField(
                choices=[("", "–"), *LEVELS], coerce=int, empty_value=None, required=False, label=str(one)
            )

    def levels(self) -> dict[Competency, int | None]:
        """Return the level chosen for each competency, None for not asked for."""
        return {one: self.cleaned_data[f"level-{one.code}"] for one in self.competencies}
