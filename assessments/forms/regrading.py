"""What an examiner says when a regrade is asked for, and how its people are looked through."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Exam, ItemVersion, Regrade, RegradedResult
from assessments.queries import RegradeFilter
from assessments.services import LONGEST_MESSAGE

Policy = Regrade.Policy


class WhyForm(forms.Form):
    """What every regrade is asked with: the reason, who may lose by it, and what becomes of certificates."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_MESSAGE,
        help_text=_("Everybody whose result changes reads it. Do not tell the key."),
    )
    policy = forms.ChoiceField(
        label=_("Who may lose by it"), choices=Policy.choices, initial=Policy.NOBODY_LOSES, widget=forms.RadioSelect
    )
    certificates = forms.ChoiceField(
        label=_("The certificate of somebody who passes no longer"),
        choices=Regrade.Certificates.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Asked only where everything moves. Whoever passes now gets a certificate in any case."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("policy") == Policy.EVERYTHING_MOVES and not cleaned.get("certificates"):
            self.add_error("certificates", _("Say what becomes of the certificates of people who pass no longer."))
        return cleaned


class RegradeForm(WhyForm):
    """What is wrong with a question: its key, by a version that has the right one, or the question itself."""

    what = forms.ChoiceField(label=_("What becomes of the question"), choices=[], widget=forms.RadioSelect)
    field_order = ("what", "reason", "policy", "certificates")

    def __init__(self, *args: Any, keys: Sequence[ItemVersion], exams: Sequence[Exam], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = {f"key-{one.pk}": one for one in keys}
        self._exams = {f"void-{one.pk}": one for one in exams}
        by_key = _("It is marked by the key of version {number}")
        void = _("It counts for nobody who sat “{exam}”")
        self.fields["what"].choices = [
            *((name, str(by_key).format(number=one.number)) for name, one in self._keys.items()),
            ("void", _("It counts for nobody, in every exam")),
            *((name, str(void).format(exam=one)) for name, one in self._exams.items() if len(self._exams) > 1),
        ]

    def wanted(self) -> dict[str, Any]:
        """Return the facts of the regrade as `ask_regrade` takes them."""
        facts = dict(self.cleaned_data)
        what = facts.pop("what")
        return facts | {"key_from": self._keys.get(what), "exam": self._exams.get(what)}


class UndoForm(WhyForm):
    """Taking a regrade back: results go back to what they were, unless nobody is to lose by that either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].initial = Policy.EVERYTHING_MOVES


class RegradeFilterForm(forms.Form):
    """Whose rows are shown; what is not known shows all."""

    change = forms.ChoiceField(label=_("What becomes of it"), required=False)
    exam = forms.ChoiceField(label=_("Exam"), required=False)
    words = forms.CharField(label=_("Name or staff number"), required=False, max_length=60)

    def __init__(self, *args: Any, exams: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].choices = [
            ("", _("All")),
            ("seen", _("Every change people see")),
            *RegradedResult.Change.choices,
            ("skipped", _("Left out")),
        ]
        self.fields["exam"].choices = [("", _("All")), *exams]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def wanted(self) -> RegradeFilter:
        self.is_valid()
        found = getattr(self, "cleaned_data", {})
        return RegradeFilter(**{name: found.get(name, "") for name in ("change", "exam", "words")})
