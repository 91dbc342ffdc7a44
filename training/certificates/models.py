"""What can be attested, how it looks on paper, and the certificates issued: never edited, never deleted."""

from datetime import date, datetime, time, timedelta

from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField, text_in
from training.people.models import User


def private_storage() -> object:
    """Return the storage of files that only a checking view serves."""
    return storages["private"]


class Achievement(models.Model):
    """What a certificate attests, and for how long."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Course completed")
        EXAM_LEVEL = "exam_level", _("Exam level")
        POSITION = "position", _("Position standard")
        MENTORSHIP = "mentorship", _("Mentorship completed")
        TEACHER = "teacher", _("Career teacher appointment")

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = TranslatedField()
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: without end")
    design = models.ForeignKey("CertificateDesign", models.PROTECT, related_name="achievements")

    def __str__(self) -> str:
        return text_in(self.name)


class CertificateDesign(models.Model):
    """The heading, wording and signatories a certificate is printed with."""

    code = models.SlugField(max_length=60, unique=True)
    heading = TranslatedField()
    wording = TranslatedField(help_text="The sentence under the name; plain text, nothing in it is filled in")
    signatories = models.JSONField(default=list, help_text='[{"name": {...}, "title": {...}}, ...]')

    def __str__(self) -> str:
        return text_in(self.heading)


class NumberCounter(models.Model):
    """The last certificate number given out in a year; the row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class State(models.TextChoices):
    """What a certificate is worth on a day; never stored, always worked out from its dates."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates, by what they are worth on a day."""

    def with_state(self, day: date) -> "CertificateQuerySet":
        """Bring in `state` what each was worth at the end of `day`: revoked before replaced before expired."""
        revoked = Revocation.objects.in_force(day).filter(certificate=models.OuterRef("pk"))
        return self.annotate(
            state=models.Case(
                models.When(models.Exists(revoked), models.Value(State.REVOKED)),
                models.When(superseded_by__issued_on__lte=day, then=models.Value(State.REPLACED)),
                models.When(expires_on__lt=day, then=models.Value(State.EXPIRED)),
                default=models.Value(State.VALID),
            )
        )

    def valid_on(self, day: date) -> "CertificateQuerySet":
        """Keep those valid at the end of `day`, with their `state`."""
        return self.with_state(day).filter(state=State.VALID)


class Certificate(models.Model):
    """What was attested to whom on which day, with its facts frozen as printed."""

    number = models.CharField(max_length=30, unique=True)
    code = models.CharField(
        max_length=17,
        unique=True,
        help_text="16 random characters and a check character; once the holder is made anonymous, what is left of it",
    )
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="certificates")
    holder_name = models.CharField(max_length=100)
    holder_latin_name = models.CharField(max_length=100, blank=True)
    facts = models.JSONField(help_text="Everything printed, and what the holder might handle on that day")
    earned_by = TranslatedField(help_text="In words: which exam or mentorship")
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="The last day")
    issued_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    pdf = models.FileField(storage=private_storage, upload_to="certificates/%Y/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    name_digests = models.JSONField(
        default=list, blank=True, help_text="Of the printed names, keyed by the code, once the holder is made anonymous"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["holder", "issued_on"])]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.number

    @property
    def is_nameless(self) -> bool:
        """Whether its holder was made anonymous: neither name nor PDF is kept any more."""
        return bool(self.name_digests)


class RevocationQuerySet(models.QuerySet["Revocation"]):
    """Revocations, by date."""

    def in_force(self, day: date) -> "RevocationQuerySet":
        """Keep those confirmed before the end of `day`, as the centre's clocks have it."""
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(state=Revocation.State.CONFIRMED, decided_at__lt=end)


class Revocation(models.Model):
    """A certificate is taken back for a reason: one person asks, another confirms."""

    class Category(models.TextChoices):
        MISTAKE = "mistake", _("Issued by mistake")
        MISCONDUCT = "misconduct", _("Exam misconduct")
        RESULT_VOIDED = "result_voided", _("The result was voided")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="revocations")
    category = models.CharField(_("kind of reason"), max_length=14, choices=Category.choices)
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="revocation_needs_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="one_live_revocation_per_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.get_state_display()}"
