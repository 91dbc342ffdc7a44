"""The quick log of a coaching session: made for a thumb, everything preset that can be."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mentors.models import CoachingSession, Criterion, Mentorship
from mentors.services import SessionFacts
from training.lib.texts import text_in

MINUTES = (5, 10, 20, 30, 45)
PRESET_MINUTES = 10
ISO_DAY = "%Y-%m-%d"
LOCAL = "%Y-%m-%dT%H:%M"
"""How browsers send days and times, whatever the language."""
LONGEST_NOTE = 2000
CHIPS_AT_HAND = 5
"""How many chips stand in the open; the others are one tap away."""


class ChipsField(forms.ModelMultipleChoiceField):
    """Criteria as chips: the few words of the quick log."""

    def label_from_instance(self, obj: Criterion) -> str:
        return text_in(obj.chip) or text_in(obj.name)


class LogForm(forms.Form):
    """Whom, when and what for are preset; the level, what was seen and how long are taps."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    held_at = forms.DateTimeField(
        label=_("When"),
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local", "class": "form-control"}),
    )
    kind = forms.ChoiceField(
        label=_("What you did"),
        choices=CoachingSession.Kind.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    matter = forms.ModelChoiceField(
        label=_("Matter"), queryset=None, empty_label=None, widget=forms.Select(attrs={"class": "form-select"})
    )
    level = forms.TypedChoiceField(
        label=_("How far the mentee got this time"),
        choices=CoachingSession.Help.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    not_observed = forms.BooleanField(label=_("Not observed this time"), required=False)
    seen = ChipsField(label=_("What you saw"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)
    not_responding = forms.BooleanField(label=_("No change after coaching"), required=False)
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        choices=[(minutes, str(minutes)) for minutes in MINUTES],
        coerce=int,
        widget=forms.RadioSelect,
    )
    next_action = forms.CharField(
        label=_("Next step"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    next_action_by = forms.DateField(
        label=_("By"),
        required=False,
        input_formats=[ISO_DAY],
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date", "class": "form-control"}),
    )
    cases = forms.IntegerField(
        label=_("Cases handled"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "form-control num-s", "inputmode": "numeric"}),
    )
    strengths = forms.CharField(
        label=_("What went well"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    note = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].queryset = mentorship.matters.order_by("code")
        self.fields["seen"].queryset = Criterion.objects.order_by("position", "rubric__code")

    def clean(self) -> dict[str, Any]:
        """Ask for one of level and "not observed", and for a step wherever it has a date."""
        data = super().clean() or {}
        if data.get("level") and data.get("not_observed"):
            self.add_error("level", _("Choose a level, or that it was not observed; not both."))
        if "level" in data and not data["level"] and not data.get("not_observed"):
            self.add_error("level", _("Tap a level, or that it was not observed."))
        if data.get("next_action_by") and not data.get("next_action"):
            self.add_error("next_action", _("Say what is to be done by that day, or leave the day empty."))
        return data

    def facts(self) -> SessionFacts:
        """Return what was logged, of a valid form."""
        data = dict(self.cleaned_data)
        del data["client_uuid"], data["not_observed"]
        return SessionFacts(**{**data, "seen": list(data["seen"])})

    def renew(self) -> None:
        """Give the form another id, so that sending it again makes another session."""
        self.data = self.data.copy()
        self.data["client_uuid"] = str(uuid4())

    @cached_property
    def chips(self) -> list[BoundWidget]:
        return list(self["seen"])

    @property
    def chips_at_hand(self) -> list[BoundWidget]:
        return self.chips[:CHIPS_AT_HAND]

    @property
    def more_chips(self) -> list[BoundWidget]:
        return self.chips[CHIPS_AT_HAND:]

    @property
    def opens_chips(self) -> bool:
        """Whether one of the chips that are folded away is chosen."""
        return any(chip.data["selected"] for chip in self.more_chips)

    @property
    def time_said(self) -> datetime | None:
        """The time in the field, as it is told above it; None while it cannot be read."""
        value = self["held_at"].value()
        if isinstance(value, datetime):
            return timezone.make_aware(value) if timezone.is_naive(value) else value
        try:
            return self.fields["held_at"].clean(value)
        except forms.ValidationError:
            return None

    @property
    def kind_words(self) -> str:
        return self._chosen("kind")

    @property
    def matter_words(self) -> str:
        return self._chosen("matter")

    @property
    def matter_id(self) -> str:
        """The matter that is chosen: the first one where nothing was preset."""
        value = self["matter"].value()
        return str(next(iter(self.fields["matter"].choices))[0] if value is None else value)

    def _chosen(self, name: str) -> str:
        """Return the words of what a select shows; what the browser sent may be text where the choice is a key."""
        wanted = self.matter_id if name == "matter" else str(self[name].value())
        return next((str(words) for value, words in self.fields[name].choices if str(value) == wanted), "")

    @property
    def opens_details(self) -> bool:
        """Whether an error hides in the part that is folded away."""
        return bool({"held_at", "kind"} & self.errors.keys()) if self.is_bound else False

    @property
    def opens_more(self) -> bool:
        """Whether the folded notes hold something, or an error."""
        return any(self[name].value() or self[name].errors for name in ("cases", "strengths", "note"))


def preset(*, now: datetime, last: CoachingSession | None) -> dict[str, Any]:
    """Return what the log starts from: now, and matter and kind of the session before."""
    first = {
        "client_uuid": uuid4(),
        "held_at": timezone.localtime(now),
        "kind": CoachingSession.Kind.SUPERVISED,
        "minutes": PRESET_MINUTES,
    }
    return first | ({"matter": last.matter_id, "kind": last.kind} if last else {})


def preset_again(session: CoachingSession) -> dict[str, Any]:
    """Return everything of a session that was taken back, under another id, to correct and save."""
    names = ("held_at", "kind", "level", "minutes", "not_responding", "cases", "note", "strengths")
    copied = {name: getattr(session, name) for name in (*names, "next_action", "next_action_by")}
    return copied | {
        "client_uuid": uuid4(),
        "held_at": timezone.localtime(session.held_at),
        "matter": session.matter_id,
        "not_observed": session.level is None,
        "seen": list(session.ratings.values_list("criterion_id", flat=True)),
    }
