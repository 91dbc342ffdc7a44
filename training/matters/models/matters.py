"""Service matters: the smallest unit a window handles, edited as drafts and frozen into versions when published."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from training.lib.finding import FoldedField
from training.lib.publishing import Recorded
from training.lib.texts import TranslatedField, text_in
from training.matters.rules import CALENDAR_DAYS, WORKING_DAYS, WORKING_HOURS, Limit, is_longer
from training.people.models import Department, User, Window

from .policies import Citation, ClauseVersion


class LimitUnit(models.TextChoices):
    """What a limit of time counts; none of them is on the spot."""

    WORKING_DAYS = WORKING_DAYS, _("working days")
    CALENDAR_DAYS = CALENDAR_DAYS, pgettext_lazy("time limit", "calendar days")
    WORKING_HOURS = WORKING_HOURS, _("working hours")


def _unit_field(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=13, choices=LimitUnit.choices, default=LimitUnit.WORKING_DAYS)


class ServiceMatter(
    Recorded, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """A government service matter as editors write it; people act on its versions."""

    class Kind(models.TextChoices):
        PERMIT = "permit", _("Permit")
        CONFIRMATION = "confirmation", _("Confirmation")
        BENEFIT = "benefit", _("Benefit")
        FILING = "filing", _("Filing")
        REWARD = "reward", _("Reward")
        RULING = "ruling", _("Ruling")
        LEVY = "levy", _("Levy")
        OTHER = "other", pgettext_lazy("kind of service matter", "Other power")
        PUBLIC_SERVICE = "public_service", _("Public service")

    class OnlineDepth(models.TextChoices):
        NONE = "none", _("Information online, everything else at the window")
        BOOKING = "booking", _("Booked online, filed at the window")
        ACCEPTED = "accepted", _("Filed and accepted online, one visit to collect")
        WHOLE = "whole", _("Online from start to end")

    freezer = "training.matters.services.freeze_matter"

    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("The last part of its address."))
    basic_code = models.CharField(_("basic code"), max_length=40, blank=True)
    implementing_code = models.CharField(_("implementing code"), max_length=60, blank=True)
    name = TranslatedField(_("name"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="matters", verbose_name=_("implementing department")
    )
    service_object = TranslatedField(_("who may apply"))
    statutory_days = models.PositiveSmallIntegerField(_("statutory limit"))
    statutory_unit = _unit_field(_("counted in"))
    promised_days = models.PositiveSmallIntegerField(_("promised limit"), help_text=_("0: handled on the spot."))
    promised_unit = _unit_field(_("counted in"))
    online_depth = models.CharField(_("online"), max_length=10, choices=OnlineDepth.choices, default=OnlineDepth.NONE)
    trips = models.PositiveSmallIntegerField(_("trips to the hall"), default=1)
    fee = TranslatedField(_("fee"), blank=True)
    result = TranslatedField(_("what the applicant receives"))
    starts_on = models.DateField(_("handled from"), null=True, blank=True)
    until = models.DateField(_("last day it is handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("service matter")
        verbose_name_plural = _("service matters")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(promised_unit=models.F("statutory_unit"))
                | models.Q(promised_days__lte=models.F("statutory_days")),
                name="promise_keeps_the_statutory_limit",
                violation_error_message=_("The promised limit is longer than the statutory one."),
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(starts_on=None) | models.Q(until__gte=models.F("starts_on")),
                name="matter_ends_after_it_starts",
                violation_error_message=_("The last day is before the first. Give a later one."),
            ),
        ]

    def __str__(self) -> str:
        return text_in(self.name)

    def clean(self) -> None:
        """Hold a promise against the law where they count in different units; the constraint knows the others."""
        super().clean()
        if self.promised_days is None or self.statutory_days is None or self.promised_unit == self.statutory_unit:
            return
        if is_longer(Limit(self.promised_days, self.promised_unit), Limit(self.statutory_days, self.statutory_unit)):
            raise ValidationError({"promised_days": _("The promised limit is longer than the statutory one.")})

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "matters/matter_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"request": request, "matter": self}


class MatterCondition(Orderable):
    """Something that must be so before the matter can be accepted."""

    matter = ParentalKey(ServiceMatter, related_name="conditions")
    text = TranslatedField(_("condition"), rows=2)


class MatterMaterial(Orderable):
    """A document the applicant brings, or the window fetches."""

    class Form(models.TextChoices):
        ORIGINAL = "original", _("Original")
        COPY = "copy", pgettext_lazy("material", "Copy")
        BOTH = "both", _("Original and copy")
        ELECTRONIC = "electronic", _("Electronic record")

    class Need(models.TextChoices):
        REQUIRED = "required", _("Always")
        CONDITIONAL = "conditional", _("If it applies")
        SECONDARY = "secondary", _("May be handed in later")

    matter = ParentalKey(ServiceMatter, related_name="materials")
    name = TranslatedField(_("material"))
    need = models.CharField(_("needed"), max_length=12, choices=Need.choices, default=Need.REQUIRED)
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, default=Form.ORIGINAL)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    source = TranslatedField(_("where it comes from"), blank=True)
    acceptance = TranslatedField(_("acceptance standard"), blank=True, rows=2)
    filling = TranslatedField(_("how it is filled in"), blank=True, rows=2)


class MatterStep(Orderable):
    """One step of handling: who does it, by when, looking at what."""

    matter = ParentalKey(ServiceMatter, related_name="steps")
    name = TranslatedField(_("step"))
    role = TranslatedField(_("who does it"))
    limit_days = models.DecimalField(
        _("time limit"), max_digits=5, decimal_places=2, default=0, help_text=_("0: handled on the spot.")
    )
    limit_unit = _unit_field(_("counted in"))
    criteria = TranslatedField(_("what is checked"), blank=True, rows=2)
    result = TranslatedField(_("what comes of it"), blank=True)


class MatterQuestion(Orderable):
    """What applicants keep asking, and what to answer."""

    matter = ParentalKey(ServiceMatter, related_name="questions")
    question = TranslatedField(_("question"))
    answer = TranslatedField(_("answer"), rows=2)


class MatterSystem(Orderable):
    """A business system the matter is handled in, and what to mind there."""

    matter = ParentalKey(ServiceMatter, related_name="systems")
    name = TranslatedField(_("business system"))
    is_double_entry = models.BooleanField(_("entered a second time"), default=False)
    note = TranslatedField(_("what to mind, and the way round"), blank=True, rows=2)


class LegalBasis(Orderable, Citation):
    """A clause a matter rests on."""

    matter = ParentalKey(ServiceMatter, related_name="legal_bases")

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["matter", "clause_version"], name="a_matter_cites_a_clause_once")
        ]


class MatterVersion(models.Model):
    """A service matter as published once: everything about it, frozen."""

    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = TranslatedField()
    content = models.JSONField(help_text="The facts and rows, each text by language")
    clauses = models.ManyToManyField(ClauseVersion, related_name="matter_versions", blank=True)
    folded_title = FoldedField("name")
    folded = FoldedField("name", "content")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="matter_version_number_is_unique")]

    def __str__(self) -> str:
        return f"{text_in(self.name)} ({self.number})"


class WindowMatterQuerySet(models.QuerySet["WindowMatter"]):
    """What windows serve, by date."""

    def on(self, day: date) -> "WindowMatterQuerySet":
        """Keep what is served on `day`; a window that has closed serves nothing."""
        later = models.Q(until=None) | models.Q(until__gte=day)
        is_open = models.Q(window__until=None) | models.Q(window__until__gte=day)
        return self.filter(later, is_open, starts_on__lte=day)


class WindowMatter(models.Model):
    """A window serves a matter, from when until when."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="window_matters")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="window_matters")
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = WindowMatterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "matter"], condition=models.Q(until=None), name="a_window_serves_a_matter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.window}: {self.matter}"
