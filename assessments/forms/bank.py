"""What examiners look for in the bank."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Bank, Item, ItemVersion


class BankFilterForm(forms.Form):
    """Narrows the list of items; what it does not know is not filtered by."""

    bank = forms.ChoiceField(label=_("Bank"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind of question"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = [(bank.code, str(bank)) for bank in Bank.objects.order_by("code")]
        self._offer("bank", [("", _("All banks")), *banks])
        self._offer("state", [("", _("All states")), *Item.State.choices])
        self._offer("kind", [("", _("All kinds")), *ItemVersion.Kind.choices])

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.widget.attrs["class"] = "form-select"

    def filters(self) -> dict[str, str]:
        """Return the filters chosen, without those that are not one of the choices."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
