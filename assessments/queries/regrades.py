"""Regrades as examiners read them, and what a person is told of those that moved their result."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import cached_property

from assessments import rules
from assessments.models import Attempt, AttemptItem, Exam, Item, ItemVersion, MarkingTask, Regrade, RegradedResult
from assessments.permissions import may_regrade
from training.competencies.models import Competency
from training.operations.models import Job
from training.people.models import User

from .judging import Criterion, criteria_of

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


def papers_with(version: ItemVersion) -> int:
    """Return how many papers with a version were handed in and count."""
    states = (*Attempt.WAITING, Attempt.State.SCORED)
    return version.attempt_items.filter(attempt__state__in=states).count()


def handed_in_of(item: Item) -> list[ItemVersion]:
    """Return the versions of an item that stand on papers that were handed in and count, the newest first."""
    states = (*Attempt.WAITING, Attempt.State.SCORED)
    asked = AttemptItem.objects.filter(item_version=OuterRef("pk"), attempt__state__in=states)
    return list(item.versions.filter(Exists(asked)).order_by("-number"))


def exams_with(version: ItemVersion) -> list[Exam]:
    """Return the exams in whose papers a version stands."""
    found = Exam.objects.filter(attempts__items__item_version=version).distinct()
    return list(found.defer("reference_form").order_by("code"))


@dataclass(frozen=True)
class MarkedByPeople:
    """An answer people marked: the question as it stands on the paper, its guide with what was given."""

    question: AttemptItem
    criteria: list[Criterion]
    given: list[tuple[Criterion, float]]


def marked_by_people(attempt: Attempt) -> list[MarkedByPeople]:
    """Return the answers of a paper that people marked, with what they count as."""
    tasks = MarkingTask.objects.filter(attempt_item__attempt=attempt, done_at__isnull=False)
    found = []
    for task in tasks.select_related("attempt_item__item_version__item", "attempt_item__attempt").prefetch_related(
        "marks"
    ):
        marks = [rules.Given(mark.points, mark.credit) for mark in task.marks.all() if mark.withdrawn_at is None]
        criteria = criteria_of(task.attempt_item.item_version)
        points = rules.points_of(marks) if marks else {}
        given = [(line, points[line.id]) for line in criteria if line.id in points]
        found.append(MarkedByPeople(task.attempt_item, criteria, given))
    return sorted(found, key=lambda one: one.question.position)


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
