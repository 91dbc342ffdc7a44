"""Calibrations of a bank: asked for, worked out by a job, decided on; and what they found of each item."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import Texts, TranslatedField, text_in
from training.operations.models import Job
from training.people.models import User

from .attempts import Attempt
from .items import Bank, ItemVersion


class Calibration(models.Model):
    """One estimation of a bank's items from the answers of a period. What it found never changes; its state does."""

    class Model(models.TextChoices):
        RASCH = "rasch", _("Rasch: difficulty only")
        TWO_PL = "2pl", _("2PL: difficulty and discrimination")

    class State(models.TextChoices):
        COMPUTING = "computing", pgettext_lazy("calibration", "Being worked out")
        READY = "ready", pgettext_lazy("calibration", "Waits for a decision")
        ACCEPTED = "accepted", pgettext_lazy("calibration", "Accepted")
        REJECTED = "rejected", pgettext_lazy("calibration", "Rejected")
        FAILED = "failed", pgettext_lazy("calibration", "Not worked out")
        SUPERSEDED = "superseded", pgettext_lazy("calibration", "Replaced")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="calibrations")
    model = models.CharField(max_length=8, choices=Model.choices)
    since = models.DateField(help_text="Attempts handed in from this day")
    until = models.DateField(help_text="... to this one")
    first_only = models.BooleanField(help_text="Of each person only the first attempt of the period")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPUTING)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(null=True)
    people = models.PositiveIntegerField(null=True)
    answers = models.PositiveIntegerField(null=True)
    log_likelihood = models.FloatField(null=True)
    converged = models.BooleanField(null=True)
    is_sound = models.BooleanField(default=False, help_text="Whether anything of it may be used at all")
    cautions = models.JSONField(default=list, help_text='[{"caution": "few_answers", "items": ["a-1"]}, ...]')
    settings = models.JSONField(default=dict, help_text="What it was worked out with")
    link = models.JSONField(default=dict, help_text="How it was put on the bank's scale")
    linked_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="What was accepted then"
    )
    fit = models.JSONField(default=dict, help_text="Spread of ability, alpha, M2")
    effect = models.JSONField(default=dict, help_text="How many of the sample would have come out differently")
    failure = TranslatedField(blank=True, help_text="Why it was not worked out")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    # What `queries.calibrations_for` adds: how its job stands.
    job_state: str | None
    job_done: int | None
    job_total: int | None
    job_reason: Texts | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank"], condition=models.Q(state="computing"), name="one_calibration_at_work_per_bank"
            ),
            models.UniqueConstraint(
                fields=["bank"], condition=models.Q(state="accepted"), name="one_accepted_calibration_per_bank"
            ),
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="calibration_has_a_period"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["accepted", "rejected"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decision_has_its_decider",
            ),
        ]
        indexes = [models.Index(fields=["bank", "asked_at"])]
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")

    def __str__(self) -> str:
        return f"{text_in(self.bank.name)}, {self.get_model_display()}, {self.since:%Y-%m-%d} - {self.until:%Y-%m-%d}"

    @property
    def is_at_work(self) -> bool:
        """Whether its job waits or runs."""
        return self.state == self.State.COMPUTING and self.job_state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def has_stopped(self) -> bool:
        """Whether its job ended without it: cancelled, or given up after its worker was killed."""
        return self.state == self.State.COMPUTING and not self.is_at_work

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def has_result(self) -> bool:
        return self.finished_at is not None and self.state != self.State.FAILED


class ItemParametersQuerySet(models.QuerySet["ItemParameters"]):
    """Parameters by whether papers are scored by them."""

    def in_force(self) -> "ItemParametersQuerySet":
        return self.filter(in_force_from__isnull=False, in_force_until=None)


class ItemParameters(models.Model):
    """What a calibration found of a version of an item, on the bank's scale. Null: not known."""

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="parameters")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="parameters")
    answers = models.PositiveIntegerField()
    not_reached = models.PositiveIntegerField(default=0, help_text="Never seen when time was up; counted as wrong")
    a = models.FloatField(null=True)
    b = models.FloatField(null=True)
    se_a = models.FloatField(null=True)
    se_b = models.FloatField(null=True)
    judged_b = models.FloatField(help_text="What author and panel judged, at that time")
    share_right = models.FloatField(null=True)
    point_biserial = models.FloatField(null=True)
    infit = models.FloatField(null=True)
    outfit = models.FloatField(null=True)
    fit_kind = models.CharField(max_length=8, blank=True, help_text="s_x2, or groups where papers differ")
    fit_statistic = models.FloatField(null=True)
    fit_df = models.PositiveSmallIntegerField(null=True)
    fit_p = models.FloatField(null=True)
    drift = models.FloatField(null=True, help_text="Logits harder than the parameters in force before")
    drift_z = models.FloatField(null=True, help_text="Robust, among the common items")
    drifted = models.BooleanField(default=False)
    groups = models.JSONField(default=list, help_text="[[ability, people, share right, expected], ...]")
    options = models.JSONField(default=list, help_text="What each option does")
    troubles = models.JSONField(default=list, help_text="Worst first")
    rank = models.PositiveSmallIntegerField(help_text="Place in a list by trouble")
    usable = models.BooleanField(help_text="Whether papers may be scored by it")
    in_force_from = models.DateTimeField(null=True)
    in_force_until = models.DateTimeField(null=True)

    objects = ItemParametersQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calibration", "item_version"], name="one_finding_per_item_version"),
            models.UniqueConstraint(
                fields=["item_version"],
                condition=models.Q(in_force_from__isnull=False, in_force_until=None),
                name="one_set_of_parameters_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(usable=False)
                | models.Q(a__gt=0, a__lt=100, b__gt=-100, b__lt=100, se_b__gte=0, se_b__lt=100),
                name="usable_parameters_are_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(in_force_from=None) | models.Q(usable=True), name="only_usable_parameters_in_force"
            ),
        ]
        verbose_name = _("item parameters")
        verbose_name_plural = _("item parameters")

    def __str__(self) -> str:
        return f"{self.item_version}: {self.calibration_id}"

    @property
    def is_in_force(self) -> bool:
        return self.in_force_from is not None and self.in_force_until is None


class Rescored(models.Model):
    """An attempt of the sample that the new parameters would have placed elsewhere. It changes nothing."""

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="rescored")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+")
    theta = models.FloatField()
    level = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calibration", "attempt"], name="rescored_once_per_calibration")]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.level}"
