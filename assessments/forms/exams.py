"""Making an exam: what it is, and what its papers are drawn by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments import rules
from assessments.models import RESERVED_CODES, Exam, ExamPart, ItemVersion
from assessments.rules import MOST_QUESTIONS
from assessments.services import Content, PartFacts
from training.competencies.models import LEVELS, Competency, Framework
from training.people.models import Position

from .sessions import MomentField, people_by_numbers

KEY = re.compile(r"[0-9a-f]{64}")
NOT_FOR_PRACTICE = ("in_sessions", "browser_keys", "achievement", "pilots", "wait_days", "resits_allowed")
DRAWN_FROM = ("mode", "shuffled", "pilots", "shortest", "target_error", "bank", "framework", "target_level")
LONGEST_WAIT = 366
MOST_PILOTS = 30
MOST_ROWS = 60
MOST_PARTS = 8
SPARE_ROWS = 3


class ExamForm(forms.ModelForm):  # type: ignore[type-arg]  # a form of one model
    """What an exam is."""

    opens_at = MomentField(label=_("Opens"), required=False, help_text=_("Empty: at once."))
    closes_at = MomentField(label=_("Closes"), required=False, help_text=_("Empty: never."))
    browser_keys = forms.CharField(
        label=_("Keys of Safe Exam Browser"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One on a line, 64 characters each. Empty: any browser will do."),
    )

    class Meta:
        model = Exam
        fields = [
            "code", "title", "description", "mode", "shuffled", "pilots", "shortest", "target_error", "bank",
            "framework", "target_level", "minutes", "attempts_allowed", "wait_days", "resits_allowed", "opens_at",
            "closes_at", "in_sessions", "browser_keys", "second_marking", "release", "achievement",
        ]  # fmt: skip
        labels = {"code": _("Address")}
        help_texts = {
            "code": _("The last part of the exam's address: small letters, digits and hyphens."),
            "mode": _(
                "The same for everybody: you choose the questions on a page of their own once the exam is saved, and "
                "the rows only say what they should be like. By the answers before it: one part, one question after "
                "the other, from calibrated questions alone; it ends when it knows enough, and the rows say at most "
                "how many of what. Practice: no places, no clock, no result; the minutes only say how long it takes "
                "about, and it draws from a practice bank."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].queryset = Framework.objects.order_by("-is_current", "code")
        self.fields["minutes"].min_value = 1
        for name in ("wait_days", "pilots"):
            self.fields[name].required = False  # empty is none
        self.initial["browser_keys"] = "\n".join(self.instance.browser_keys)
        if not self.instance.pk:
            self.initial["framework"] = Framework.objects.filter(is_current=True).first()
        if self.instance.pk:
            del self.fields["code"]
            if self.instance.is_open:
                for name in (
                    "mode",
                    "shuffled",
                    "pilots",
                    "shortest",
                    "target_error",
                    "bank",
                    "framework",
                    "target_level",
                ):
                    self.fields[name].disabled = True

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED_CODES:
            raise forms.ValidationError(_("This word is an address of its own. Choose another."))
        return code

    def clean_wait_days(self) -> int:
        days: int = self.cleaned_data["wait_days"] or 0
        if days > LONGEST_WAIT:
            raise forms.ValidationError(_("At most %(most)s days."), params={"most": LONGEST_WAIT})
        return days

    def clean_pilots(self) -> int:
        pilots: int = self.cleaned_data["pilots"] or 0
        if pilots > MOST_PILOTS:
            raise forms.ValidationError(_("At most %(most)s questions."), params={"most": MOST_PILOTS})
        return pilots

    def clean_minutes(self) -> int:
        minutes = self.cleaned_data["minutes"]
        if not 1 <= minutes <= 600:
            raise forms.ValidationError(_("From 1 to 600 minutes."))
        return minutes

    def clean_target_error(self) -> float | None:
        error: float | None = self.cleaned_data["target_error"]
        if error is not None and not rules.LEAST_ERROR <= error <= rules.MOST_ERROR:
            raise forms.ValidationError(_("From 0.2 to 1.0."))
        return error

    def clean_browser_keys(self) -> list[str]:
        keys = [key.strip().lower() for key in self.cleaned_data["browser_keys"].split()]
        if wrong := [key for key in keys if not KEY.fullmatch(key)]:
            raise forms.ValidationError(_("This is not a key: %(key)s."), params={"key": wrong[0][:70]})
        return list(dict.fromkeys(keys))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The exam closes after it opens."))
        if cleaned.get("mode") == Exam.Mode.ADAPTIVE and not cleaned.get("shortest") and "shortest" not in self.errors:
            self.add_error("shortest", _("Say how many questions everybody answers at least."))
        if cleaned.get("mode") == Exam.Mode.ADAPTIVE and cleaned.get("pilots"):
            self.add_error(
                "pilots", _("An adaptive exam tries nothing out: each question follows the answers before it.")
            )
        if cleaned.get("mode") == Exam.Mode.PRACTICE:
            for name in NOT_FOR_PRACTICE:
                if cleaned.get(name):
                    self.add_error(name, _("Practice has none of this: leave it empty, or choose another way."))
        return cleaned


class CompetencyField(forms.ModelChoiceField):
    """A competency with the group it belongs to."""

    def label_from_instance(self, obj: Competency) -> str:
        return f"{obj.parent}: {obj}" if obj.parent_id else str(obj)


class PartForm(forms.ModelForm):  # type: ignore[type-arg]  # a form of one model
    """A part of an exam."""

    was = forms.IntegerField(required=False, widget=forms.HiddenInput)
    removed = forms.BooleanField(
        label=_("Take this part away"), required=False, help_text=_("What it asks goes with it.")
    )

    class Meta:
        model = ExamPart
        fields = ["title", "introduction", "minutes", "order"]

    def clean_minutes(self) -> int | None:
        minutes: int | None = self.cleaned_data["minutes"]
        if minutes == 0:
            raise forms.ValidationError(_("At least 1 minute, or empty."))
        return minutes

    @property
    def facts(self) -> PartFacts:
        return PartFacts(**{name: self.cleaned_data[name] for name in (*self.Meta.fields, "was")})


class BasePartFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # serves one form
    """The parts of an exam in their order; the first of its forms are those it has."""

    whole: int | None = None  # the minutes of the exam, where they are known

    def clean(self) -> None:
        kept = [form.cleaned_data.get("minutes") for form in self.kept.values()]
        if not kept:
            raise forms.ValidationError(gettext("An exam has one part at least."))
        limits = [minutes for minutes in kept if minutes]
        if len(kept) == 1 and limits:
            raise forms.ValidationError(gettext("With one part alone the minutes of the exam say it all."))
        if self.whole and sum(limits) > self.whole:
            raise forms.ValidationError(gettext("The parts take more minutes together than the exam has."))

    @property
    def kept(self) -> dict[int, PartForm]:
        """The parts that stay, by the number they have in the form."""
        right = (form for form in self.forms if form.is_valid())
        return {self.forms.index(form) + 1: form for form in right if not form.cleaned_data["removed"]}

    def content(self, rows: Iterable[rules.BlueprintRow]) -> tuple[list[rules.BlueprintRow], list[PartFacts]]:
        """Return the rows of the parts that stay and those parts, numbered anew."""
        numbers = {old: new for new, old in enumerate(self.kept, start=1)}
        kept = [replace(row, part=numbers[row.part]) for row in rows if row.part in numbers]
        return kept, [form.facts for form in self.kept.values()]


def part_form(data: QueryDict | None, parts: Sequence[PartFacts], *, whole: int | None = None, more: int = 0) -> Any:
    """Return the form of an exam's parts, filled with `parts` and `more` empty ones."""
    forms_ = forms.formset_factory(
        PartForm, formset=BasePartFormSet, extra=more, max_num=MOST_PARTS, absolute_max=MOST_PARTS
    )
    facts = {"empty_permitted": False, "use_required_attribute": False}
    found = forms_(data, initial=[asdict(part) for part in parts], prefix="part", form_kwargs=facts)
    found.whole = whole
    return found


