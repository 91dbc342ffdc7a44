"""What a browser tells of somebody who reads."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

DAY = 24 * 60 * 60 * 1000  # milliseconds


class PlaceForm(forms.Form):
    """Where somebody reads, how long ago they came there (milliseconds) and how long they saw the page (seconds)."""

    passage = forms.IntegerField(min_value=0, max_value=1000)
    line = forms.IntegerField(min_value=0, max_value=10_000)
    age = forms.IntegerField(min_value=0)
    visible = forms.FloatField(min_value=0, max_value=DAY)

    def seen_at(self, now: datetime) -> datetime:
        """Return when they came there: by how long ago it was, since clocks of devices are wrong."""
        age: Any = min(self.cleaned_data["age"], DAY)
        return now - timedelta(milliseconds=age)
