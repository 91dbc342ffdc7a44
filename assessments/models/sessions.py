"""Exams sat under supervision: a room and a time, and what happened to an attempt meanwhile."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.people.models import User

from .exams import Exam


class ExamSession(models.Model):
    """An exam at a time in a room. Whoever has a place in it starts and ends within its window."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="sessions", verbose_name=_("exam"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    room = models.CharField(_("room"), max_length=100)
    access_code = models.CharField(
        _("access code"), max_length=20, blank=True, help_text=_("Told in the room. Empty: none is asked for.")
    )
    invigilators = models.ManyToManyField(User, related_name="invigilates", verbose_name=_("invigilators"), blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_at__gt=models.F("opens_at")), name="session_takes_time")
        ]
        indexes = [models.Index(fields=["opens_at"])]
        verbose_name = _("exam session")

    def __str__(self) -> str:
        return f"{self.exam}, {timezone.localtime(self.opens_at):%Y-%m-%d %H:%M}, {self.room}"

    def is_open(self, now: datetime) -> bool:
        """Whether attempts can be started and are running."""
        return self.cancelled_at is None and self.opens_at <= now < self.closes_at
