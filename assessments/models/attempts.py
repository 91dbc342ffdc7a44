"""Attempts: the paper drawn for a person, every answer they gave, and what came of it."""

from datetime import datetime

from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from assessments import rules
from assessments.scoring import marking
from training.certificates.models import Certificate
from training.competencies.models import LEVELS, Competency, Evidence
from training.people.models import User

from .exams import Entitlement, Exam
from .items import ItemVersion


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts, by person and state."""

    def of(self, person: User) -> "AttemptQuerySet":
        return self.filter(person=person)

    def open(self) -> "AttemptQuerySet":
        return self.filter(state=Attempt.State.OPEN)


class Attempt(models.Model):
    """One sitting: its clock belongs to the server, its paper is a snapshot, its result moves by a regrade alone.

    Between handing in and release it has marks and no result: what is not there is seen nowhere. So "scored" is
    released.
    """

    class State(models.TextChoices):
        OPEN = "open", _("In progress")
        MARKING = "marking", _("Handed in")
        MARKED = "marked", _("Handed in")
        SCORED = "scored", _("Scored")
        VOID = "void", _("Void")

    class FinishedBy(models.TextChoices):
        CANDIDATE = "candidate", _("Handed in by the candidate")
        CLOCK = "clock", _("Handed in by the clock")

    WAITING = (State.MARKING, State.MARKED)

    person = models.ForeignKey(User, models.PROTECT, related_name="attempts")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="used_by")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    seed = models.BigIntegerField()
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(help_text="The limit, as it was at the start")
    extra_minutes = models.PositiveSmallIntegerField(default=0, help_text="The person's own, as at the start")
    given_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="Given by invigilators since; in the deadline"
    )
    session = models.ForeignKey("ExamSession", models.PROTECT, null=True, blank=True, related_name="attempts")
    device = models.CharField(max_length=40, blank=True, help_text="The one browser that may answer; empty: any")
    paused_at = models.DateTimeField(null=True, blank=True, help_text="The clock stands still since")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=10, choices=FinishedBy.choices, blank=True)
    receipt = models.CharField(max_length=20, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by the exam's rule"
    )
    answered = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Answers in what was handed in")
    theta = models.FloatField(null=True, blank=True, help_text="Logits on the framework's scale")
    standard_error = models.FloatField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 100; the target level's cut is 60")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    level_probability = models.FloatField(null=True, blank=True)
    passed = models.BooleanField(null=True)
    target_level = models.PositiveSmallIntegerField(choices=LEVELS[1:])
    cuts = models.JSONField(help_text="The cuts the decision is taken on, frozen at the start")
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, blank=True, related_name="attempt")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "exam"], condition=models.Q(state="open"), name="one_open_attempt_per_exam"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="scored")
                | models.Q(theta__isnull=False, score__isnull=False, finished_at__isnull=False),
                name="a_scored_attempt_has_its_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["marking", "marked"]) | models.Q(finished_at__isnull=False),
                name="what_is_marked_was_handed_in",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["scored", "void"])
                | models.Q(theta=None, score=None, level=None, passed=None, certificate=None, released_at=None),
                name="no_result_before_its_release",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="scored") | models.Q(released_at__isnull=False),
                name="a_scored_attempt_is_released",
            ),
        ]
        indexes = [models.Index(fields=["exam", "person", "started_at"])]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.exam}: {self.person}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def waits(self) -> bool:
        """Whether it is handed in and its result not out yet."""
        return self.state in self.WAITING

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def is_elsewhere(self, device: str | None) -> bool:
        """Whether another browser than this one answers it; None asks nothing."""
        return device is not None and bool(self.device) and not constant_time_compare(self.device, device)

    def ends_at(self, now: datetime) -> datetime:
        """Return the last moment an answer counts, as far as is known now: a pause moves it on."""
        return self.deadline + (now - self.paused_at) if self.paused_at else self.deadline

    def is_over(self, now: datetime) -> bool:
        """Whether the time is up."""
        return now > self.ends_at(now)


class AttemptItem(models.Model):
    """A question on a person's paper: the version, the parameters and the order of its options, frozen."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="items")
    part = models.ForeignKey("assessments.AttemptPart", models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="On the whole paper, from 1")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="attempt_items")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    option_order = models.JSONField(
        help_text="Ids of the options as this person sees them; by part where parts have options"
    )
    a = models.FloatField()
    b = models.FloatField()
    b_sd = models.FloatField(help_text="How unsure the difficulty is: judged, or the error of its calibration")
    parameters = models.ForeignKey(
        "assessments.ItemParameters",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="used_in",
        help_text="The calibration's finding these numbers were taken from; none: judged",
    )
    is_pilot = models.BooleanField(default=False, help_text="Tried out: never in a result. Its candidate is not told")
    seen_at = models.DateTimeField(null=True, blank=True)
    flagged = models.BooleanField(default=False)

    # What `queries.with_answers` adds: the latest response as option ids, its revision (0: none) and its time.
    answer: marking.Answer
    revision: int
    saved_at: datetime | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_question_per_place"),
            models.UniqueConstraint(fields=["attempt", "item_version"], name="no_question_twice"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.item_version}"

    def as_seen(self, answer: marking.Answer) -> marking.Seen:
        """Return a stored answer as this candidate sees it: numbers instead of ids."""
        return marking.as_seen(self.item_version.shape, self.option_order, answer)

    def as_meant(self, seen: marking.Seen) -> marking.Answer:
        """Return what this candidate's screen sent as it is stored. Raises MarkingError."""
        return marking.as_meant(self.item_version.shape, self.option_order, seen)


class Response(models.Model):
    """One answer as it was given; the trail of what a person chose and when."""

    attempt_item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="responses")
    revision = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt_item", "revision"], name="response_revision_is_unique")]

    def __str__(self) -> str:
        return f"{self.attempt_item} revision {self.revision}"

    @property
    def seen(self) -> marking.Seen:
        """The answer as its candidate gave it: numbers of options, whose ids may give the key away."""
        return self.attempt_item.as_seen(self.value)


class Mark(models.Model):
    """The credit an answer earned, 0 to 1; what it counts as for its person says `counted`.

    `credit` is by the key in force and what figures of the question rest on. A regrade that lets nobody lose leaves in
    `kept` what the answer goes on counting as.
    """

    attempt_item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="mark")
    credit = models.FloatField()
    void = models.BooleanField(default=False, help_text="The question counts for nobody, as if it had not been asked")
    kept = models.FloatField(null=True, blank=True, help_text="The credit the person keeps, whatever the others say")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(credit__gte=0, credit__lte=1), name="credit_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(kept=None) | models.Q(kept__gte=0, kept__lte=1), name="kept_credit_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_item}: {self.credit}"

    @property
    def counted(self) -> float | None:
        """What the answer counts as in its person's result; None: not at all."""
        return rules.Standing(self.credit, self.void, self.kept).counted


class AttemptEvidence(models.Model):
    """The evidence an attempt gave for a competency; what a regrade or a void attempt ended stays as a row."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="evidence_links")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="attempt_link")
    items = models.PositiveSmallIntegerField(help_text="How many of the paper's items it rests on")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Since when its evidence is void")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "competency"],
                condition=models.Q(ended_at=None),
                name="one_evidence_per_attempt_and_competency",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.competency}"
