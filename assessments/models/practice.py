"""Practising: as often as wanted, with explanations. Nothing here is a result, and none of it is evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.competencies.models import Competency
from training.people.models import User

from .exams import Exam
from .items import ItemVersion


class PracticeRun(models.Model):
    """One time somebody practises: a paper of its own, without a clock. It ends when they say so."""

    person = models.ForeignKey(User, models.PROTECT, related_name="practice_runs")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="practice_runs")
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "exam"], condition=models.Q(ended_at=None), name="one_open_practice_run_per_exam"
            )
        ]
        indexes = [models.Index(fields=["person", "started_at"])]
        verbose_name = _("practice")
        verbose_name_plural = _("practice")

    def __str__(self) -> str:
        return f"{self.exam}: {self.person}"


class PracticeQuestion(models.Model):
    """A question of a run with the answer checked last; `credit` is empty before that and when it is tried again."""

    run = models.ForeignKey(PracticeRun, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="practised")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    option_order = models.JSONField(
        help_text="Ids of the options as this person sees them; by part where parts have options"
    )
    answer = models.JSONField(null=True)
    credit = models.FloatField(null=True, blank=True)
    first_credit = models.FloatField(null=True, blank=True, help_text="Of the first answer: what was known already")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="one_practice_question_per_place"),
            models.UniqueConstraint(fields=["run", "item_version"], name="no_practice_question_twice"),
            models.CheckConstraint(
                condition=models.Q(tries=0, credit=None, first_credit=None)
                | models.Q(tries__gt=0, first_credit__gte=0, first_credit__lte=1),
                name="a_try_has_its_credit",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.item_version}"

    @property
    def is_checked(self) -> bool:
        """Whether its answer was checked, so that the key may be shown."""
        return self.credit is not None
