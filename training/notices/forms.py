"""What the inbox is asked for, and how one is told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .channels import Channel
from .models import How
from .queries import InboxFilter
from .texts import THEMES, Theme

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


class AddressForm(forms.Form):
    """An address to which one's notices may go by mail."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email", "spellcheck": "false"}),
    )


class ChoicesForm(forms.Form):
    """How one wants to be told: one choice for each theme and channel."""

    def __init__(
        self, *args: Any, channels: Sequence[Channel], choices: Mapping[tuple[str, str], How], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
        for (theme, channel), how in choices.items():
            name = next(str(one.name) for one in channels if one.key == channel)
            self.fields[f"{theme}-{channel}"] = forms.ChoiceField(
                label=f"{THEMES[theme].name}, {name}",
                choices=How.choices,
                initial=how,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"{theme}-{channel}"].channel = name  # what the column is called

    def rows(self) -> Iterator[tuple[Theme, list[forms.BoundField]]]:
        """Yield each theme with its fields, in the order of the channels."""
        for key, theme in THEMES.items():
            yield theme, [self[f"{key}-{channel.key}"] for channel in self.channels]

    def wanted(self) -> dict[tuple[str, str], How]:
        """Return the choices by theme and channel."""
        pairs = [(theme, channel.key) for theme in THEMES for channel in self.channels]
        return {(theme, channel): How(self.cleaned_data[f"{theme}-{channel}"]) for theme, channel in pairs}
