"""Policies as records: a policy has versions, a version has clauses, a clause keeps its identity across versions."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.finding import FoldedField
from training.lib.texts import TranslatedField, text_in
from training.people.models import User


class Policy(models.Model):
    """A policy text through all its versions; `uid` is the translation key of the page it is written on."""

    uid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.slug


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Policy versions, by date."""

    def in_force(self, day: date) -> "PolicyVersionQuerySet":
        """Keep, per policy, the version in force on `day`: the latest that has taken effect, unless it has expired."""
        later = PolicyVersion.objects.filter(
            policy=models.OuterRef("policy"), effective_from__lte=day, number__gt=models.OuterRef("number")
        )
        return self.filter(
            models.Q(expires_on=None) | models.Q(expires_on__gte=day), ~models.Exists(later), effective_from__lte=day
        )


class PolicyVersion(models.Model):
    """A policy as published once; never edited afterwards, except that another language may add its text."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = TranslatedField()
    issuer = TranslatedField()
    summary = TranslatedField(blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    effective_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    clauses = models.ManyToManyField("matters.ClauseVersion", through="matters.ClausePlacement", related_name="+")
    folded_title = FoldedField("title", "document_number")
    folded = FoldedField("title", "document_number", "issuer", "summary")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number_is_unique")]

    def __str__(self) -> str:
        return f"{text_in(self.title)} ({self.number})"


class Clause(models.Model):
    """One clause through all its versions; `uid` is the id of the block it is written in."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="clauses")
    uid = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "uid"], name="clause_is_unique_in_its_policy")]

    def __str__(self) -> str:
        return str(self.uid)


class Grade(models.TextChoices):
    """How much a change of a clause asks of those who work by it."""

    EDITORIAL = "editorial", _("Editorial")
    NOTICE = "notice", _("Notice")
    RETRAIN = "retrain", _("Retrain")


class ClauseVersion(models.Model):
    """The text of a clause from one policy version on; a clause that does not change keeps its version."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = TranslatedField()
    heading = TranslatedField(blank=True)
    text = TranslatedField(rows=4)
    grade = models.CharField(max_length=10, choices=Grade.choices, default=Grade.NOTICE)
    folded_title = FoldedField("label", "heading")
    folded = FoldedField("label", "heading", "text")
    derived_from = models.ManyToManyField("self", symmetrical=False, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "number"], name="clause_version_number_is_unique")]

    def __str__(self) -> str:
        return " ".join(filter(None, [text_in(self.label), text_in(self.heading)]))


class ClausePlacement(models.Model):
    """A clause version at its place in a policy version."""

    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="placements")
    clause_version = models.ForeignKey(ClauseVersion, models.PROTECT, related_name="placements")
    position = models.PositiveIntegerField()
    chapter = TranslatedField(blank=True, help_text="The heading of the chapter that begins before it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy_version", "position"], name="one_clause_per_place"),
            models.UniqueConstraint(fields=["policy_version", "clause_version"], name="a_clause_stands_once"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.clause_version}"


class Citation(models.Model):
    """Something that rests on a clause remembers the version it was checked against; each app has its own table."""

    clause_version = models.ForeignKey(ClauseVersion, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.clause_version)
