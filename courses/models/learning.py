"""Who learns which version, how far they are, and what they learned elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.people.models import User

from .courses import Course, CourseVersion, Unit, UnitVersion


class Enrolment(models.Model):
    """A person learns one version of a course."""

    person = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    last_unit = models.ForeignKey(UnitVersion, models.PROTECT, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"], condition=models.Q(completed_at=None), name="one_open_enrolment"
            )
        ]
        indexes = [models.Index(fields=["person", "completed_at"])]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"


class UnitProgress(models.Model):
    """How far a person is in a unit: where to read on, the sections read, for how long, and when it was finished."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="progress")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="progress")
    section = models.PositiveSmallIntegerField(default=1, help_text="Where to read on, from 1")
    passage = models.PositiveSmallIntegerField(default=0, help_text="In that section, from 1; 0 is its beginning")
    line = models.PositiveSmallIntegerField(default=0, help_text="In that passage, from 0")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the person came to this place")
    seconds = models.PositiveIntegerField(default=0, help_text="For how long the unit was in sight")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a browser last told of it")
    sections_done = models.JSONField(default=list, help_text="Ids of the sections read")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "unit"], name="one_progress_per_unit")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.unit}"


class PastTraining(models.Model):
    """Training somebody took before the platform or outside it, as an office's table tells it; counts class hours."""

    person = models.ForeignKey(User, models.PROTECT, related_name="past_training")
    title = models.CharField(_("training"), max_length=200)
    day = models.DateField(_("day"))
    hours = models.DecimalField(_("class hours"), max_digits=4, decimal_places=1)
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    result = models.CharField(_("result"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "title", "day"], name="one_training_of_a_title_on_a_day"),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="training_takes_time"),
        ]
        ordering = ["-day", "title"]
        verbose_name = _("past training")
        verbose_name_plural = _("past training")

    def __str__(self) -> str:
        return f"{self.person}: {self.title}"