class RowForm(forms.Form):
    """So many questions of a competency, in a part."""

    part = forms.TypedChoiceField(label=_("Part"), coerce=int, empty_value=1, required=False)
    competency = CompetencyField(label=_("Competency"), queryset=None, required=False, empty_label=_("Choose"))
    level = forms.TypedChoiceField(
        label=_("Level"), choices=[("", _("Any level")), *LEVELS], coerce=int, empty_value=None, required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind of question"), choices=[("", _("Any kind")), *ItemVersion.Kind.choices], required=False
    )
    count = forms.IntegerField(label=_("Questions"), min_value=0, max_value=MOST_QUESTIONS, required=False)

    def __init__(self, *args: Any, competencies: Any, parts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [(number, str(number)) for number in range(1, parts + 1)]
        if parts == 1:
            self.fields["part"].widget = forms.HiddenInput()
        # One query for all rows of the form, not one for each.
        self.fields["competency"].queryset = competencies
        self.fields["competency"].choices = [("", _("Choose")), *competencies.choices]
        for field in self.fields.values():
            css = "form-select" if hasattr(field, "choices") else "form-control"
            field.widget.attrs["class"] = css
        self.fields["count"].widget.attrs["size"] = 4

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("count") and not cleaned.get("competency"):
            self.add_error("competency", _("Choose what these questions are about."))
        return cleaned

    @property
    def row(self) -> rules.BlueprintRow | None:
        """The row as it is drawn by; None for one that asks nothing."""
        facts = self.cleaned_data
        if not facts.get("competency") or not facts.get("count"):
            return None
        return rules.BlueprintRow(
            facts["competency"].pk, facts["count"], facts["level"], facts["kind"] or None, facts["part"] or 1
        )


class BaseBlueprintFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # serves one form
    """The rows of a blueprint."""

    def clean(self) -> None:
        if sum(row.count for row in self.rows) > MOST_QUESTIONS:
            raise forms.ValidationError(gettext("A paper has at most %(most)s questions.") % {"most": MOST_QUESTIONS})

    @property
    def rows(self) -> list[rules.BlueprintRow]:
        """The rows that ask something, of those that are right."""
        return [row for form in self.forms if form.is_valid() and (row := form.row)]


BlueprintFormSet = forms.formset_factory(
    RowForm, formset=BaseBlueprintFormSet, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def blueprint_form(
    data: QueryDict | None, framework: Framework | None, rows: Sequence[rules.BlueprintRow], *, parts: int = 1
) -> Any:
    """Return the form of a blueprint, filled with `rows`; more empty lines each time "more" is pressed."""
    competencies = Competency.objects.filter(framework=framework).select_related("parent")
    choices = [(one.pk, f"{one.parent}: {one}" if one.parent_id else str(one)) for one in competencies]
    competencies.choices = choices  # type: ignore[attr-defined]  # ours, for the rows
    facts = {"competencies": competencies, "parts": parts}
    return BlueprintFormSet(data, initial=[asdict(row) for row in rows], prefix="row", form_kwargs=facts)


class ContentForm:
    """What an exam's papers are made of: its parts and the rows of its blueprint, as two lists of small forms."""

    def __init__(self, data: QueryDict | None, framework: Framework | None, content: Content, *, more: int = 0) -> None:
        self.parts = part_form(data, content.parts, more=more)
        count = max(1, self.parts.total_form_count())
        self.blueprint = blueprint_form(data, framework, content.rows, parts=count)
        self._unbound = None if data is not None else content

    def is_valid(self, *, minutes: int | None) -> bool:
        """Say whether all of it is right for an exam of so many minutes."""
        self.parts.whole = minutes
        return all([self.parts.is_valid(), self.blueprint.is_valid()])

    @property
    def is_readable(self) -> bool:
        """Whether each line by itself can be read, whatever they are together."""
        return not any([*self.parts.errors, *self.blueprint.errors])

    @property
    def content(self) -> Content:
        """What it says, of those lines that are right."""
        return self._unbound or Content(*self.parts.content(self.blueprint.rows))


class ProposalForm(forms.Form):
    """A blueprint from what a position asks for."""

    position = forms.ModelChoiceField(label=_("Position"), queryset=None)
    total = forms.IntegerField(label=_("Questions"), min_value=1, max_value=MOST_QUESTIONS, initial=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = Position.objects.filter(targets__isnull=False).distinct().order_by("code")


class ExamPlacesForm(forms.Form):
    """Who gets a place in an exam, without a session."""

    numbers = forms.CharField(
        label=_("Staff numbers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on a line, or with commas between them."),
    )
    attempts = forms.IntegerField(label=_("Attempts allowed"), min_value=1, max_value=20)
    extra_minutes = forms.IntegerField(
        label=_("Extra minutes"),
        min_value=0,
        max_value=600,
        initial=0,
        required=False,
        help_text=_("Their own, on top of the exam's time, for example for somebody who reads with a screen reader."),
    )
    until = MomentField(label=_("To start by"), required=False, help_text=_("Empty: no end."))
    why = forms.CharField(label=_("Reason"), max_length=200, help_text=_("They read it beside the exam."))
    learned = forms.CharField(
        label=_("What they have newly learned"),
        max_length=200,
        required=False,
        help_text=_("Makes it a place for a retake, where so many resits failed that new learning is asked."),
    )
    waiver = forms.CharField(
        label=_("Why they need not wait"),
        max_length=200,
        required=False,
        help_text=_("Waives the days to wait before a resit, for this place. It stands in the audit trail."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_numbers(self) -> Any:
        return people_by_numbers(self.cleaned_data["numbers"])

    def clean_extra_minutes(self) -> int:
        return self.cleaned_data["extra_minutes"] or 0

    def clean_until(self) -> datetime | None:
        until = self.cleaned_data["until"]
        if until and until <= self.now:
            raise forms.ValidationError(_("This is past. Choose a time to come."))
        return until
