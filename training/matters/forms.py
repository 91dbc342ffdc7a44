"""What a window serves, and from when; two texts of a clause to compare; a file of matters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.people.forms.fields import DayField

from .files.json_files import MOST_BYTES
from .models import ServiceMatter
from .services.file_runs import read_file


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


class MatterFileForm(forms.Form):
    """A file of matters and bundles; `data_read` is its content."""

    data_read: bytes
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX up to 10 MB or JSON up to 40 MB, as the template and the export have them."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.json"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        """Say at once what is wrong with a file from which nothing can be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(gettext("The file is larger than %(limit)d MB.") % {"limit": MOST_BYTES >> 20})
        self.data_read = file.read()
        told = read_file(self.data_read, name=file.name)
        if not told.documents:
            said = [f"{problem.place}: {problem.text}" if problem.place else problem.text for problem in told.problems]
            raise ValidationError(said or [gettext("The file holds no matter and no bundle.")])
        return file
