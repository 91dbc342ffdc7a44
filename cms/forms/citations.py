"""Which of the citations that need a look are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.queries import Citing
from training.matters.queries import CitationState

WORST_FIRST = [CitationState.GONE, CitationState.STALE, CitationState.CHANGED]


class CitationFilterForm(forms.Form):
    """By kind, by who keeps it, by what became of the clause."""

    kind = forms.ChoiceField(label=pgettext_lazy("citation", "Kind"), required=False)
    owner = forms.ChoiceField(label=_("Kept by"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("citation", "State"), required=False)

    def __init__(self, data: Any, *, rows: Sequence[Citing], kinds: Mapping[str, Any]) -> None:
        super().__init__(data)
        owners = sorted({row.owner for row in rows if row.owner})
        self.fields["kind"].choices = [("", _("All")), *kinds.items()]
        self.fields["owner"].choices = [("", _("All")), *((owner, owner) for owner in owners)]
        self.fields["state"].choices = [("", _("All")), *((state.value, state.label) for state in WORST_FIRST)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def kept(self, rows: Sequence[Citing]) -> list[Citing]:
        """Return the rows that fit, the worst first; a filter nobody can have chosen keeps all."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        kept = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
        worst = {state.value: place for place, state in enumerate(WORST_FIRST)}
        return sorted(kept, key=lambda row: (worst[row.state], row.kind, row.within, row.name))
