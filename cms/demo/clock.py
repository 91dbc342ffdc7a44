"""The demo's only clock: the day it is built for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Clock:
    """Days and moments counted back from one day."""

    today: date

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def at(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return the moment `days` before the demo's day, at that time of day in the centre's zone."""
        return timezone.make_aware(datetime.combine(self.ago(days), time(hour, minute)))
