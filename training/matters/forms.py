"""What a window serves, and from when; two texts of a clause to compare."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.people.forms.fields import DayField

from .models import ServiceMatter
from .queries import TextOfClause


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
    """Two texts of a clause; the last one and the one before unless others are chosen."""

    old = forms.TypedChoiceField(label=_("Earlier text"), coerce=int)
    new = forms.TypedChoiceField(label=_("Later text"), coerce=int)

    def __init__(self, *args: Any, texts: Sequence[TextOfClause], **kwargs: Any) -> None:
        initial = {"old": texts[1].number, "new": texts[0].number} if len(texts) > 1 else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.texts = {text.number: text for text in texts}
        choices = [(text.number, _said(text)) for text in texts]
        for name in ("old", "new"):
            self.fields[name].choices = choices

    def pair(self) -> tuple[TextOfClause, TextOfClause]:
        """Return the two texts; what was asked for in vain falls back to the last two."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return self.texts[chosen["old"]], self.texts[chosen["new"]]


def _said(text: TextOfClause) -> str:
    since = date_format(text.first, "Y-m-d") if text.first else ""
    return gettext("Text %(number)d, from %(day)s") % {"number": text.number, "day": since}
