"""What an adaptive attempt chooses its questions from, frozen when it starts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attempts import Attempt


class AdaptivePlan(models.Model):
    """The items an attempt may ask and when it ends; with its seed and answers it gives the same questions again.

    What is estimated meanwhile is worked out from the answers each time and stands nowhere.
    """

    class Stop(models.TextChoices):
        PRECISE = "precise", _("The ability was known well enough")
        FULL = "full", _("All questions were asked")
        LEFT = "left", _("Handed in before its end")

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="adaptive")
    shortest = models.PositiveSmallIntegerField()
    longest = models.PositiveSmallIntegerField()
    target_error = models.FloatField(null=True, blank=True, help_text="Logits; none: always of full length")
    quotas = models.JSONField(help_text="[[competency, questions in a test of full length], ...]")
    pool = models.JSONField(
        help_text="[[item version, competency, a, b, standard error of b, parameters, admitted by the lottery], ...]"
    )
    stop = models.CharField(max_length=8, choices=Stop.choices, blank=True, help_text="Empty while questions follow")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shortest__gte=1, longest__gte=models.F("shortest")),
                name="adaptive_lengths_are_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.shortest} to {self.longest}"
