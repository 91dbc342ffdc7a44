"""What a window serves, and from when."""

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
