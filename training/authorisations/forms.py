"""The filter of the roster, and what one cell of it is given."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.people.forms.fields import DayField
from training.people.models import Section

REACHES = [
    ("half", _("This half of the day")),
    ("day", _("The whole day")),
    ("week", _("The rest of the week")),
]


class RosterFilter(forms.Form):
    """Which week, and which section; stands in the address."""

    week = DayField(label=_("Week of"), required=False)
    section = forms.ModelChoiceField(
        label=pgettext_lazy("of a hall", "Section"), queryset=Section.objects.none(), to_field_name="code",
        required=False, empty_label=_("All sections"),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.today = today
        self.fields["section"].queryset = Section.objects.open_on(today).order_by("code")
        self.fields["week"].widget.attrs["class"] = "form-control"
        self.fields["section"].widget.attrs["class"] = "form-select"

    @property
    def day(self) -> date:
        """A day of the week asked for; today when none can be read."""
        self.is_valid()
        return self.cleaned_data.get("week") or self.today

    @property
    def place(self) -> Section | None:
        self.is_valid()
        return self.cleaned_data.get("section")


class CellForm(forms.Form):
    """Who stands there, out of those listed, and for how long."""

    listed = forms.TypedMultipleChoiceField(required=False, coerce=int)
    person = forms.TypedMultipleChoiceField(required=False, coerce=int)
    reach = forms.ChoiceField(choices=REACHES)

    def __init__(self, *args: Any, people: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("listed", "person"):
            self.fields[name].choices = [(pk, pk) for pk in people]
