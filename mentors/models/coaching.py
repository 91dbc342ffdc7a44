"""Coaching sessions, which help, and observations, which count."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.competencies.models import LEVELS, Competency, Evidence
from training.matters.models import ServiceMatter
from training.people.models import User

from .pairing import Mentorship
from .rubrics import Criterion, Rubric


class CoachingSessionQuerySet(models.QuerySet["CoachingSession"]):
    """Coaching sessions, by state."""

    def standing(self) -> "CoachingSessionQuerySet":
        """Keep those the teacher did not take back."""
        return self.filter(withdrawn_at=None)

    def to_confirm(self) -> "CoachingSessionQuerySet":
        """Keep those that wait for the mentee."""
        return self.filter(withdrawn_at=None, countersigned_at=None)


class CoachingSession(models.Model):
    """One coaching session as the teacher logged it; formative, immutable once the mentee countersigns."""

    class Help(models.IntegerChoices):
        """How much help the mentee needed; not a competency level, and never evidence."""

        FULL = 1, _("I had to do it")
        STEPS = 2, _("Prompted step by step")
        SOME = 3, _("Prompted now and then")
        NONE = 4, _("Did it alone")
        TEACHES = 5, _("Could teach it")

    class Kind(models.TextChoices):
        SHADOWING = "shadowing", _("Watching at the window")
        SUPERVISED = "supervised", _("Supervised handling")
        ROLE_PLAY = "role_play", _("Role play")
        DEBRIEF = "debrief", _("Talk afterwards")

    class Reply(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        DISAGREED = "disagreed", _("Disagreed")

    client_uuid = models.UUIDField(unique=True, help_text="Made where it was logged, so that sending twice is harmless")
    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="sessions")
    held_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    level = models.PositiveSmallIntegerField(
        _("how far the mentee got"), choices=Help.choices, null=True, blank=True, help_text="None: not observed"
    )
    cases = models.PositiveSmallIntegerField(_("cases handled"), null=True, blank=True)
    not_responding = models.BooleanField(_("no change after coaching"), default=False)
    note = models.TextField(_("what happened"), blank=True, max_length=2000)
    strengths = models.TextField(_("what went well"), blank=True, max_length=2000)
    next_action = models.TextField(_("next step"), blank=True, max_length=2000)
    next_action_by = models.DateField(_("by"), null=True, blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    reply = models.CharField(max_length=10, choices=Reply.choices, blank=True)
    reply_note = models.TextField(blank=True, max_length=2000)
    countersigned_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Undone by the teacher before countersigning")

    objects = CoachingSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(countersigned_at=None),
                name="a_countersigned_session_stays",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="", countersigned_at=None)
                | (~models.Q(reply="") & models.Q(countersigned_at__isnull=False)),
                name="a_reply_has_its_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(reply="disagreed") | ~models.Q(reply_note=""), name="disagreeing_needs_a_reason"
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="a_session_lasts"),
        ]
        indexes = [models.Index(fields=["mentorship", "held_at"])]
        verbose_name = _("coaching session")
        verbose_name_plural = _("coaching sessions")

    def __str__(self) -> str:
        return f"{self.mentorship}, {self.held_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the mentee, and the teacher may take it back."""
        return self.withdrawn_at is None and self.countersigned_at is None


class SessionRating(models.Model):
    """Something the teacher saw in a session."""

    session = models.ForeignKey(CoachingSession, models.PROTECT, related_name="ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "criterion"], name="a_criterion_is_seen_once")]

    def __str__(self) -> str:
        return f"{self.session}: {self.criterion}"


class Observation(models.Model):
    """A planned look by the rubric, by a teacher, a second assessor or an unannounced visitor; this is evidence."""

    class Kind(models.TextChoices):
        TEACHER = "teacher", _("The career teacher")
        SECOND = "second", _("A second assessor")
        VISIT = "visit", _("An unannounced visit")

    person = models.ForeignKey(User, models.PROTECT, related_name="observations")
    observer = models.ForeignKey(User, models.PROTECT, related_name="observations_made")
    mentorship = models.ForeignKey(Mentorship, models.PROTECT, null=True, blank=True, related_name="observations")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="observations")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    kind = models.CharField(_("who observed"), max_length=8, choices=Kind.choices)
    observed_on = models.DateField(_("observed on"))
    comment = models.TextField(pgettext_lazy("observation", "comment"), blank=True, max_length=2000)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("observer")), name="nobody_observes_themselves")
        ]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")

    def __str__(self) -> str:
        return f"{self.person}, {self.observed_on}"


class ObservationRating(models.Model):
    """The step seen for one criterion; no rating means it was not observed."""

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField(choices=LEVELS, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["observation", "criterion"], name="a_criterion_is_rated_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.rating}"


class ObservationEvidence(models.Model):
    """The evidence an observation gave for a competency."""

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="evidence_links")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="observation_link")

    def __str__(self) -> str:
        return f"{self.observation}: {self.competency}"
