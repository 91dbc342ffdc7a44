"""Bundles: several matters handled as "one thing"."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin

from training.lib.finding import FoldedField
from training.lib.publishing import Recorded
from training.lib.texts import TranslatedField, text_in
from training.people.models import Department, User

from .matters import ServiceMatter


class Bundle(
    Recorded, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """One thing to the applicant, several matters to the departments; edited as a draft, frozen into versions."""

    freezer = "training.matters.services.freeze_bundle"

    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("The last part of its address."))
    name = TranslatedField(_("name"))
    summary = TranslatedField(_("summary"), blank=True, rows=3)
    lead_department = models.ForeignKey(
        Department, models.PROTECT, related_name="bundles_led", verbose_name=_("lead department")
    )
    days_before = models.PositiveSmallIntegerField(_("working days, one by one"))
    days_after = models.PositiveSmallIntegerField(_("working days, bundled"))
    trips_before = models.PositiveSmallIntegerField(_("trips, one by one"))
    trips_after = models.PositiveSmallIntegerField(_("trips, bundled"))
    materials_before = models.PositiveSmallIntegerField(_("materials, one by one"))
    materials_after = models.PositiveSmallIntegerField(_("materials, bundled"))
    steps_before = models.PositiveSmallIntegerField(_("steps, one by one"))
    steps_after = models.PositiveSmallIntegerField(_("steps, bundled"))

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")

    def __str__(self) -> str:
        return text_in(self.name)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "matters/bundle_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"request": request, "bundle": self}


class BundleMaterial(ClusterableModel, Orderable):
    """A document handed in once, and the members that use it; none named: all of them."""

    bundle = ParentalKey(Bundle, related_name="materials")
    name = TranslatedField(_("material"))
    used_by = ParentalManyToManyField(ServiceMatter, blank=True, related_name="+", verbose_name=_("used by"))

    class Meta(Orderable.Meta):
        pass


class BundleStep(Orderable):
    """What the applicant does, from the form to the collection."""

    bundle = ParentalKey(Bundle, related_name="steps")
    name = TranslatedField(_("step"))


class BundleMember(ClusterableModel, Orderable):
    """A matter's place in a bundle: when it runs, what it waits for, what is handed in and out."""

    bundle = ParentalKey(Bundle, related_name="members")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="bundle_members", verbose_name=_("matter"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    depends_on = ParentalManyToManyField(ServiceMatter, blank=True, related_name="+", verbose_name=_("waits for"))
    starts_on_day = models.PositiveSmallIntegerField(_("first working day"), default=1)
    ends_on_day = models.PositiveSmallIntegerField(_("last working day"), default=1)
    hand_off_in = TranslatedField(_("receives"), blank=True)
    hand_off_out = TranslatedField(_("hands on"), blank=True)
    answers_if_late = TranslatedField(_("who answers if it is late"), blank=True)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on_day__gte=1) & models.Q(ends_on_day__gte=models.F("starts_on_day")),
                name="member_ends_after_it_starts",
                violation_error_message=_("The last working day is before the first."),
            )
        ]


class BundleVersion(models.Model):
    """A bundle as published once: its figures and members, frozen."""

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = TranslatedField()
    content = models.JSONField(help_text="The figures and rows, each text by language")
    folded_title = FoldedField("name")
    folded = FoldedField("name", "content")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "number"], name="bundle_version_number_is_unique")]

    def __str__(self) -> str:
        return f"{text_in(self.name)} ({self.number})"
