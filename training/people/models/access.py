"""Roles, and who may see whom."""

from datetime import date

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .organisation import Department, Section
from .staff import User


class Role(models.TextChoices):
    """What somebody may do beyond learning; the words of the trade."""

    CLERK = "clerk", _("Clerk")
    TEACHER = "teacher", _("Career teacher")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    EXAMINER = "examiner", _("Examiner")
    INVIGILATOR = "invigilator", _("Invigilator")
    MARKER = "marker", _("Marker")
    HEAD = "head", _("Head")
    HR = "hr", _("HR officer")
    DIRECTOR = "director", _("Director")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class InForceQuerySet(models.QuerySet):  # type: ignore[type-arg]  # serves two models
    """Rows with a first and a last day."""

    def in_force(self, day: date) -> "InForceQuerySet":
        """Keep the rows in force on `day`, first and last day included."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), starts_on__lte=day)


class RoleGrant(models.Model):
    """A role held by a person, over one department and all below it, over a hall section, or over the whole centre.

    A section has only a head, the second line of authority: whoever is posted there is seen, whatever their home
    department. The first and the last day count; a grant taken back on its first day ends the day before and was
    never in force.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, help_text=_("Empty: the whole centre.")
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="role_grants", help_text="Instead of a department"
    )
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        constraints = [
            # Three, because SQLite takes two empty departments for different ones.
            models.UniqueConstraint(
                fields=["person", "role", "department"],
                condition=models.Q(until=None),
                name="one_open_grant_per_role_and_department",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(until=None, department=None, section=None),
                name="one_open_grant_per_role_for_the_centre",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "section"],
                condition=models.Q(until=None),
                name="one_open_grant_per_role_and_section",
            ),
            models.CheckConstraint(
                condition=models.Q(section=None) | models.Q(department=None, role=Role.HEAD),
                name="a_section_has_only_a_head",
            ),
        ]
        indexes = [models.Index(fields=["role", "until"])]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"

    @property
    def reach(self) -> str:
        """Over what the role is held, in words."""
        if self.section_id:
            return str(self.section)
        return str(self.department) if self.department_id else gettext("the whole centre")

    @property
    def is_for_centre(self) -> bool:
        """Whether the role is held over everything: a grant without a part."""
        return self.department_id is None and self.section_id is None


class Access(models.Model):
    """One person may see another's record, because of a relation that whoever creates it writes down here."""

    viewer = models.ForeignKey(User, models.CASCADE, related_name="may_see")
    subject = models.ForeignKey(User, models.CASCADE, related_name="seen_by")
    why = models.CharField(max_length=40, help_text="Such as mentorship or panel")
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["viewer", "until"])]
        verbose_name = _("access")

    def __str__(self) -> str:
        return f"{self.viewer} sees {self.subject}: {self.why}"
