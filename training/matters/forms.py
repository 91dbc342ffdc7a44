"""What a window serves, and from when; two texts of a clause to compare."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.people.forms.fields import DayField

from .models import ServiceMatter


class ServesForm(forms.Form):
    """The matters a window serves from a day on."""

    matters = forms.ModelMultipleChoiceField(
        ServiceMatter.objects.none(), to_field_name="code", required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("From"), help_text=_("The first day it is so. What ends, ends the day before."))

    def __init__(self, *args: Any, matters: list[ServiceMatter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].queryset = ServiceMatter.objects.filter(pk__in=[matter.pk for matter in matters])


class CompareForm(forms.Form):
    """Two of several texts or versions, given as (number, words) from the newest; the last two unless chosen."""

    old = forms.TypedChoiceField(label=_("Earlier text"), coerce=int)
    new = forms.TypedChoiceField(label=_("Later text"), coerce=int)

    def __init__(self, data: Any, *, options: Sequence[tuple[int, str]]) -> None:
        super().__init__(data, initial={"old": options[1][0], "new": options[0][0]})
        for name in ("old", "new"):
            self.fields[name].choices = options

    def pair(self) -> tuple[int, int]:
        """Return the two numbers; what was asked for in vain falls back to the last two."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return chosen["old"], chosen["new"]
