"""Courses as records: versions with frozen units, who learns them, how far they are, and what they must do."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Exam
from training.competencies.models import Competency
from training.lib.texts import TranslatedField, text_in
from training.matters.models import Citation
from training.people.models import User


class Course(models.Model):
    """A course through all its versions; `uid` is the translation key of the page it is written on."""

    uid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    exam = models.ForeignKey(
        Exam, models.PROTECT, null=True, blank=True, related_name="courses", help_text="Opens when the course is done"
    )
    is_offered = models.BooleanField(default=True, help_text="Shown in the catalogue; learning records stay anyway")

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return self.slug


class CourseVersion(models.Model):
    """A course as published once; never edited afterwards, except that another language may add its text."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = TranslatedField()
    summary = TranslatedField(blank=True)
    objectives = models.JSONField(default=list, help_text="Texts by language, one for each objective")
    minutes = models.PositiveIntegerField()
    competencies = models.ManyToManyField(Competency, related_name="+", blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="course_version_number_is_unique")]

    def __str__(self) -> str:
        return text_in(self.title)


class Unit(models.Model):
    """A part of a course through all its versions; `uid` is the translation key of the lesson's page."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson")

    course = models.ForeignKey(Course, models.PROTECT, related_name="units")
    uid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.LESSON)

    def __str__(self) -> str:
        return self.slug


class UnitVersion(models.Model):
    """A unit as frozen into one course version: its sections, per language, as the reader shows them."""

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    title = TranslatedField()
    minutes = models.PositiveSmallIntegerField()
    sections = models.JSONField(help_text='{"en": [{"id", "title", "blocks": [{"type", "value"}]}], ...}')

    # What `queries.units_of` adds of one person's progress; None where the unit was not opened.
    read_on_at: int | None
    sections_done: list[str] | None
    done_at: datetime | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course_version", "unit"], name="a_unit_stands_once_in_a_version"),
            models.UniqueConstraint(fields=["course_version", "position"], name="one_unit_per_place"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return text_in(self.title)

    def sections_in(self, language: str) -> list[dict[str, Any]]:
        """Return the sections in `language`, or in the source language where there is no translation."""
        return self.sections.get(language) or self.sections.get(settings.LANGUAGE_CODE) or []

    def section_ids(self) -> list[str]:
        """Return the ids of the sections in order; they are the same in every language."""
        return [section["id"] for section in self.sections_in(settings.LANGUAGE_CODE)]


class UnitCitation(Citation):
    """A clause a unit teaches."""

    unit_version = models.ForeignKey(UnitVersion, models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_version", "clause_version"], name="a_unit_cites_a_clause_once")
        ]


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
    """How far a person is in a unit: where to read on, the sections read, and when it was finished."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="progress")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="progress")
    section = models.PositiveSmallIntegerField(default=1, help_text="Where to read on, from 1")
    sections_done = models.JSONField(default=list, help_text="Ids of the sections read")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "unit"], name="one_progress_per_unit")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.unit}"


class RequirementQuerySet(models.QuerySet["TrainingRequirement"]):
    """Training requirements, by state."""

    def open(self) -> "RequirementQuerySet":
        return self.filter(state=TrainingRequirement.State.OPEN)


class TrainingRequirement(models.Model):
    """One person must finish one course by a date, for a reason told in words."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        DONE = "done", _("Done")
        WAIVED = "waived", _("Waived")

    person = models.ForeignKey(User, models.PROTECT, related_name="requirements")
    course = models.ForeignKey(Course, models.PROTECT, related_name="requirements")
    why = TranslatedField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    waive_reason = models.TextField(blank=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"], condition=models.Q(state="open"), name="one_open_requirement_per_course"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waived") | ~models.Q(waive_reason=""), name="waiving_needs_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["person", "state", "due_on"])]
        verbose_name = _("training requirement")
        verbose_name_plural = _("training requirements")

    def __str__(self) -> str:
        return f"{self.person}: {self.course} by {self.due_on}"


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
