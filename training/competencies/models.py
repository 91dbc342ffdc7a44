"""Frameworks, what positions ask for, evidence, and the estimate made from it."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField, text_in
from training.people.models import Position, User

LEVELS = [(number, str(number)) for number in range(1, 6)]


class Framework(models.Model):
    """A versioned set of levels and competencies on one reference scale (logits)."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = TranslatedField()
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="framework_version_is_unique"),
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_framework"
            ),
        ]

    def __str__(self) -> str:
        return f"{text_in(self.name)} ({self.version})"

    @property
    def scale(self) -> str:
        """The name of the reference scale its evidence is on."""
        return f"{self.code}/{self.version}"

    def cuts(self) -> list[float]:
        """Return where levels 2 to 5 begin, in logits."""
        return [level.cut for level in self.levels.all() if level.cut is not None]


class Level(models.Model):
    """A level of a framework; `cut` is where it begins on the reference scale, none for the first."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="levels")
    number = models.PositiveSmallIntegerField(choices=LEVELS)
    name = TranslatedField()
    description = TranslatedField(blank=True)
    cut = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="level_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(number=1, cut=None) | models.Q(number__gt=1, cut__isnull=False),
                name="every_level_but_the_first_has_a_cut",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {text_in(self.name)}"


class Competency(models.Model):
    """Something staff must be able to do; groups are competencies without a parent that have children."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="competencies")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.SlugField(max_length=60)
    name = TranslatedField()
    description = TranslatedField(blank=True)
    descriptors = models.JSONField(default=dict, help_text='Behaviour per level: {"1": {"en": ...}, ...}')
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="competency_code_is_unique")]
        ordering = ["position"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")

    def __str__(self) -> str:
        return text_in(self.name)


class TargetQuerySet(models.QuerySet["Target"]):
    """Targets, by date."""

    def on(self, day: date) -> "TargetQuerySet":
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), starts_on__lte=day)


class Target(models.Model):
    """The level a position asks for in a competency, from when until when."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="targets")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="targets")
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position", "competency"], condition=models.Q(until=None), name="one_open_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.competency} {self.level}"


class Evidence(models.Model):
    """One thing that was seen of a person's competency: a value on the reference scale and how far to trust it.

    Never changed and never deleted; a mistake is voided with a reason.
    """

    class Kind(models.TextChoices):
        EXAM = "exam", _("Exam")
        OBSERVATION = "observation", _("Observation")
        SUPERVISOR = "supervisor", _("Supervisor's rating")

    person = models.ForeignKey(User, models.PROTECT, related_name="evidence")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.FloatField(help_text="y, logits")
    variance = models.FloatField(help_text="R, logits squared")
    scale = models.CharField(max_length=60, help_text="The reference scale, such as window-staff/1")
    observed_on = models.DateField()
    recorded_at = models.DateTimeField()
    assessor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    source_label = TranslatedField()
    source_path = models.CharField(max_length=300, blank=True)
    surprising = models.BooleanField(default=False, help_text="Far from what was expected: a person looks at it")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(variance__gt=0), name="evidence_has_positive_variance"),
            models.CheckConstraint(
                condition=models.Q(voided_at=None) | ~models.Q(void_reason=""), name="voiding_needs_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["person", "competency", "observed_on"])]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {text_in(self.source_label)}"


class Proficiency(models.Model):
    """Where a person most likely stands in a competency, as of the last evidence, and how sure that is.

    `held_until_k` is the first day level k is no longer held, so "holds k today" is a comparison in SQL.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="proficiencies")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="proficiencies")
    mean = models.FloatField(help_text="m, logits, on as_of")
    variance = models.FloatField(help_text="P, logits squared, on as_of")
    as_of = models.DateField()
    level = models.PositiveSmallIntegerField(choices=LEVELS, help_text="The level held on as_of")
    confirmed_level = models.PositiveSmallIntegerField(help_text="The highest level its rule confirmed; 0: none")
    held_until_2 = models.DateField(null=True, blank=True)
    held_until_3 = models.DateField(null=True, blank=True)
    held_until_4 = models.DateField(null=True, blank=True)
    held_until_5 = models.DateField(null=True, blank=True)
    evidence_count = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "competency"], name="one_proficiency_per_competency")]
        indexes = [models.Index(fields=["competency", "person"])]
        verbose_name = _("proficiency")
        verbose_name_plural = _("proficiencies")

    def __str__(self) -> str:
        return f"{self.person}: {self.competency} {self.level}"

    def level_on(self, day: date) -> int:
        """Return the highest level still held on `day` (at least 1: there is evidence)."""
        dates = {5: self.held_until_5, 4: self.held_until_4, 3: self.held_until_3, 2: self.held_until_2}
        return next((level for level, until in dates.items() if until and day < until), 1)

    def is_confirmed_on(self, day: date) -> bool:
        """Tell whether the level held on `day` rests on the evidence the framework asks for."""
        return self.confirmed_level >= self.level_on(day)
