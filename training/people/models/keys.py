"""Keys by which other systems of the centre ask the API."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .organisation import Department
from .staff import User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys, by whether they open anything."""

    def in_force(self, day: date) -> "ApiKeyQuerySet":
        return self.filter(models.Q(expires_on=None) | models.Q(expires_on__gte=day), revoked_at=None)


class ApiKey(models.Model):
    """Another system's key: it asks about the staff of one department and all below it, or of the whole centre.

    Only a digest is kept; `hint` is how the key begins, so that it can be told from others. The last day counts.
    """

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("Of the system, such as “Queue screen”.")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="key_is_revoked_by_somebody",
            )
        ]
        verbose_name = _("key")
        verbose_name_plural = _("keys")

    def __str__(self) -> str:
        return self.name
