"""The filter of the audit trail, as it stands in the address; erasures; retention; impact assessments."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.operations.sentences import SENTENCES

from .models import ImpactAssessment
from .queries.trail import TrailFilter

LONGEST_SEARCH = 100
AREAS = {
    "people": _("People"),
    "courses": _("Learning"),
    "assessments": _("Exams"),
    "competencies": _("Competencies"),
    "mentors": _("Coaching"),
    "authorisations": _("Authorisations"),
    "certificates": _("Certificates"),
    "matters": _("Service matters and policies"),
    "accountability": _("Audit and privacy"),
    "notices": _("Notices"),
    "imports": _("Imports"),
    "jobs": _("Jobs"),
    "operations": _("Operations"),
}


def actions() -> Iterator[tuple[Any, Any]]:
    """Yield every action as its sentence with gaps, by area."""
    yield "", _("Everything")
    for area, label in AREAS.items():
        rows = [(name, gapped(text)) for name, text in SENTENCES.items() if name.partition(".")[0] == area]
        if rows:
            yield label, rows


def gapped(sentence: Any) -> str:
    return str(sentence).format(actor="…", person="…", subject="…")


class TrailForm(forms.Form):
    """Whom, what and when to look for; what cannot be read filters nothing."""

    person = forms.CharField(label=_("About whom (name or number)"), required=False, max_length=LONGEST_SEARCH)
    actor = forms.CharField(label=_("Who did it (name or number)"), required=False, max_length=LONGEST_SEARCH)
    action = forms.ChoiceField(label=_("What"), required=False, choices=actions)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    address = forms.CharField(label=_("Network address"), required=False, max_length=45)
    subject = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", "form-select" if name == "action" else "form-control")

    def wanted(self) -> TrailFilter:
        """Return the filter; the last day counts to its end, in the centre's time."""
        self.is_valid()
        said = self.cleaned_data
        until = said.get("until")
        return TrailFilter(
            person=said.get("person", "").strip(),
            actor=said.get("actor", "").strip(),
            action=said.get("action", ""),
            subject=said.get("subject", ""),
            address=said.get("address", "").strip(),
            since=begin_of(said.get("since")),
            before=begin_of(until + timedelta(days=1)) if until and until < date.max else None,
        )


def begin_of(day: date | None) -> datetime | None:
    """Return the first moment of the day in the centre's time."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


class ErasureForm(forms.Form):
    """Why somebody is to be made anonymous."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by the second person, who decides. If it names the person, the name is taken out of it too."),
        error_messages={"required": _("Write down why, such as: asked for by letter of 3 March, retention over.")},
    )


class ErasureDecisionForm(forms.Form):
    """What the second person decides."""

    decision = forms.ChoiceField(choices=[("confirm", _("Confirm")), ("refuse", _("Refuse"))])


class MonthsForm(forms.Form):
    """How many months rows of one kind are kept, never less than its least."""

    months = forms.IntegerField(label=_("Months"), max_value=1200)

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["months"]
        field.min_value = least
        field.widget.attrs.update({"min": least, "class": "form-control"})
        field.validators.append(MinValueValidator(least, message=_("At least %(least)s months.") % {"least": least}))


class AssessmentForm(forms.ModelForm):
    """What was weighed, as articles 55 and 56 of the Personal Information Protection Law ask for it."""

    class Meta:
        model = ImpactAssessment
        fields = (
            "title",
            "cause",
            "processed",
            "purpose",
            "risks",
            "measures",
            "assessed_by",
            "assessed_on",
            "review_on",
        )
        widgets: ClassVar[dict[str, forms.Widget]] = {
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("processed", "purpose", "risks", "measures")},
            **{
                name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                for name in ("assessed_on", "review_on")
            },
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("What is done with personal data, such as: exam answers are scored by the platform."),
            "processed": _("Which data, of how many people, where they come from, how long they are kept."),
            "purpose": _("What it is for, the law or rule it rests on, and why less would not do."),
            "risks": _("What may happen to the people, how likely and how bad it is."),
            "measures": _("Rules, rights and technical means, and whether they fit the risk."),
            "assessed_by": _("Names and offices, such as: legal affairs, Zhou Min."),
            "review_on": _("When the law, the data or the purpose change, earlier."),
        }
