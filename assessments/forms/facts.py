"""What is said about an item beside its words: where it belongs, how hard it is, until when it holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Bank, ItemVersion
from assessments.scoring import marking
from assessments.scoring.marking import ItemKind
from training.competencies.models import LEVELS, Competency
from training.lib.texts import TextsFormField

# addresses of the bank's own pages
RESERVED = frozenset({"banks", "write", "change", "undo", "calibrations", "import", "template", "export"})
OTHER_BARS = {ItemKind.CASE: 60, ItemKind.OPEN: 60, ItemKind.SCENARIO: 60}


class FactsForm(forms.Form):
    """Where an item belongs and how hard it is; the percents are whole numbers here and shares in the bank."""

    code = forms.SlugField(
        label=pgettext_lazy("item", "Code"),
        required=False,
        max_length=60,
        help_text=_("Letters without accents, numbers and hyphens. Left empty, the next free one is taken."),
    )
    competency = forms.ModelChoiceField(Competency.objects.none(), label=_("Competency"))
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int, initial=3)
    judged = forms.IntegerField(
        label=_("Judged chance, in percent"),
        min_value=2,
        max_value=98,
        initial=60,
        help_text=_("Think of 100 colleagues who have just reached this level: how many of them answer right?"),
    )
    bar = forms.IntegerField(
        label=_("Counts as right from, in percent"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("100: only a fully right answer counts as right. Credit for a part is given either way."),
    )
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    minutes = forms.IntegerField(label=_("Minutes to play it"), required=False, min_value=1, max_value=240)

    def __init__(self, kind: ItemKind, *args: Any, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competency = self.fields["competency"]
        assert isinstance(competency, forms.ModelChoiceField)
        competency.queryset = askable_competencies()
        self.fields["bar"].initial = OTHER_BARS.get(kind, 100)
        if fixed_code:
            del self.fields["code"]
        if kind is not ItemKind.SCENARIO:
            del self.fields["minutes"]
        for field in self.fields.values():
            chooses = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if chooses else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and first > last:
            self.add_error("valid_until", _("The last day of validity comes before the first."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what was said as the fields of a draft."""
        told = self.cleaned_data
        return {
            "code": told.get("code", ""),
            "level": told["level"],
            "judged_p": told["judged"] / 100,
            "bar": 1.0 if told["bar"] == 100 else told["bar"] / 100,
            "valid_from": told["valid_from"],
            "valid_until": told["valid_until"],
            "minutes": told.get("minutes"),
        }


def facts_of(version: ItemVersion) -> dict[str, Any]:
    """Return what the form shows of a version."""
    return {
        "competency": version.item.competency_id,
        "level": version.level,
        "judged": round(100 * version.judged_p),
        "bar": max(1, round(100 * version.bar)),
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "minutes": version.details.get("minutes"),
    }


def askable_competencies() -> Any:
    """Return the competencies of the current framework that items may belong to: those that are no group."""
    return Competency.objects.filter(framework__is_current=True, children=None).order_by("position")


class NewItemForm(forms.Form):
    """Which kind of item, in which bank."""

    bank = forms.ModelChoiceField(Bank.objects.order_by("code"), to_field_name="code", label=_("Bank"))
    kind = forms.ChoiceField(label=_("Kind of question"), choices=ItemVersion.Kind.choices)


class BankForm(forms.Form):
    """A bank's code and name; the code never changes."""

    code = forms.SlugField(label=_("Code of the bank"), max_length=60)
    name = TextsFormField(label=_("Name of the bank"))
    for_practice = forms.BooleanField(
        label=_("Only for practice"),
        required=False,
        help_text=_("Whoever practises sees the keys of its items, so no exam that counts draws from it."),
    )

    def __init__(self, *args: Any, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_code:
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code in RESERVED:
            raise ValidationError(_("This word is an address of the item bank. Choose another code."))
        return code


class ReviewForm(forms.Form):
    """A reviewer's remark; it must be there when an item is sent back."""

    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def kinds_by_how_they_are_marked() -> Sequence[tuple[Any, list[tuple[str, Any]]]]:
    """Return the kinds in two groups: marked at once, and by people."""
    by_people = [(kind.value, kind.label) for kind in ItemVersion.Kind if ItemKind(kind.value) in marking.BY_PEOPLE]
    at_once = [(kind.value, kind.label) for kind in ItemVersion.Kind if ItemKind(kind.value) not in marking.BY_PEOPLE]
    return [(_("Marked at once"), at_once), (_("Marked by people"), by_people)]
