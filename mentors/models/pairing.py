"""Career teachers, rounds of pairing, and the mentorships that come of them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.certificates.models import Certificate
from training.matters.models import ServiceMatter
from training.people.models import Access, Department, User


class TeacherQuerySet(models.QuerySet["Teacher"]):
    """Career teachers, by date."""

    def appointed_on_day(self, day: date) -> "TeacherQuerySet":
        """Keep those whose appointment runs on `day`."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), appointed_on__lte=day)


class Teacher(models.Model):
    """An experienced clerk appointed to bring new ones up to standard."""

    person = models.OneToOneField(User, models.PROTECT, related_name="teacher")
    appointed_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(default=2, help_text="Mentees at a time")
    matters = models.ManyToManyField(ServiceMatter, related_name="teachers", blank=True)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("career teacher")
        verbose_name_plural = _("career teachers")

    def __str__(self) -> str:
        return str(self.person)


class PairingRound(models.Model):
    """One round in which mentees without a teacher are matched with teachers who have room."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        SOLVED = "solved", _("Solved")
        PUBLISHED = "published", _("Published")

    name = models.CharField(_("name"), max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    matters = models.ManyToManyField(ServiceMatter, related_name="+", verbose_name=_("matters to be taught"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
        help_text="Whose clerks are paired, those of departments below included; empty: the whole centre",
    )
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("pairing round")
        verbose_name_plural = _("pairing rounds")

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A mentee in a round, with the teacher proposed or the reason why nobody fits."""

    round = models.ForeignKey(PairingRound, models.CASCADE, related_name="proposals")
    mentee = models.ForeignKey(User, models.PROTECT, related_name="+")
    teacher = models.ForeignKey(Teacher, models.PROTECT, null=True, blank=True, related_name="+")
    matters = models.ManyToManyField(ServiceMatter, related_name="+", help_text="What the mentee is to learn")
    score = models.FloatField(null=True, blank=True)
    pieces = models.JSONField(default=list, help_text='The score: [{"name", "fit", "weight"}, ...]')
    reasons = models.JSONField(default=list, help_text='When nobody fits: [{"refusal", "teachers"}, ...]')
    pinned = models.BooleanField(default=False)
    forbidden = models.ManyToManyField(Teacher, related_name="+", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "mentee"], name="a_mentee_stands_once_in_a_round")]

    def __str__(self) -> str:
        return f"{self.mentee}: {self.teacher}"


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    """Mentorships, by state."""

    def running(self) -> "MentorshipQuerySet":
        """Keep those that have not ended, agreed or not."""
        return self.filter(ended_on=None)

    def agreed(self) -> "MentorshipQuerySet":
        """Keep those running that both have agreed to."""
        return self.running().filter(agreed_by_mentee_at__isnull=False, agreed_by_teacher_at__isnull=False)


class Mentorship(models.Model):
    """A career teacher brings one clerk up to standard; agreed by both, ended by proficiency."""

    class Phase(models.TextChoices):
        SHADOW = "shadow", _("Watching")
        SUPERVISED = "supervised", _("Handling under supervision")
        SOLO = "solo", _("Alone with checks")
        READY = "ready", _("Sign-off")

    class Outcome(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        DECLINED = "declined", _("Declined")
        BROKEN_OFF = "broken_off", _("Broken off")
        ORPHANED = "orphaned", _("Teacher left")

    mentee = models.ForeignKey(User, models.PROTECT, related_name="mentorships")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="mentorships")
    proposal = models.OneToOneField(Proposal, models.SET_NULL, null=True, blank=True, related_name="mentorship")
    matters = models.ManyToManyField(ServiceMatter, related_name="mentorships")
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.SHADOW)
    starts_on = models.DateField()
    answer_by = models.DateField(help_text="Both agree by this day")
    agreed_by_mentee_at = models.DateTimeField(null=True, blank=True)
    agreed_by_teacher_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    end_reason = models.TextField(blank=True)
    access = models.OneToOneField(
        Access,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentorship",
        help_text="The teacher sees the mentee",
    )
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, blank=True, related_name="mentorship")

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentee"], condition=models.Q(ended_on=None), name="one_running_mentorship_per_mentee"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None, outcome="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(outcome="")),
                name="an_ended_mentorship_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["teacher", "ended_on"])]
        verbose_name = _("mentorship")
        verbose_name_plural = _("mentorships")

    def __str__(self) -> str:
        return f"{self.teacher} / {self.mentee}"

    @property
    def is_agreed(self) -> bool:
        return self.agreed_by_mentee_at is not None and self.agreed_by_teacher_at is not None

    @property
    def is_running(self) -> bool:
        return self.ended_on is None
