"""What happened to an attempt beside answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.people.models import User

from .attempts import Attempt


class AttemptEvent(models.Model):
    """What an invigilator did to a running attempt, or the exam page noticed; no result rests on it."""

    class Kind(models.TextChoices):
        TIME = "time", _("Time given")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        MESSAGE = "message", _("Message")
        TAKEN_OVER = "taken_over", _("Went on at another device")
        LEFT = "left", _("Left the exam page")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["attempt", "kind"])]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.get_kind_display()}"
