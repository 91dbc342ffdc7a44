"""Training held in a room: who is invited, and who was there."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import TranslatedField, text_in
from training.people.models import Department, Section, User

from .courses import Unit


class TrainingSession(models.Model):
    """People learn together at a time in a room.

    Invited are the people of the departments (with all below them), those posted to the hall sections, and those named.
    Attendance is open until somebody closes the list; `unit` is done for whoever was there and learns its course.
    """

    class Kind(models.TextChoices):
        CLASSROOM = "classroom", pgettext_lazy("kind of training session", "Classroom")
        MORNING = "morning", _("Morning meeting")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("training session", "Scheduled")
        HELD = "held", pgettext_lazy("training session", "Held")
        CANCELLED = "cancelled", pgettext_lazy("training session", "Called off")

    title = TranslatedField(_("title"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CLASSROOM)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    minutes = models.PositiveSmallIntegerField(_("minutes that count"))
    room = models.CharField(_("held in"), max_length=100)
    trainers = models.ManyToManyField(User, related_name="training_given", verbose_name=_("trainers"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="sessions")
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("departments"), blank=True)
    sections = models.ManyToManyField(Section, related_name="+", verbose_name=_("hall sections"), blank=True)
    people = models.ManyToManyField(User, related_name="training_invited", blank=True)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the attendance list was closed")
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="training_session_takes_time"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(cancelled_at=None), name="held_or_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "kind"])]
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")

    def __str__(self) -> str:
        return f"{text_in(self.title)}, {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """Whether it is planned, held (its list is closed) or called off."""
        if self.cancelled_at:
            return self.State.CANCELLED
        return self.State.HELD if self.closed_at else self.State.PLANNED

    @property
    def opens_at(self) -> datetime:
        """From when people mark themselves present."""
        return self.starts_at - timedelta(minutes=settings.CHECK_IN_MINUTES_BEFORE)

    @property
    def late_from(self) -> datetime:
        """After when whoever marks themselves present is late."""
        return self.starts_at + timedelta(minutes=settings.LATE_AFTER_MINUTES)

    @property
    def shuts_at(self) -> datetime:
        """Until when people mark themselves present."""
        return self.ends_at + timedelta(minutes=settings.CHECK_IN_MINUTES_AFTER)


class Attendance(models.Model):
    """Whether one person was at one session, how that is known, and the minutes that count for them."""

    class State(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance", "Present")
        LATE = "late", pgettext_lazy("attendance", "Late")
        EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
        ABSENT = "absent", pgettext_lazy("attendance", "Absent")

    class How(models.TextChoices):
        QR = "qr", _("by code in the room")
        MANUAL = "manual", _("by hand")
        SHEET = "sheet", _("from a sheet")
        CLOSING = "closing", _("when the list was closed")

    THERE = (State.PRESENT, State.LATE)

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(User, models.PROTECT, related_name="attendances")
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes that count"), default=0)
    how = models.CharField(max_length=8, choices=How.choices)
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_attendance_of_a_session"),
            models.CheckConstraint(
                condition=models.Q(state__in=["present", "late"]) | models.Q(minutes=0),
                name="minutes_count_for_who_was_there",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"])]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")

    def __str__(self) -> str:
        return f"{self.person}: {self.session}"

    @property
    def was_there(self) -> bool:
        return self.state in self.THERE
