"""What people mark: an answer that waits, and every mark it was given."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.people.models import User

from .attempts import AttemptItem


class MarkingTask(models.Model):
    """An answer, or a scenario card to be played, that waits for people.

    Markers know it by `ref` alone, which tells nothing of whose it is; ordered by it, answers come in an order that
    is no order of theirs.
    """

    attempt_item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="task")
    ref = models.CharField(max_length=26, unique=True)
    wanted = models.PositiveSmallIntegerField(default=1, help_text="How many marks it needs; the third decides")
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_until = models.DateTimeField(null=True, blank=True, help_text="Nobody else marks it until then")
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(wanted__gte=1, wanted__lte=3), name="one_to_three_marks"),
            models.CheckConstraint(
                condition=models.Q(taken_by=None, taken_until=None)
                | models.Q(taken_by__isnull=False, taken_until__isnull=False),
                name="who_takes_an_answer_takes_it_for_a_while",
            ),
        ]
        ordering = ["ref"]
        verbose_name = _("answer to mark")
        verbose_name_plural = _("answers to mark")

    def __str__(self) -> str:
        return self.ref

    def is_held_against(self, marker: User, now: datetime) -> bool:
        """Whether somebody else has it in hand."""
        return self.taken_until is not None and self.taken_until > now and self.taken_by_id != marker.pk


class HumanMark(models.Model):
    """Points one person gave along the marking guide; taken back, the row stays."""

    task = models.ForeignKey(MarkingTask, models.PROTECT, related_name="marks")
    turn = models.PositiveSmallIntegerField(help_text="1: the first; 2: the second; 3: who decides")
    marker = models.ForeignKey(User, models.PROTECT, related_name="marks_given")
    points = models.JSONField(help_text="{criterion: points}")
    credit = models.FloatField()
    comment = models.TextField(blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "turn"], condition=models.Q(withdrawn_at=None), name="one_mark_for_each_turn"
            ),
            models.UniqueConstraint(
                fields=["task", "marker"], condition=models.Q(withdrawn_at=None), name="nobody_marks_an_answer_twice"
            ),
            models.CheckConstraint(
                condition=models.Q(credit__gte=0, credit__lte=1), name="credit_of_a_marker_is_a_share"
            ),
            models.CheckConstraint(condition=models.Q(turn__gte=1, turn__lte=3), name="a_mark_has_its_turn"),
        ]
        ordering = ["turn"]

    def __str__(self) -> str:
        return f"{self.task} ({self.turn})"
