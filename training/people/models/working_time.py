"""When people work: the days of the centre's calendar, the roster, and leave."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField, text_in

from .organisation import Window
from .staff import User


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a public holiday, or a make-up working day."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("worked"))
    name = TranslatedField(_("name"))

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.day}: {text_in(self.name)}"


class Half(models.TextChoices):
    """The halves of a working day."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts, by day."""

    def between(self, first: date, last: date) -> "ShiftQuerySet":
        """Keep the shifts from `first` to `last`, both included."""
        return self.filter(day__range=(first, last))


class Shift(models.Model):
    """Who stands at which window in one half of one day. A window may have more than one person."""

    person = models.ForeignKey(User, models.PROTECT, related_name="shifts")
    window = models.ForeignKey(Window, models.PROTECT, related_name="shifts")
    day = models.DateField(_("day"))
    half = models.CharField(_("half of the day"), max_length=9, choices=Half.choices)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day", "half"], name="nobody_stands_at_two_windows_at_once"),
            models.CheckConstraint(condition=models.Q(half__in=Half.values), name="a_shift_is_one_half_of_a_day"),
        ]
        indexes = [models.Index(fields=["day", "window"])]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")

    def __str__(self) -> str:
        return f"{self.day} {self.get_half_display()}: {self.window}"


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Leave, by day."""

    def on(self, day: date) -> "LeaveQuerySet":
        """Keep the leave that covers the day."""
        return self.overlapping(day, day)

    def overlapping(self, first: date, last: date) -> "LeaveQuerySet":
        """Keep the leave that covers any day from `first` to `last`."""
        return self.filter(starts_on__lte=last, until__gte=first)


class Leave(models.Model):
    """A time somebody is away; both days count. No reason beyond the kind is kept."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual leave")
        SICK = "sick", _("Sick leave")
        MATERNITY = "maternity", _("Maternity leave")
        TRAINING = "training", _("Away for training")
        OTHER = "other", _("Other leave")

    person = models.ForeignKey(User, models.PROTECT, related_name="leaves")
    kind = models.CharField(_("kind of leave"), max_length=10, choices=Kind.choices)
    starts_on = models.DateField(_("first day"))
    until = models.DateField(_("last day"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("starts_on")), name="leave_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["person", "starts_on"], name="one_leave_begins_on_a_day"),
        ]
        indexes = [models.Index(fields=["until", "starts_on"])]
        verbose_name = _("leave")
        verbose_name_plural = _("leave")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.starts_on} to {self.until}"
