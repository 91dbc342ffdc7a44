"""Item banks. Items are secret: neither pages nor snippets, and a key never leaves the server before release.

Papers are drawn from the newest approved version of an item, so a revision that waits for its review changes none.
"""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments import rules
from assessments.scoring import marking
from training.competencies.models import LEVELS, Competency
from training.lib.texts import TranslatedField, text_in
from training.matters.models import Citation
from training.people.models import User


class Bank(models.Model):
    """A set of items kept together, for exams or for practice, never both: practice shows the keys."""

    code = models.SlugField(max_length=60, unique=True)
    name = TranslatedField()
    for_practice = models.BooleanField(
        _("for practice"),
        default=False,
        help_text=_("Whoever practises sees the keys of its items. No exam that counts draws from it."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(code="calibrations"), name="bank_code_is_not_an_address")
        ]

    def __str__(self) -> str:
        return text_in(self.name)


class Item(models.Model):
    """A question through all its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEWED = "reviewed", _("Reviewed")
        PILOT = "pilot", pgettext_lazy("item", "Pilot")
        LIVE = "live", pgettext_lazy("item", "Live")
        SUSPENDED = "suspended", _("Suspended")
        RETIRED = "retired", _("Retired")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="items")
    code = models.SlugField(max_length=60)
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="items")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(User, models.PROTECT, related_name="items_written")
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="items_reviewed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="item_code_is_unique_in_its_bank"),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("author")),
                name="nobody_reviews_their_own_item",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(state="retired") | models.Q(reviewer__isnull=False),
                name="only_reviewed_items_are_used",
            ),
        ]
        indexes = [models.Index(fields=["bank", "state", "competency"])]
        verbose_name = pgettext_lazy("bank", "item")
        verbose_name_plural = pgettext_lazy("bank", "items")

    def __str__(self) -> str:
        return self.code


class ItemVersionQuerySet(models.QuerySet["ItemVersion"]):
    """Versions, by what they are to their item."""

    def newest(self) -> "ItemVersionQuerySet":
        """Keep the last version written of each item."""
        newer = ItemVersion.objects.filter(item=models.OuterRef("item"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(newer))

    def in_use(self) -> "ItemVersionQuerySet":
        """Keep the version of each item that papers take: the last one approved, whatever the item's state."""
        newer = ItemVersion.objects.filter(
            item=models.OuterRef("item"), number__gt=models.OuterRef("number"), approved_at__isnull=False
        )
        return self.filter(~models.Exists(newer), approved_at__isnull=False)


class ItemVersion(models.Model):
    """A question as written once: stem, options and key, with the difficulty its author judged.

    Until it is approved it may be changed in place (`edits` counts the times); from then on never.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("Single choice")
        MULTIPLE = "multiple", _("Multiple response")
        TRUE_FALSE = "true_false", _("True or false")
        ORDERING = "ordering", _("Ordering")
        MATCHING = "matching", _("Matching")
        DOCUMENTS = "documents", _("Document check")
        NUMERIC = "numeric", _("Numeric answer")
        SHORT_TEXT = "short_text", _("Short text")
        CLOZE = "cloze", _("Text with gaps")
        CASE = "case", _("Customer case")
        OPEN = "open", _("Open answer")
        SCENARIO = "scenario", _("Scenario card")

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stem = TranslatedField(rows=3)
    options = models.JSONField(default=list, blank=True, help_text='[{"id": "a", "text": {"en": ...}}, ...]')
    parts = models.JSONField(
        default=list, blank=True, help_text='[{"id": "1", "text": {...}, "kind": "single", "options": [...]}, ...]'
    )
    details = models.JSONField(
        default=dict, blank=True, help_text="What candidates may see beside the stem: a number's unit, minutes"
    )
    key = models.JSONField(help_text="What only the server knows, in the form `scoring.marking` gives for the kind")
    rationale = TranslatedField(blank=True)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    judged_p = models.FloatField(
        validators=[MinValueValidator(0.02), MaxValueValidator(0.98)],
        help_text="Probability that somebody just at the level answers right, as its author judges",
    )
    bar = models.FloatField(default=1.0, help_text="The share of credit from which an answer counts as right")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    words = models.TextField(blank=True, default="", help_text="All its texts as they are searched; never the key")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="item_versions_written")
    edits = models.PositiveIntegerField(default=1, help_text="How often it was saved: who acts on it says which one")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Since when it waits for its review")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="item_versions_approved")

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, approved_by=None)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False, asked_at=None),
                name="an_approved_version_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("written_by")),
                name="nobody_approves_what_they_wrote",
            ),
            models.CheckConstraint(
                condition=models.Q(judged_p__gt=0, judged_p__lt=1), name="judged_p_is_a_probability"
            ),
            models.CheckConstraint(condition=models.Q(bar__gt=0, bar__lte=1), name="bar_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="item_version_is_valid_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} ({self.number})"

    @property
    def shape(self) -> marking.Shape:
        """The item as far as answers go: ids, no texts and no key."""
        return rules.shape_of(self.kind, self.options, self.parts)

    @property
    def options_by_key(self) -> list[dict[str, Any]]:
        """The options as an examiner reads them: an ordering in its right order, the others as they were written."""
        if self.kind != self.Kind.ORDERING:
            return self.options
        return sorted(self.options, key=lambda option: self.key.index(option["id"]))


class ItemWriter(models.Model):
    """Somebody who wrote or edited a version, and so does not review it."""

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="writers")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_version", "person"], name="a_writer_is_named_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.item_version}"


class ItemReview(models.Model):
    """What a reviewer said of a version as it stood after so many `edits`: approved, or sent back with a remark."""

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="item_reviews")
    approved = models.BooleanField()
    remark = models.TextField(blank=True)
    edits = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved=True) | ~models.Q(remark=""), name="who_sends_back_says_why"
            )
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.item_version}: {self.remark}"


class BankChange(models.Model):
    """One change that was made to several items at once, with what stood there before, so that it can be undone."""

    class What(models.TextChoices):
        STATE = "state", pgettext_lazy("items", "Use")
        REQUEST = "request", _("Ask for review")
        LEVEL = "level", _("Level")
        BANK = "bank", _("Bank")
        COMPETENCY = "competency", _("Competency")

    what = models.CharField(max_length=12, choices=What.choices)
    value = models.CharField(max_length=60, blank=True)
    rows = models.JSONField(help_text="[[item, before, after], ...]")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.what} {self.value}".strip()


class ItemCitation(Citation):
    """A clause an item tests."""

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_version", "clause_version"], name="an_item_cites_a_clause_once")
        ]
