"""Sign-off: two people decide from a frozen evidence pack whether a clerk may handle a matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.authorisations.models import Authorisation, Entrustment
from training.matters.models import ServiceMatter
from training.people.models import Access, User

from .pairing import Mentorship


class EntrustmentCase(models.Model):
    """A proposal to entrust a matter to a mentee, with what was known when it was opened."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Not yet")
        DROPPED = "dropped", pgettext_lazy("sign-off", "Dropped")

    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="cases")
    matter = models.ForeignKey(ServiceMatter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    entrustment = models.PositiveSmallIntegerField(_("entrustment"), choices=Entrustment.choices)
    evidence_pack = models.JSONField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    authorisation = models.OneToOneField(
        Authorisation, models.PROTECT, null=True, blank=True, related_name="entrustment_case"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "matter"], condition=models.Q(state="open"), name="one_open_case_per_matter"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="granted") | models.Q(authorisation__isnull=False),
                name="a_granted_case_has_its_authorisation",
            ),
        ]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return f"{self.mentorship.mentee}: {self.matter}"


class PanelMember(models.Model):
    """Somebody asked to decide on a case, who may see the mentee's record while it is open."""

    case = models.ForeignKey(EntrustmentCase, models.PROTECT, related_name="panel")
    person = models.ForeignKey(User, models.PROTECT, related_name="panel_seats")
    access = models.OneToOneField(
        Access,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="panel_seat",
        help_text="None: sees by the mentorship",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_seat_per_person")]

    def __str__(self) -> str:
        return f"{self.case}: {self.person}"


class EntrustmentDecision(models.Model):
    """One person's verdict on a case."""

    class Verdict(models.TextChoices):
        YES = "yes", _("Entrust")
        NO = "no", _("Not yet")

    case = models.ForeignKey(EntrustmentCase, models.PROTECT, related_name="decisions")
    decider = models.ForeignKey(User, models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices)
    note = models.TextField(_("why"), blank=True, max_length=2000)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "decider"], name="one_verdict_per_person")]

    def __str__(self) -> str:
        return f"{self.case}: {self.decider} {self.verdict}"
