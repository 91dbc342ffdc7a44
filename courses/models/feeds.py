"""The secret address by which a calendar program reads somebody's dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.people.models import User


class CalendarFeed(models.Model):
    """The address of one person; only a digest is kept, so it is shown once. Another one ends it."""

    person = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.person)
