"""Filters of the matrix; they live in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.people.models import Position


class MatrixFilter(forms.Form):
    """Which people of a department to show."""

    position = forms.ModelChoiceField(
        Position.objects.order_by("code"), required=False, label=_("Position"), empty_label=_("All positions")
    )
    gaps = forms.BooleanField(required=False, label=_("Show only gaps"))

    def narrowed(self) -> dict[str, Any]:
        """Return the choices made; a filter that is not understood counts as not set."""
        return self.cleaned_data if self.is_valid() else {"position": None, "gaps": False}
