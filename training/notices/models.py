"""Notices: one line to one person, told in the language they read it in; how they want it, and what goes out."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField
from training.people.models import User

from .texts import TEXTS


class Notice(models.Model):
    """Something that happened and concerns a person; the sentence is made from its kind and facts when it is read."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60, help_text="A key of training.notices.texts.TEXTS")
    facts = models.JSONField(default=dict, help_text="Values for the sentence; a mapping of texts counts as one value")
    path = models.CharField(max_length=300, blank=True, help_text="Where the notice leads")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "read_at", "created_at"]),
            models.Index(fields=["created_at"]),
            models.Index(fields=["read_at"]),
        ]
        verbose_name = _("notice")

    def __str__(self) -> str:
        return f"{self.kind} to {self.person}"

    @property
    def sentence(self) -> str:
        """What happened, in the language that is active now."""
        return TEXTS[self.kind].say(self.facts)

    @property
    def icon(self) -> str:
        return TEXTS[self.kind].icon


class How(models.TextChoices):
    """When a channel tells a person of something."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("In the weekly digest")
    NEVER = "never", _("Never")


class Choice(models.Model):
    """How one person wants to be told about one theme by one channel; without a row the default of the theme holds."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notice_choices")
    theme = models.CharField(max_length=30, help_text="A key of training.notices.texts.THEMES")
    channel = models.CharField(max_length=30, help_text="The key of a channel")
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "theme", "channel"], name="one_choice_per_theme_and_channel"),
        ]
        indexes = [models.Index(fields=["theme", "channel", "how"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.theme} by {self.channel} {self.how}"


class Digest(models.Model):
    """The digest of one week, planned once: what came in the seven days before `up_to`."""

    up_to = models.DateTimeField(unique=True)
    planned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"digest up to {self.up_to:%Y-%m-%d %H:%M}"


class AddressConfirmationQuerySet(models.QuerySet["AddressConfirmation"]):
    """Addresses somebody was asked to confirm."""

    def pending(self) -> "AddressConfirmationQuerySet":
        """Keep those neither confirmed nor given up, run out or not."""
        return self.filter(used_at=None, ended_at=None)


class AddressConfirmation(models.Model):
    """An address somebody says is theirs, until they open the link that was mailed there; it works once."""

    person = models.ForeignKey(User, models.CASCADE, related_name="address_confirmations")
    address = models.EmailField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When another took its place, or the person gave it up")

    objects = AddressConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(used_at=None, ended_at=None), name="one_address_to_confirm_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.address}"

    def works(self, at: datetime) -> bool:
        """Tell whether its link works at that time."""
        return self.used_at is None and self.ended_at is None and at < self.expires_at


class Delivery(models.Model):
    """One notice, one person's digest or one link, on its way out by a channel; the row keeps it from going twice."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed any more")
        FAILED = "failed", _("Given up")
        UNCERTAIN = "uncertain", _("Perhaps sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="notice_deliveries")
    channel = models.CharField(max_length=30, help_text="The key of a channel")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries")
    digest = models.ForeignKey(Digest, models.CASCADE, null=True, related_name="deliveries")
    confirmation = models.ForeignKey(AddressConfirmation, models.CASCADE, null=True, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = TranslatedField(blank=True, help_text="Why the last try failed; no secrets in it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(notice__isnull=False, digest=None, confirmation=None)
                | models.Q(notice=None, digest__isnull=False, confirmation=None)
                | models.Q(notice=None, digest=None, confirmation__isnull=False),
                name="a_delivery_is_a_notice_a_digest_or_a_link",
            ),
            models.UniqueConstraint(fields=["notice", "channel"], name="a_notice_goes_once_by_each_channel"),
            models.UniqueConstraint(fields=["confirmation"], name="a_link_goes_once"),
            models.UniqueConstraint(
                fields=["digest", "person", "channel"], name="a_digest_goes_once_to_each_by_each_channel"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"])]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.channel} to {self.person}: {self.state}"
