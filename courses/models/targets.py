"""How many class hours a year are asked of whom."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from training.people.models import Department, Position, User


class HoursTarget(models.Model):
    """Class hours a year asked of a group: a department with all below it, a position, both, or the whole centre.

    Of several that fit a person the narrowest counts, and of those for one group the latest year's, until another year
    has its own. `kind` empty: hours of all kinds together.
    """

    class Kind(models.TextChoices):
        COURSES = "courses", _("Courses")
        CLASSROOM = "classroom", _("Classroom")
        MORNING = "morning", _("Morning meetings")
        ELSEWHERE = "elsewhere", _("Elsewhere")

    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    first_year = models.PositiveSmallIntegerField(_("from the year"))
    hours = models.PositiveSmallIntegerField(_("class hours a year"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            # An empty department or position is like another: databases hold two empty ones for different.
            models.UniqueConstraint(
                Coalesce("department", 0), Coalesce("position", 0), "kind", "first_year", name="one_target_of_a_group"
            )
        ]
        verbose_name = _("target of learning hours")
        verbose_name_plural = _("targets of learning hours")

    def __str__(self) -> str:
        group = " · ".join(str(part) for part in (self.department, self.position) if part) or str(_("The whole centre"))
        return f"{group}, {self.first_year}: {self.hours}"
