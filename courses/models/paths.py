"""Learning paths: courses in a good order, for whoever is new or takes up a position."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField, text_in
from training.people.models import Position

from .courses import Course


class LearningPath(models.Model):
    """A named order of courses. How far somebody is follows from what they learn; nobody enrols in a path."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = TranslatedField(_("title"))
    summary = TranslatedField(_("summary"), blank=True, rows=3)
    audience = TranslatedField(_("for whom"), blank=True)
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")

    def __str__(self) -> str:
        return text_in(self.title)


class PathStep(models.Model):
    """A course at its place in a path, with the days it should be finished in, counted from the start."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps")
    course = models.ForeignKey(Course, models.PROTECT, related_name="path_steps")
    order = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "course"], name="a_course_stands_once_in_a_path"),
            models.UniqueConstraint(fields=["path", "order"], name="one_step_per_place_of_a_path"),
        ]
        ordering = ["order"]
        verbose_name = _("step of a learning path")
        verbose_name_plural = _("steps of learning paths")

    def __str__(self) -> str:
        return f"{self.path}, {self.order}: {self.course}"
