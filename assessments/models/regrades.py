"""Regrades: a fault that was found in a question, what setting it right would change, and what it changed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import Texts, TranslatedField
from training.operations.models import Job
from training.people.models import User

from .attempts import Attempt, AttemptItem
from .exams import Exam
from .items import ItemVersion


class RegradeQuerySet(models.QuerySet["Regrade"]):
    """Regrades, by whether papers are marked by them."""

    def in_force(self) -> "RegradeQuerySet":
        """Keep those that a second person approved and nobody took back."""
        return self.filter(state__in=Regrade.IN_FORCE, undone_at=None)


class Regrade(models.Model):
    """One fault of a version of a question, asked to be set right by one examiner and approved by another.

    A version and the papers it stands on never change. From its approval on a regrade says beside them by which key
    they are marked, or that the question counts for nobody.
    """

    class Cause(models.TextChoices):
        KEY = "key", _("The key was wrong")
        VOID = "void", _("The question counts for nobody")
        MARKS = "marks", _("An answer was marked wrongly")
        UNDO = "undo", _("A regrade is taken back")

    class Policy(models.TextChoices):
        NOBODY_LOSES = "nobody_loses", _("Nobody loses: who would come out lower keeps the result they have")
        EVERYTHING_MOVES = "everything_moves", _("Everything moves: results go up and down")

    class Certificates(models.TextChoices):
        KEEP = "keep", _("It stays valid")
        REVOKE = "revoke", _("Its revocation is asked for; a second person confirms it")

    class State(models.TextChoices):
        COMPUTING = "computing", pgettext_lazy("regrade", "Being worked out")
        READY = "ready", pgettext_lazy("regrade", "Waits for a second person")
        APPLYING = "applying", pgettext_lazy("regrade", "Being applied")
        APPLIED = "applied", pgettext_lazy("regrade", "Applied")
        DISCARDED = "discarded", pgettext_lazy("regrade", "Discarded")

    IN_FORCE = (State.APPLYING, State.APPLIED)
    WAITING = (State.COMPUTING, State.READY)

    cause = models.CharField(max_length=8, choices=Cause.choices)
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="regrades")
    key_from = models.ForeignKey(
        ItemVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The reviewed version with the same texts whose key counts instead",
    )
    exam = models.ForeignKey(
        Exam, models.PROTECT, null=True, blank=True, related_name="regrades", help_text="Empty: wherever it was asked"
    )
    question = models.ForeignKey(
        AttemptItem, models.PROTECT, null=True, blank=True, related_name="+", help_text="The one answer marked anew"
    )
    points = models.JSONField(default=dict, blank=True, help_text="{criterion: points} of that answer")
    undoes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    policy = models.CharField(max_length=16, choices=Policy.choices, default=Policy.NOBODY_LOSES)
    certificates = models.CharField(
        max_length=8, choices=Certificates.choices, help_text="What becomes of those of people who pass no longer"
    )
    reason = models.CharField(max_length=500, help_text="Those whose result changes read it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPUTING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    worked_out_at = models.DateTimeField(null=True)
    stands_on = models.CharField(max_length=64, blank=True, help_text="Digest of the papers as they were read")
    counts = models.JSONField(default=dict, help_text="What the preview found, in numbers")
    failure = TranslatedField(blank=True, help_text="Why it was not worked out")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    # What `queries.regrades_for` adds: how its job stands.
    job_state: str | None
    job_done: int | None
    job_total: int | None
    job_reason: Texts | None

    objects = RegradeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="applying"), name="one_regrade_is_applied_at_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["applying", "applied"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_regrade_that_counts_was_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["applying", "applied"]) | ~models.Q(decided_by=models.F("asked_by")),
                name="nobody_approves_their_own_regrade",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(cause="key", key_from__isnull=False, exam=None, question=None, undoes=None)
                    | models.Q(cause="void", key_from=None, question=None, undoes=None)
                    | models.Q(cause="marks", key_from=None, exam=None, question__isnull=False, undoes=None)
                    | models.Q(cause="undo", key_from=None, question=None, undoes__isnull=False)
                ),
                name="a_regrade_says_what_was_wrong",
            ),
        ]
        indexes = [models.Index(fields=["item_version", "state"])]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")

    def __str__(self) -> str:
        return f"{self.item_version}: {self.get_cause_display()}"

    @property
    def is_at_work(self) -> bool:
        """Whether its job waits or runs."""
        working = self.state in (self.State.COMPUTING, self.State.APPLYING)
        return working and self.job_state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def has_stopped(self) -> bool:
        """Whether its job ended without it: it failed, was cancelled, or given up after its worker was killed."""
        return self.state in (self.State.COMPUTING, self.State.APPLYING) and not self.is_at_work

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def may_be_undone(self) -> bool:
        return self.state == self.State.APPLIED and self.undone_at is None and self.cause != self.Cause.UNDO


class RegradedResult(models.Model):
    """What a regrade makes of one paper: worked out for its preview, applied, and then the trail of what stood before.

    `before` and `after` hold theta, standard_error, score, level, level_probability and passed; empty for a paper
    whose result is not out, of which only the mark of the question changes.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("regraded result", "Planned")
        APPLIED = "applied", pgettext_lazy("regraded result", "Applied")
        SKIPPED = "skipped", pgettext_lazy("regraded result", "Left out: it changed meanwhile")

    class Change(models.TextChoices):
        PASSES = "passes", _("Passes now")
        FAILS = "fails", _("Passes no longer")
        HIGHER = "higher", _("Higher")
        LOWER = "lower", _("Lower")
        SAME = "same", _("Same score and level")
        KEPT = "kept", _("Would be lower: keeps the result")
        WAITING = "waiting", _("No result yet: marked anew")

    regrade = models.ForeignKey(Regrade, models.PROTECT, related_name="results")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="regraded")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    change = models.CharField(max_length=8, choices=Change.choices)
    stands_on = models.CharField(max_length=64, help_text="Digest of the paper as it was read")
    mark_before = models.JSONField(help_text="[credit, void, kept] of the question")
    mark_after = models.JSONField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    certificate = models.CharField(max_length=8, blank=True, help_text="issue, keep or revoke; empty: not touched")
    evidence = models.JSONField(default=list, help_text="Competencies (ids) whose evidence is replaced")
    levels = models.JSONField(default=list, help_text="[[competency (id), level before, level after], ...] that change")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["regrade", "attempt"], name="a_regrade_moves_a_paper_once"),
            models.CheckConstraint(
                condition=models.Q(state="applied", applied_at__isnull=False)
                | ~models.Q(state="applied") & models.Q(applied_at=None),
                name="an_applied_result_says_when",
            ),
        ]
        indexes = [models.Index(fields=["attempt", "state"])]
        verbose_name = _("regraded result")
        verbose_name_plural = _("regraded results")

    def __str__(self) -> str:
        return f"{self.attempt}: {self.get_change_display()}"

    @property
    def is_seen(self) -> bool:
        """Whether the person sees another score, level or outcome than before."""
        return any(self.before.get(name) != self.after.get(name) for name in ("score", "level", "passed"))

    @property
    def shown(self) -> dict[str, Any]:
        """What the person has after it: what stood before, where it is kept."""
        return self.before if self.change == self.Change.KEPT else self.after
