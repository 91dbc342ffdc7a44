"""The parts of a paper as they are sat: frozen at the start, opened and closed by the server alone."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from training.lib.texts import TranslatedField

from .attempts import Attempt
from .exams import ExamPart

Order = ExamPart.Order


class AttemptPart(models.Model):
    """A part of somebody's paper: what it was at the start, since when it is open, until when it takes answers."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    title = TranslatedField(blank=True)
    introduction = TranslatedField(blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Its own limit; none: the attempt's")
    extra_minutes = models.PositiveSmallIntegerField(default=0, help_text="Its share of the person's own extra time")
    order = models.CharField(max_length=8, choices=Order.choices, default=Order.FREE)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True, help_text="Fixed when it opens; given time moves it")
    reached = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In order: the place on the paper that can be answered; those before were left"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="attempt_parts_are_numbered"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(opened_at__isnull=False, closed_at=None), name="one_open_part"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, closed_at=None, deadline=None)
                | Q(opened_at__isnull=False, deadline__isnull=False)
                & (Q(closed_at=None) | Q(closed_at__gte=F("opened_at"))),
                name="an_opened_part_has_its_end",
            ),
        ]
        indexes = [models.Index(fields=["deadline"], condition=Q(closed_at=None), name="parts_running_out")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.attempt}, {self.number}"

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def in_order(self) -> bool:
        return self.order == Order.IN_ORDER

    def ends_at(self, now: datetime) -> datetime:
        """Return the last moment an answer of this open part counts, as far as is known now: a pause moves it on."""
        assert self.deadline is not None
        paused_at = self.attempt.paused_at
        return self.deadline + (now - paused_at) if paused_at else self.deadline

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up."""
        return now > self.ends_at(now)
