"""The ledger: who may handle which matter, with how much supervision, from when until when."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField
from training.matters.models import ClauseVersion, MatterVersion, ServiceMatter
from training.people.models import User

PRACTICE_DAYS = 180


class Entrustment(models.IntegerChoices):
    """How much supervision a person needs on one matter; another scale than competency levels."""

    OBSERVE = 1, _("Watches only")
    DIRECT = 2, _("With a teacher beside")
    INDIRECT = 3, _("Alone, a teacher within call")
    DISTANT = 4, _("Alone")
    SUPERVISE = 5, _("Alone, and may supervise others")


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    """Authorisations, by what they allow on a day."""

    def effective_on(self, day: date) -> "AuthorisationQuerySet":
        """Keep those that count on `day`, one at most for each person and matter.

        Within their dates, practised within 180 days, no suspension, no condition past its grace, and not replaced by
        one entered later.
        """
        suspended = Suspension.objects.on(day).filter(authorisation=models.OuterRef("pk"))
        barred = Condition.objects.barring(day).filter(authorisation=models.OuterRef("pk"))
        replaced = Authorisation.objects.within_dates(day).filter(
            person=models.OuterRef("person"), matter=models.OuterRef("matter"), pk__gt=models.OuterRef("pk")
        )
        return self.within_dates(day).filter(
            ~models.Exists(suspended),
            ~models.Exists(barred),
            ~models.Exists(replaced),
            practised_on__gte=day - timedelta(days=PRACTICE_DAYS),
        )

    def within_dates(self, day: date) -> "AuthorisationQuerySet":
        """Keep those whose first and last day include `day`, whether they count or not."""
        return self.filter(starts_on__lte=day, until__gte=day)

    def with_hindrances(self) -> "AuthorisationQuerySet":
        """Bring the suspensions and conditions along."""
        return self.prefetch_related("suspensions", "conditions")


class Authorisation(models.Model):
    """A person may handle a matter at an entrustment level; decided by two people from a frozen evidence pack."""

    person = models.ForeignKey(User, models.PROTECT, related_name="authorisations")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="authorisations")
    matter_version = models.ForeignKey(MatterVersion, models.PROTECT, related_name="authorisations")
    entrustment = models.PositiveSmallIntegerField(choices=Entrustment.choices)
    starts_on = models.DateField()
    until = models.DateField(help_text="The last day")
    practised_on = models.DateField(help_text="The last day the matter was handled, at first the first day")
    decided_by = models.JSONField(help_text="Who decided, in words, with date and verdict")
    evidence_pack = models.JSONField(help_text="What was known when it was decided")
    source_label = TranslatedField()
    source_path = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("starts_on")), name="authorisation_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["person", "matter", "until"]), models.Index(fields=["matter", "until"])]
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")

    def __str__(self) -> str:
        return f"{self.person}: {self.matter}, {self.get_entrustment_display()}"


class ConditionQuerySet(models.QuerySet["Condition"]):
    """Conditions, by date."""

    def barring(self, day: date) -> "ConditionQuerySet":
        """Keep those open on `day` with their grace behind them; the day one is cleared no longer counts as open."""
        uncleared = models.Q(cleared_on=None) | models.Q(cleared_on__gt=day)
        return self.filter(uncleared, opens_on__lte=day, grace_until__lt=day)


class Condition(models.Model):
    """Something the holder must do by a date, or the authorisation stops counting."""

    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="conditions")
    reason = TranslatedField()
    clause_version = models.ForeignKey(ClauseVersion, models.PROTECT, null=True, blank=True, related_name="+")
    opens_on = models.DateField()
    grace_until = models.DateField(help_text="The last day it still counts although open")
    cleared_on = models.DateField(null=True, blank=True)

    objects = ConditionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.authorisation} until {self.grace_until}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Suspensions, by date."""

    def on(self, day: date) -> "SuspensionQuerySet":
        """Keep those running on `day`, first and last day included."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), starts_on__lte=day)


class Suspension(models.Model):
    """An authorisation does not count for a while, for a written reason."""

    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="suspensions")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.authorisation} suspended from {self.starts_on}"
