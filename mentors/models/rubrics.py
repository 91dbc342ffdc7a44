"""What an observer looks at, and what each step looks like."""

from django.db import models

from training.competencies.models import Competency
from training.lib.texts import TranslatedField, text_in
from training.matters.models import Citation


class Rubric(models.Model):
    """A set of criteria with behaviour anchors from 1 to 5, tied to one competency."""

    code = models.SlugField(max_length=60, unique=True)
    name = TranslatedField()
    description = TranslatedField(blank=True)
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="rubrics")

    def __str__(self) -> str:
        return text_in(self.name)


class Criterion(models.Model):
    """One thing to look at; `anchors` tells per step what it looks like."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="criteria")
    code = models.SlugField(max_length=60)
    name = TranslatedField()
    chip = TranslatedField(help_text="The few words on the quick log")
    anchors = models.JSONField(help_text='{"1": {"en": ...}, ... "5": {...}}')
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rubric", "code"], name="criterion_code_is_unique")]
        ordering = ["position"]

    def __str__(self) -> str:
        return text_in(self.name)


class CriterionCitation(Citation):
    """A clause a criterion looks at."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criterion", "clause_version"], name="a_criterion_cites_a_clause_once")
        ]
