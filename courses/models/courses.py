"""Courses as records: versions with frozen units."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Exam
from courses.words import words_of_section
from training.competencies.models import Competency
from training.lib.finding import FoldedField, texts_of
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
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, related_name="opens", blank=True, help_text="To be finished before it is begun"
    )
    valid_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long having finished it counts; empty: for ever"
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
    folded_title = FoldedField("title")
    folded = FoldedField("title", "summary", "objectives")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="course_version_number_is_unique")]

    def __str__(self) -> str:
        return text_in(self.title)


class Unit(models.Model):
    """A part of a course through all its versions; `uid` is the translation key of the lesson's page."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson to read")
        CLASSROOM = "classroom", _("In a classroom")

    course = models.ForeignKey(Course, models.PROTECT, related_name="units")
    uid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.LESSON)

    def __str__(self) -> str:
        return self.slug

    @property
    def is_classroom(self) -> bool:
        """Whether attendance alone finishes it."""
        return self.kind == self.Kind.CLASSROOM


class FoldedLesson(FoldedField):
    """The title of a lesson and all that its sections say, in every language."""

    def texts(self, model_instance: Any) -> Iterator[str]:
        yield from texts_of(model_instance.title)
        for sections in model_instance.sections.values():
            for section in sections:
                yield from words_of_section(section)


class UnitVersion(models.Model):
    """A unit as frozen into one course version: its sections, per language, as the reader shows them."""

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    title = TranslatedField()
    minutes = models.PositiveSmallIntegerField()
    sections = models.JSONField(help_text='{"en": [{"id", "title", "blocks": [{"type", "value"}]}], ...}')
    folded_title = FoldedField("title")
    folded = FoldedLesson("title", "sections")

    # What `queries.units_of` adds of one person's progress; None where the unit was not opened.
    read_on_at: int | None
    read_on_passage: int | None
    read_on_line: int | None
    seconds: int | None
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

    @property
    def is_classroom(self) -> bool:
        """Whether attendance alone finishes it."""
        return self.unit.is_classroom

    def sections_in(self, language: str) -> list[dict[str, Any]]:
        """Return the sections in `language`, or as they were written where there is no translation.

        Every language kept has all sections: what is not translated stands in the source language.
        """
        return self.sections.get(language) or next(iter(self.sections.values()), [])

    def section_ids(self) -> list[str]:
        """Return the ids of the sections in order; they are the same in every language."""
        return [section["id"] for section in self.sections_in("")]


class UnitCitation(Citation):
    """A clause a unit teaches."""

    unit_version = models.ForeignKey(UnitVersion, models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_version", "clause_version"], name="a_unit_cites_a_clause_once")
        ]
