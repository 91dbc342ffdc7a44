"""How people get in: one-time codes, and how often somebody has tried."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from .staff import User


class LoginCodeQuerySet(models.QuerySet["LoginCode"]):
    """One-time codes."""

    def pending(self) -> "LoginCodeQuerySet":
        """Keep those nobody has used and no other has replaced, run out or not."""
        return self.filter(used_at=None, ended_at=None)

    def valid(self, at: datetime) -> "LoginCodeQuerySet":
        """Keep those that open the door at that time."""
        return self.pending().filter(expires_at__gt=at)


class LoginCode(models.Model):
    """A code on a slip of paper that lets one person in until they have chosen a password of their own.

    The code itself is kept nowhere: only its hash.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="login_codes")
    code_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="When the person chose a password with it")
    ended_at = models.DateTimeField(null=True, help_text="When another code took its place")

    objects = LoginCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(used_at=None, ended_at=None), name="one_pending_code_per_person"
            )
        ]
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")

    def __str__(self) -> str:
        return f"{self.person}: {self.made_at:%Y-%m-%d %H:%M}"


class Tally(models.Model):
    """How often something was tried in vain within a span of time; `key` is a hash, so no address is kept."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%Y-%m-%d %H:%M}"
