"""What people must learn by when: rules that ask it, and one line for each person."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.authorisations.models import Entrustment
from training.lib.texts import TranslatedField
from training.matters.models import ServiceMatter
from training.people.models import Department, Position, User

from .courses import Course


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Rules, by whether they still ask."""

    def running(self) -> "AssignmentQuerySet":
        return self.filter(ended_at=None)


class Assignment(models.Model):
    """A rule that asks a course of everybody for whom all of its conditions hold, as long as it runs.

    `department` means it and all below it. `matter` alone means whoever serves it at a window of theirs; with
    `entrustment`, whoever is authorised for it at that level or above; `entrustment` alone, for any matter. Where
    `people` are named, only they. Due on a day, or so many days after somebody comes under the rule.
    """

    class Why(models.TextChoices):
        ONBOARDING = "onboarding", pgettext_lazy("why training is asked for", "New in the work")
        POLICY = "policy", pgettext_lazy("why training is asked for", "A policy changed")
        RECERTIFICATION = "recertification", pgettext_lazy("why training is asked for", "To be renewed")
        CASE = "case", pgettext_lazy("why training is asked for", "Lessons of a case")
        GAP = "gap", pgettext_lazy("why training is asked for", "A gap in competence")

    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    kind = models.CharField(_("reason"), max_length=16, choices=Why.choices)
    why = TranslatedField(help_text="Told to the people")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, null=True, blank=True, related_name="+")
    entrustment = models.PositiveSmallIntegerField(null=True, blank=True, choices=Entrustment.choices)
    people = models.ManyToManyField(User, related_name="assignments", blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_anew = models.BooleanField(default=False, help_text="What was finished before the rule was made does not count")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on=None, due_days__isnull=False) | models.Q(due_on__isnull=False, due_days=None),
                name="a_rule_is_due_on_a_day_or_after_days",
            )
        ]
        indexes = [models.Index(fields=["ended_at", "course"])]
        verbose_name = _("rule of required training")
        verbose_name_plural = _("rules of required training")

    def __str__(self) -> str:
        return f"{self.course}, {self.get_kind_display()}"


class RequirementQuerySet(models.QuerySet["TrainingRequirement"]):
    """Training requirements, by state."""

    def open(self) -> "RequirementQuerySet":
        return self.filter(state=TrainingRequirement.State.OPEN)


class TrainingRequirement(models.Model):
    """One person must finish one course by a date, for a reason told in words.

    A line of a rule lapses when its person comes from under the rule before beginning. Without `assignment` somebody
    asked for it by hand, and it stays.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        DONE = "done", _("Done")
        WAIVED = "waived", _("Waived")
        LAPSED = "lapsed", pgettext_lazy("required training", "No longer asked")

    class Lapse(models.TextChoices):
        """Why nothing is asked any more."""

        LEFT_RULE = "left-rule", _("The rule no longer covers the person")
        RULE_ENDED = "rule-ended", _("The rule was ended")

    person = models.ForeignKey(User, models.PROTECT, related_name="requirements")
    course = models.ForeignKey(Course, models.PROTECT, related_name="requirements")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="requirements")
    why = TranslatedField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    waive_reason = models.TextField(blank=True)
    lapsed_for = models.CharField(max_length=12, choices=Lapse.choices, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was waived or lapsed")
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
            models.CheckConstraint(
                condition=models.Q(state="lapsed", lapsed_for__gt="")
                | (~models.Q(state="lapsed") & models.Q(lapsed_for="")),
                name="lapsing_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state", "due_on"]),
            models.Index(fields=["course", "state", "due_on"]),
        ]
        verbose_name = _("training requirement")
        verbose_name_plural = _("training requirements")

    def __str__(self) -> str:
        return f"{self.person}: {self.course} by {self.due_on}"
