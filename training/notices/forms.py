"""What the inbox is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .queries import InboxFilter
from .texts import THEMES

UNREAD = "unread"


class InboxFilterForm(forms.Form):
    """The filter of the inbox, as it stands in the address."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", pgettext_lazy("notices", "All")), (UNREAD, pgettext_lazy("notices", "Unread only"))],
    )
    theme = forms.ChoiceField(label=_("About"), required=False)
    kind = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        everything = ("", pgettext_lazy("notices", "Everything"))
        self.fields["theme"].choices = [everything, *((key, theme.name) for key, theme in THEMES.items())]
        for name in ("state", "theme"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def wanted(self) -> InboxFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        given = self.cleaned_data
        return InboxFilter(
            unread=given.get("state") == UNREAD,
            theme=given.get("theme", ""),
            kind=given.get("kind", ""),
            day=given.get("day"),
        )
