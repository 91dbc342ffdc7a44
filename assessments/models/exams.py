"""Exams, the blueprint papers are drawn by, and who may sit what."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.certificates.models import Achievement
from training.competencies.models import LEVELS, Competency, Framework
from training.lib.texts import TranslatedField, text_in
from training.people.models import User

from .items import Bank, Item, ItemVersion

RESERVED_CODES = (
    "attempt",
    "bank",
    "manage",
    "marking",
    "media",
    "new",
    "observing",
    "practice",
    "regrades",
    "release",
    "sessions",
)  # the first words of other addresses under /exams/, and what stands beside codes


class Exam(models.Model):
    """An exam whose paper is made for each person, in the way its mode says."""

    class Mode(models.TextChoices):
        FIXED = "fixed", _("The same questions for everybody")
        RANDOM = "random", _("A paper of their own for everybody, drawn by the blueprint")
        ADAPTIVE = "adaptive", _("Each question chosen by the answers before it")
        PRACTICE = "practice", _("Practice: as often as wanted, with explanations, no result")

    class Release(models.TextChoices):
        AT_ONCE = "at_once", _("As soon as everything is marked")
        SESSION = "session", _("When everything is marked and the session, or the exam, has closed")
        PERSON = "person", _("When an examiner releases it")

    class SecondMarking(models.TextChoices):
        NONE = "none", _("One marker")
        ALWAYS = "always", _("Two markers for each answer")
        BORDERLINE = "borderline", _("A second marker near the bar")
        SAMPLE = "sample", _("A second marker for one answer in five")

    code = models.SlugField(max_length=60, unique=True)
    title = TranslatedField(verbose_name=_("title"))
    description = TranslatedField(verbose_name=_("description"), blank=True, rows=3)
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="exams", verbose_name=_("item bank"))
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="exams", verbose_name=_("framework"))
    target_level = models.PositiveSmallIntegerField(
        _("level to reach"), choices=LEVELS[1:], help_text=_("Where it begins is shown as 60 of 100.")
    )
    mode = models.CharField(_("how papers are made"), max_length=8, choices=Mode.choices, default=Mode.RANDOM)
    shortest = models.PositiveSmallIntegerField(
        _("at least so many questions"),
        null=True,
        blank=True,
        help_text=_(
            "Only where each question is chosen by the answers before it. At most as many as the rows ask for."
        ),
    )
    target_error = models.FloatField(
        _("ends at a standard error of"),
        null=True,
        blank=True,
        help_text=_("Of the ability, from 0.2 to 1.0. Empty: everybody gets the full number of questions."),
    )
    exposure = models.JSONField(
        default=dict,
        blank=True,
        help_text="Of an adaptive exam, by item version: the chance that it is let into a test; fixed when it opens",
    )
    shuffled = models.BooleanField(
        _("questions in another order for each person"),
        default=False,
        help_text=_("Only where everybody gets the same questions; within each part."),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=1, help_text=_("What a place grants unless it says otherwise.")
    )
    wait_days = models.PositiveSmallIntegerField(
        _("days to wait before a resit"),
        default=0,
        help_text=_(
            "Calendar days from the day on which the attempt that did not pass was handed in. 7: who fails on "
            "26 November may sit it again from 3 December. 0: at once."
        ),
    )
    resits_allowed = models.PositiveSmallIntegerField(
        _("resits before new learning is asked"),
        null=True,
        blank=True,
        help_text=_(
            "When so many resits did not pass either, the exam can be sat only with a place given after new learning: "
            "by finishing its course anew, or by an examiner who says what was learned. Empty: never."
        ),
    )
    pilots = models.PositiveSmallIntegerField(
        _("questions tried out on each paper"),
        default=0,
        help_text=_(
            "Pilot items of the bank, mixed among the others and never told apart. They count for nobody: not in the "
            "result, not as evidence. Allow time for them."
        ),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    achievement = models.ForeignKey(
        Achievement, models.PROTECT, null=True, blank=True, related_name="exams", verbose_name=_("certificate it earns")
    )
    is_open = models.BooleanField(default=False)
    in_sessions = models.BooleanField(
        _("only in a session"),
        default=False,
        help_text=_("Sat under supervision: nobody starts without a place in a session."),
    )
    browser_keys = models.JSONField(
        default=list,
        blank=True,
        help_text="Keys of Safe Exam Browser set-ups the exam may be sat in; empty: any browser",
    )
    release = models.CharField(
        _("results are released"), max_length=10, choices=Release.choices, default=Release.AT_ONCE
    )
    second_marking = models.CharField(
        _("open answers are marked by"), max_length=10, choices=SecondMarking.choices, default=SecondMarking.NONE
    )
    points_apart = models.PositiveSmallIntegerField(
        default=1, help_text="Two markers further apart than this at one criterion disagree, and a third decides"
    )
    reference_form = models.JSONField(
        default=list,
        blank=True,
        help_text="Difficulties of the Rasch items all scores are told on, fixed when the exam opens",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(code__in=RESERVED_CODES), name="exam_code_is_not_an_address"),
            models.CheckConstraint(
                condition=~models.Q(mode="adaptive") | models.Q(shortest__isnull=False, shortest__gte=1),
                name="an_adaptive_exam_has_a_length",
            ),
            models.CheckConstraint(
                condition=models.Q(target_error=None) | models.Q(target_error__gte=0.2, target_error__lte=1.0),
                name="target_error_is_within_reach",
            ),
        ]
        verbose_name = _("exam")
        verbose_name_plural = _("exams")

    def __str__(self) -> str:
        return text_in(self.title)

    @property
    def is_practice(self) -> bool:
        """Whether it is practised instead of sat: no place, no clock, no result."""
        return self.mode == self.Mode.PRACTICE

    @property
    def is_adaptive(self) -> bool:
        """Whether each question is chosen by the answers before it."""
        return self.mode == self.Mode.ADAPTIVE

    @property
    def is_fixed(self) -> bool:
        """Whether everybody gets the same questions, chosen by hand."""
        return self.mode == self.Mode.FIXED

    @property
    def blueprint(self) -> "models.QuerySet[BlueprintRow]":
        """The rows of all its parts."""
        return BlueprintRow.objects.filter(part__exam=self)


class ExamPart(models.Model):
    """A part of an exam, sat one after the other and never gone back to. Every exam has one at least."""

    class Order(models.TextChoices):
        FREE = "free", _("Back and forth as they like")
        IN_ORDER = "in_order", _("One question after the other, no going back")

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    title = TranslatedField(verbose_name=_("title"), blank=True)
    introduction = TranslatedField(verbose_name=_("introduction"), blank=True, rows=3)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, help_text=_("Empty: what is left of the exam's time.")
    )
    order = models.CharField(_("order of questions"), max_length=8, choices=Order.choices, default=Order.FREE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "number"], name="exam_parts_are_numbered")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.exam}, {self.number}"


class BlueprintRow(models.Model):
    """So many items of a competency in a part, of any level and kind unless it says."""

    part = models.ForeignKey(ExamPart, models.CASCADE, related_name="rows")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=LEVELS, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=ItemVersion.Kind.choices, blank=True)
    count = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.count} x {self.competency}"


class ChosenItem(models.Model):
    """An item of the paper that everybody gets, in the order somebody chose; papers take its version in use."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="chosen")
    part = models.ForeignKey(ExamPart, models.CASCADE, related_name="chosen")
    item = models.ForeignKey(Item, models.PROTECT, related_name="chosen_for")
    position = models.PositiveSmallIntegerField(help_text="On the whole paper, from 1")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "item"], name="an_item_is_chosen_once")]
        ordering = ["part__number", "position"]

    def __str__(self) -> str:
        return f"{self.exam}, {self.position}: {self.item}"


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    """Entitlements, by time."""

    def usable(self, now: datetime) -> "EntitlementQuerySet":
        return self.filter(models.Q(until=None) | models.Q(until__gte=now))


class Entitlement(models.Model):
    """A person may sit an exam so many times, until a moment, for a reason told in words."""

    person = models.ForeignKey(User, models.PROTECT, related_name="entitlements")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="entitlements")
    attempts = models.PositiveSmallIntegerField(default=1)
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    session = models.ForeignKey("ExamSession", models.PROTECT, null=True, blank=True, related_name="places")
    why = TranslatedField()
    learned = TranslatedField(blank=True)  # what was newly learned before it was given: such a place is for a retake
    waiver = models.TextField(blank=True, help_text="Why the days to wait before a resit do not count for it")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "exam"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.exam}"
