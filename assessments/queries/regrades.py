"""Regrades as examiners read them, and what a person is told of those that moved their result."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import cached_property

from assessments.models import Attempt, Regrade, RegradedResult
from assessments.permissions import may_regrade
from training.competencies.models import Competency
from training.operations.models import Job
from training.people.models import User

Change = RegradedResult.Change
SEEN = (Change.PASSES, Change.FAILS, Change.HIGHER, Change.LOWER)


@dataclass(frozen=True, slots=True)
class RegradeFilter:
    """Which rows of a regrade are shown; empty: all."""

    change: str = ""
    exam: str = ""
    words: str = ""


@dataclass(frozen=True)
class LevelMove:
    """A competency whose level changes with the evidence; None: no evidence."""

    competency: Competency
    before: int | None
    after: int | None


@dataclass(frozen=True)
class RegradeLine:
    """One person's paper in a regrade."""

    row: RegradedResult
    moves: list[LevelMove]

    @property
    def before(self) -> Attempt | None:
        return _shown(self.row.before)

    @property
    def after(self) -> Attempt | None:
        return _shown(self.row.shown)


@dataclass(frozen=True)
class Told:
    """A regrade of one's own result: when, why, and what stood before."""

    at: datetime
    reason: str
    kept: bool
    before: dict[str, object]
    undone: bool

    @cached_property
    def score(self) -> object:
        return self.before.get("score")


def regrades_for(viewer: User) -> QuerySet[Regrade]:
    """Return the regrades `viewer` may read and decide on, the newest first."""
    if not may_regrade(viewer):
        return Regrade.objects.none()
    job = Job.objects.filter(pk=OuterRef("job_id"))
    columns = {f"job_{name}": Subquery(job.values(name)[:1]) for name in ("state", "done", "total", "reason")}
    related = ("item_version__item__bank", "key_from", "exam", "undoes", "asked_by", "decided_by", "question__attempt")
    found = Regrade.objects.select_related(*related).defer("exam__reference_form")
    return found.annotate(**columns).order_by("-asked_at", "-pk")


def regrade_rows(regrade: Regrade, viewer: User, chosen: RegradeFilter) -> QuerySet[RegradedResult]:
    """Return what becomes of each paper, those that matter most first; never the viewer's own."""
    rows = regrade.results.exclude(attempt__person=viewer).select_related("attempt__person", "attempt__exam")
    if chosen.change in Change.values:
        rows = rows.filter(change=chosen.change)
    elif chosen.change == "seen":
        rows = rows.filter(change__in=SEEN)
    elif chosen.change == "skipped":
        rows = rows.filter(state=RegradedResult.State.SKIPPED)
    if chosen.exam:
        rows = rows.filter(attempt__exam__code=chosen.exam)
    if chosen.words:
        words = chosen.words.strip().casefold()
        rows = rows.filter(
            Q(attempt__person__search_key__contains=words) | Q(attempt__person__staff_number__istartswith=words)
        )
    ranked = rows.annotate(place=_place())
    return ranked.order_by("place", "attempt__person__staff_number", "attempt_id").defer(
        "attempt__exam__reference_form"
    )


def lines_of(rows: Sequence[RegradedResult]) -> list[RegradeLine]:
    """Return rows with the competencies whose level they move."""
    wanted = {pk for row in rows for pk, _before, _after in row.levels}
    competencies = Competency.objects.in_bulk(wanted)
    return [
        RegradeLine(row, [LevelMove(competencies[pk], before, after) for pk, before, after in row.levels])
        for row in rows
    ]


def exams_in(regrade: Regrade) -> list[tuple[str, dict[str, str], int]]:
    """Return the exams a regrade touches: code, title, papers."""
    rows = regrade.results.order_by().values_list("attempt__exam__code", "attempt__exam__title")
    return list(rows.annotate(n=Count("pk")).order_by("attempt__exam__code"))


def counts_of(rows: Collection[RegradedResult], *, papers: int, waiting: int) -> dict[str, int]:
    """Return what a preview found, in numbers."""
    changes = Counter(str(row.change) for row in rows)
    certificates = Counter(row.certificate for row in rows)
    moving = [row for row in rows if row.change != Change.KEPT]
    return {
        "papers": papers,
        "results": papers - waiting,
        "changed": sum(changes[change] for change in SEEN),
        **{change: changes[change] for change in Change.values},
        "issue": certificates["issue"],
        "lost": certificates["keep"] + certificates["revoke"],
        "evidence": sum(bool(row.evidence) for row in moving),
        "levels": sum(bool(row.levels) for row in moving),
    }


def told_of(attempt: Attempt) -> list[Told]:
    """Return the regrades that moved the result of an attempt, or could have, the last first."""
    rows = attempt.regraded.filter(state=RegradedResult.State.APPLIED).exclude(change=Change.WAITING)
    found = rows.select_related("regrade").order_by("-applied_at", "-pk")
    return [
        Told(row.applied_at, row.regrade.reason, row.change == Change.KEPT, row.before, bool(row.regrade.undone_at))
        for row in found
        if row.applied_at and (row.is_seen or row.change == Change.KEPT)
    ]


def _place() -> Case:
    order = (*SEEN, Change.KEPT, Change.SAME, Change.WAITING)
    return Case(*(When(change=name, then=Value(n)) for n, name in enumerate(order)), output_field=IntegerField())


def _shown(result: dict[str, object]) -> Attempt | None:
    """Return a result as the templates of results read it; None without one."""
    return Attempt(**result) if result else None
