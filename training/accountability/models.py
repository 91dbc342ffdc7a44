"""Copies of what is kept about a person, erasures, how long each kind of row is kept, and impact assessments."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.people.models import User


def private_storage() -> Storage:
    """Return where personal files go: never under a public address."""
    return storages["private"]


class PersonalCopy(models.Model):
    """Everything kept about a person as one file, made for them or for HR; gone after a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="personal_copies")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    job_id = models.UUIDField(null=True, help_text="The job that makes it")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    file = models.FileField(storage=private_storage, upload_to="personal/", blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "asked_by", "asked_at"])]
        verbose_name = _("copy of personal data")

    def __str__(self) -> str:
        return f"{self.person}, {self.asked_at:%Y-%m-%d}"


class Erasure(models.Model):
    """Somebody who left is to be made anonymous: one person asks with a reason, another confirms."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed, being done")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    person = models.ForeignKey(User, models.PROTECT, related_name="erasures")
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    job_id = models.UUIDField(null=True, help_text="The job that does it")
    counts = models.JSONField(default=dict, help_text="How many rows of each kind there were when it was confirmed")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="erasure_needs_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=~models.Q(state="refused"),
                name="one_live_erasure_per_person",
            ),
        ]
        verbose_name = _("erasure")

    def __str__(self) -> str:
        # by number: what names the erasure in the audit trail must not name the person
        return f"{self.person_id}: {self.get_state_display()}"


class ImpactAssessment(models.Model):
    """What was weighed before personal data are processed in a way that may touch people (PIPL, articles 55 and 56).

    A draft is changed freely. What is in force never changes: it is ended, or written anew, and the new one ends it.
    Nobody deletes it; the retention rule does, years after its end.
    """

    class Cause(models.TextChoices):
        SENSITIVE = "sensitive", _("Sensitive personal information")
        AUTOMATED = "automated", _("Decisions made by a program")
        HANDED_ON = "handed_on", _("Entrusted or given to somebody else, or made public")
        ABROAD = "abroad", _("Sent abroad")
        OTHER = "other", _("Another large effect on people")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("impact assessment", "Draft")
        IN_FORCE = "in_force", pgettext_lazy("impact assessment", "In force")
        ENDED = "ended", pgettext_lazy("impact assessment", "Ended")

    title = models.CharField(_("Title"), max_length=200)
    cause = models.CharField(_("Why it is asked for"), max_length=10, choices=Cause.choices)
    processed = models.TextField(_("What is processed, about whom"), max_length=4000)
    purpose = models.TextField(_("Why, and why that is lawful and needed"), max_length=4000)
    risks = models.TextField(_("What it may do to people"), max_length=4000)
    measures = models.TextField(_("What is done against that, and whether it is enough"), max_length=4000)
    assessed_by = models.CharField(_("Who assessed"), max_length=300)
    assessed_on = models.DateField(_("Assessed on"))
    review_on = models.DateField(_("Look at it again"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by", editable=False)
    in_force_from = models.DateField(null=True, editable=False)
    ended_on = models.DateField(null=True, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_on__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_on=None)),
                name="assessment_ends_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=models.Q(state="in_force"), name="one_assessment_follows_another"
            ),
        ]
        verbose_name = _("impact assessment")

    def __str__(self) -> str:
        return self.title


class RetentionRule(models.Model):
    """How many months rows of a kind are kept; kinds and their least time stand in the code that owns them."""

    kind = models.CharField(max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(_("months"))
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("retention rule")

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"
