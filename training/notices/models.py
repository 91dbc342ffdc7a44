"""Notices: one line to one person, told in the language they read it in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
        indexes = [models.Index(fields=["person", "read_at", "created_at"])]
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
