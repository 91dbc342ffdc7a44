"""The whole text of a policy on its way into a page: taken apart, looked over and mended before it is taken."""

from dataclasses import asdict

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.matters.rules import ClauseRow, Remark, Told
from training.people.models import User

from .policies import PolicyPage


class PolicyImport(models.Model):
    """One text being taken in by one editor; it goes once it was taken, thrown away, or left alone for a month.

    `page` is the page it becomes a draft of, None for a new policy; where it is in another `language`, a translation
    of it is made.
    """

    by = models.ForeignKey(User, models.PROTECT, related_name="policy_imports")
    page = models.ForeignKey(PolicyPage, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=200, help_text="What the file is called")
    title = models.CharField(max_length=255, blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    rows = models.JSONField(default=list, help_text="The clauses, as `ClauseRow`")
    remarks = models.JSONField(default=list, help_text="What to look at, as `Remark`")
    revision = models.PositiveIntegerField(default=0, help_text="Counts the changes, so that two tabs cannot mix them")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("import of a policy")
        verbose_name_plural = _("imports of policies")

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def clause_rows(self) -> list[ClauseRow]:
        return [ClauseRow(**{**row, "also": tuple(row["also"])}) for row in self.rows]

    @clause_rows.setter
    def clause_rows(self, rows: list[ClauseRow]) -> None:
        self.rows = [asdict(row) for row in rows]

    @property
    def told(self) -> list[Remark]:
        return [Remark(row["line"], Told(row["code"]), row["text"]) for row in self.remarks]

    @told.setter
    def told(self, remarks: list[Remark]) -> None:
        self.remarks = [asdict(remark) for remark in remarks]
