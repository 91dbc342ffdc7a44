"""Marking who was at a training session, and typing the code of the room."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Attendance, TrainingSession
from courses.services.attendance import Mark
from training.lib.codes import plain
from training.people.models import User

from .required import PeopleField
from .sessions import MOST_MINUTES

MARKED = re.compile(r"state-(\d{1,12})")


class RollForm(forms.Form):
    """Who of the people listed was there; guests by number; the reason once the list is closed."""

    guests = PeopleField(
        label=_("Others who are there"),
        required=False,
        help_text=_("Staff numbers, one on a line. They are marked as present."),
        widget=forms.Textarea({"rows": 2}),
    )
    reason = forms.CharField(
        label=_("Reason for the correction"), max_length=500, help_text=_("It stays on record with what was changed.")
    )

    def __init__(self, *args: Any, session: TrainingSession, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.listed = session, list(people)
        self.fields["guests"].people = User.objects.active()
        if not session.closed_at:
            del self.fields["reason"]
        for person in self.listed:
            self.fields[f"state-{person.pk}"] = forms.ChoiceField(
                required=False, choices=Attendance.State.choices, initial=person.state or ""
            )
            other = person.minutes if person.state in Attendance.THERE and person.minutes != session.minutes else None
            self.fields[f"minutes-{person.pk}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=MOST_MINUTES,
                initial=other,
                widget=forms.NumberInput({"class": "form-control", "placeholder": session.minutes}),
            )

    def rows(self) -> Iterable[tuple[Any, str, forms.BoundField]]:
        """Yield each person with the state chosen and the field of minutes."""
        for person in self.listed:
            yield person, self[f"state-{person.pk}"].value() or "", self[f"minutes-{person.pk}"]

    def marks(self, *, rest: str = "") -> Mapping[int, Mark]:
        """Return what is said of each person; whoever has no state yet gets `rest`."""
        said = {
            person.pk: Mark(
                self.cleaned_data.get(f"state-{person.pk}") or rest, self.cleaned_data.get(f"minutes-{person.pk}")
            )
            for person in self.listed
        }
        there = {person.pk: Mark(Attendance.State.PRESENT) for person in self.cleaned_data.get("guests") or ()}
        return {**there, **said}

    @staticmethod
    def keys_in(posted: Iterable[str]) -> set[int]:
        """Return the keys of the people of whom something was sent."""
        return {int(found[1]) for name in posted if (found := MARKED.fullmatch(name))}


class CodeForm(forms.Form):
    """The code that the room shows, typed."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return plain(self.cleaned_data["code"])
