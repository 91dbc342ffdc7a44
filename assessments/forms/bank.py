"""The item bank's list: what narrows it, and what can be done with the items ticked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments.models import Bank, BankChange, Item, ItemVersion
from training.competencies.models import LEVELS, Competency

from .facts import askable_competencies

What = BankChange.What
SHOW = [
    ("", _("All")),
    ("review", _("Waiting for my review")),
    ("back", _("Sent back to me")),
    ("stale", _("Resting on a changed clause")),
    ("unused", _("Never used")),
]


class BankFilterForm(forms.Form):
    """Narrows the list of items; what it does not know is not filtered by."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    show = forms.ChoiceField(label=pgettext_lazy("items", "Show"), required=False, choices=SHOW)
    competency = forms.ChoiceField(label=_("Competency"), required=False)
    kind = forms.ChoiceField(label=_("Kind of question"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    missing = forms.ChoiceField(label=_("Without a text in"), required=False)
    on = forms.DateField(label=_("Valid on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    FIRST = ("q", "bank", "show", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Competency.objects.filter(items__isnull=False).distinct().order_by("position")
        names = {code: gettext(str(name)) for code, name in settings.LANGUAGES}
        self._offer("bank", _("All banks"), [(bank.code, str(bank)) for bank in Bank.objects.order_by("code")])
        self._offer("competency", _("All competencies"), [(one.code, str(one)) for one in asked])
        self._offer("kind", _("All kinds"), ItemVersion.Kind.choices)
        self._offer("level", _("All levels"), LEVELS)
        self._offer("state", _("All states"), Item.State.choices)
        self._offer("missing", _("No matter"), list(names.items()))
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name in ("q", "on") else "form-select"
        self.fields["q"].widget.input_type = "search"

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FIRST]

    @property
    def more_is_used(self) -> bool:
        return any(field.value() for field in self.more)

    def filters(self) -> dict[str, Any]:
        """Return the filters chosen, without those that cannot be read or are not one of the choices."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def _offer(self, name: str, everything: Any, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]


class ChoiceFilterForm(forms.Form):
    """Narrows the items that can be chosen for a paper; what it does not know is not filtered by."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    competency = forms.ChoiceField(label=_("Competency"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All levels")), *LEVELS])
    kind = forms.ChoiceField(
        label=_("Kind of question"), required=False, choices=[("", _("All kinds")), *ItemVersion.Kind.choices]
    )

    def __init__(self, *args: Any, bank: Bank, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Competency.objects.filter(items__bank=bank).distinct().order_by("position")
        field = self.fields["competency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All competencies")), *((one.code, str(one)) for one in asked)]
        for name, box in self.fields.items():
            box.widget.attrs["class"] = "form-control" if name == "q" else "form-select"
        self.fields["q"].widget.input_type = "search"

    def filters(self) -> dict[str, Any]:
        """Return the filters chosen, without those that cannot be read or are not one of the choices."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ChangeForm(forms.Form):
    """What to do with items: one choice, written "what:value"."""

    do = forms.ChoiceField(label=_("With those ticked"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["do"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = self._choices()
        field.widget.attrs["class"] = "form-select"
        self.fields["reason"].widget.attrs["class"] = "form-control"

    def change(self) -> tuple[str, str]:
        """Return what to change and the value it gets."""
        what, _colon, value = self.cleaned_data["do"].partition(":")
        return what, value

    def words(self) -> str:
        """Return what is to be done, as it was chosen."""
        field = self.fields["do"]
        assert isinstance(field, forms.ChoiceField)
        for name, options in field.choices:
            for value, label in options if isinstance(options, list) else [(name, options)]:
                if value == self.cleaned_data["do"]:
                    return f"{name}: {label}" if isinstance(options, list) else str(label)
        return ""

    @staticmethod
    def _choices() -> list[tuple[Any, Any]]:
        states = [
            ("live", _("Put to use")),
            ("pilot", _("Try out")),
            ("suspended", _("Suspend")),
            ("reviewed", _("Take out of use")),
            ("retired", _("Retire")),
        ]
        return [
            ("", _("Choose what to do")),
            (f"{What.REQUEST}:", _("Ask for review")),
            (str(_("Use")), [(f"{What.STATE}:{state}", label) for state, label in states]),
            (str(_("Level")), [(f"{What.LEVEL}:{number}", name) for number, name in LEVELS]),
            (str(_("Move to")), [(f"{What.BANK}:{one.code}", str(one)) for one in Bank.objects.order_by("code")]),
            (str(_("Competency")), [(f"{What.COMPETENCY}:{one.pk}", str(one)) for one in askable_competencies()]),
        ]
