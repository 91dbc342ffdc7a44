"""The centre and its parts: departments (a tree), halls, sections, windows, positions."""

from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from training.lib.texts import TranslatedField, text_in
from training.lib.workdays import MONDAY_TO_FRIDAY


def monday_to_friday() -> list[int]:
    """The weekdays a centre works unless it says otherwise."""
    return sorted(MONDAY_TO_FRIDAY)


class Centre(models.Model):
    """The one service centre this installation serves."""

    name = TranslatedField(_("name"))
    short_name = TranslatedField(_("short name"))
    code = models.CharField(_("code"), max_length=8, help_text=_("Begins every certificate number, such as BH."))
    source_language = models.CharField(
        _("source language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default=settings.TIME_ZONE)
    help_line = TranslatedField(_("help line"), blank=True)
    working_days = models.JSONField(
        _("working days"), default=monday_to_friday, help_text="ISO weekdays: Monday 1 to Sunday 7"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="centre_is_one_row")]
        verbose_name = _("centre")

    def __str__(self) -> str:
        return text_in(self.name)

    @classmethod
    def load(cls) -> "Centre":
        """Return the one row; an unsaved, nameless centre before the installation is set up."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def chosen_language(cls) -> str:
        """Return the source language; "" before the installation is set up."""
        return cls.objects.filter(pk=1).values_list("source_language", flat=True).first() or ""


Kind = TypeVar("Kind", bound=models.Model)


class PlaceQuerySet(models.QuerySet[Kind]):
    """Parts of the centre, which close and are never deleted."""

    def open_on(self, day: date) -> "PlaceQuerySet[Kind]":
        """Keep what has not closed by `day`; the last day counts."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day))


class DepartmentQuerySet(MP_NodeQuerySet):
    """Departments, by subtree."""

    def open_on(self, day: date) -> "DepartmentQuerySet":
        """Keep those that have not closed by `day`; the last day counts."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day))

    def within(self, paths: list[str]) -> "DepartmentQuerySet":
        """Keep the departments at or below any of the tree paths."""
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__startswith=path)
        return self.filter(condition)


class DepartmentManager(MP_NodeManager.from_queryset(DepartmentQuerySet)):  # type: ignore[misc]  # built at run time
    """Departments in the order of the tree; treebeard's own manager hands out its own queryset."""

    def get_queryset(self) -> DepartmentQuerySet:
        return DepartmentQuerySet(self.model, using=self._db).order_by("path")


class Department(MP_Node):
    """A department of the centre or one that posts staff to it; departments form a tree."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = TranslatedField(_("name"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = DepartmentManager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return text_in(self.name)


class Hall(models.Model):
    """A room where windows stand."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = TranslatedField(_("name"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    def __str__(self) -> str:
        return text_in(self.name)


class Section(models.Model):
    """A part of a hall under one section head; the second line of authority over posted staff."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="sections")
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = TranslatedField(_("name"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    def __str__(self) -> str:
        return text_in(self.name)


class Window(models.Model):
    """A counter with a number over it."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = TranslatedField(_("name"), blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")

    def __str__(self) -> str:
        return str(_("Window %(number)s") % {"number": self.number})


class Position(models.Model):
    """A job role, which says what its holders must be able to do."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = TranslatedField(_("name"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")

    def __str__(self) -> str:
        return text_in(self.name)
