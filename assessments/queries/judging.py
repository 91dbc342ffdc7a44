"""What markers see: how much waits, and one answer at a time, with nothing that says whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from assessments import rules
from assessments.models import Attempt, AttemptItem, HumanMark, ItemVersion, MarkingTask
from assessments.permissions import cards_for, tasks_for
from training.lib.texts import Texts
from training.people.models import User

from .paper import with_answers
from .showing import Shown, shown


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the marking guide; `given` is what a page shows as chosen."""

    id: str
    text: Texts
    most: int
    given: int | None = None

    @property
    def steps(self) -> range:
        return range(self.most + 1)


@dataclass(frozen=True, slots=True)
class Queue:
    """The answers to one question, as far as a marker may mark them."""

    version: ItemVersion
    total: int
    done: int
    own: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a marker before gave, without the marker."""

    points: list[tuple[Criterion, int]]
    comment: str


@dataclass(frozen=True, slots=True)
class AnswerToMark:
    """An answer without its candidate. `earlier` is told to whoever decides, and to nobody before."""

    ref: str
    version: ItemVersion
    text: str
    language: str
    criteria: list[Criterion]
    model_answer: Texts
    turn: int
    taken_until: datetime | None
    earlier: list[Earlier]
    waiting: int
    media: list[Shown]


@dataclass(frozen=True, slots=True)
class Card:
    """A scenario to play with somebody: not blind, since the observer stands before them."""

    task: MarkingTask
    version: ItemVersion
    person: User
    criteria: list[Criterion]
    events: list[dict[str, Any]]
    minutes: int | None
    media: list[Shown]


def waiting_for(marker: User, *, at: datetime) -> QuerySet[MarkingTask]:
    """Return the written answers that wait for this marker: not done, not in other hands, not marked by them before."""
    own = HumanMark.objects.filter(task=OuterRef("pk"), marker=marker, withdrawn_at=None)
    free = Q(taken_by=None) | Q(taken_until__lte=at) | Q(taken_by=marker)
    found = tasks_for(marker, today=timezone.localdate(at)).filter(free, ~Exists(own), done_at=None)
    return found.filter(attempt_item__attempt__state=Attempt.State.MARKING)


def queues_of(marker: User, *, at: datetime) -> list[Queue]:
    """Return how far the marking of each question is, those that wait for this marker first."""
    path = "attempt_item__item_version"
    own = Q(marks__marker=marker, marks__withdrawn_at=None)
    counted = (
        tasks_for(marker, today=timezone.localdate(at))
        .order_by()
        .values_list(path)
        .annotate(
            total=Count("pk", distinct=True),
            done=Count("pk", filter=Q(done_at__isnull=False), distinct=True),
            own=Count("pk", filter=own, distinct=True),
        )
    )
    waits = dict(waiting_for(marker, at=at).order_by().values_list(path).annotate(n=Count("pk")))
    rows = list(counted)
    versions = ItemVersion.objects.select_related("item").in_bulk([row[0] for row in rows])
    queues = [Queue(versions[pk], total, done, mine, waits.get(pk, 0)) for pk, total, done, mine in rows]
    return sorted(queues, key=lambda queue: (-queue.waiting, queue.version.pk))


def latest_marks(marker: User, *, since: datetime) -> list[HumanMark]:
    """Return a marker's own marks since a moment, the last first."""
    found = HumanMark.objects.filter(marker=marker, withdrawn_at=None, given_at__gt=since)
    open_ones = found.filter(
        task__attempt_item__attempt__state=Attempt.State.MARKING,
        task__attempt_item__item_version__kind=ItemVersion.Kind.OPEN,
    )
    return list(open_ones.select_related("task__attempt_item__item_version__item").order_by("-given_at", "-pk"))


def answer_to_mark(marker: User, ref: str, *, at: datetime, given: Mapping[str, int] | None = None) -> AnswerToMark:
    """Return an answer with its guide. Raises MarkingTask.DoesNotExist for what the marker may not mark."""
    task = tasks_for(marker, today=timezone.localdate(at)).get(ref=ref)
    question = with_answers(AttemptItem.objects.filter(task=task)).select_related("item_version__item", "attempt").get()
    version = question.item_version
    marks = list(task.marks.filter(withdrawn_at=None))
    return AnswerToMark(
        ref=ref,
        version=version,
        text=str(question.answer or ""),
        language=question.attempt.language,
        criteria=criteria_of(version, given),
        model_answer=_texts(version.key.get("model_answer")),
        turn=len(marks) + 1,
        taken_until=task.taken_until,
        earlier=[_earlier(version, mark) for mark in marks] if len(marks) == 2 else [],
        waiting=waiting_for(marker, at=at).filter(attempt_item__item_version=version).count(),
        media=_media(version),
    )


def cards_waiting(observer: User, *, at: datetime) -> list[MarkingTask]:
    """Return the cards that nobody has observed, by exam and person."""
    found = cards_for(observer, today=timezone.localdate(at)).filter(done_at=None)
    related = ("attempt_item__attempt__person", "attempt_item__attempt__exam", "attempt_item__item_version__item")
    order = ("attempt_item__attempt__exam", "attempt_item__attempt__person__staff_number", "attempt_item__position")
    return list(found.select_related(*related).order_by(*order))


def card_to_observe(observer: User, ref: str, *, at: datetime, given: Mapping[str, int] | None = None) -> Card:
    """Return a card with its events and guide. Raises MarkingTask.DoesNotExist."""
    found = cards_for(observer, today=timezone.localdate(at))
    related = ("attempt_item__attempt__person", "attempt_item__attempt__exam", "attempt_item__item_version__item")
    task = found.select_related(*related).get(ref=ref)
    version = task.attempt_item.item_version
    events = [{**event, "text": _texts(event.get("text"))} for event in version.key.get("events") or []]
    return Card(
        task=task,
        version=version,
        person=task.attempt_item.attempt.person,
        criteria=criteria_of(version, given),
        events=sorted(events, key=lambda event: event.get("minute") or 0),
        minutes=version.details.get("minutes"),
        media=_media(version),
    )


def criteria_of(version: ItemVersion, given: Mapping[str, int] | None = None) -> list[Criterion]:
    """Return the lines of an item's marking guide."""
    rows = version.key.get("criteria") or []
    return [Criterion(row["id"], _texts(row.get("text")), row["points"], (given or {}).get(row["id"])) for row in rows]


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that people marked, as its owner reads it after the release: no question, no name of a marker."""

    position: int
    kind: str
    points: list[tuple[Criterion, float]]
    comments: list[str]


def judged_of(attempt: Attempt) -> list[Judged]:
    """Return what people gave the answers of an attempt."""
    tasks = MarkingTask.objects.filter(attempt_item__attempt=attempt).select_related("attempt_item__item_version")
    found = []
    for task in tasks.prefetch_related("marks").order_by("attempt_item__position"):
        marks = [mark for mark in task.marks.all() if mark.withdrawn_at is None]
        if not marks:
            continue
        points = rules.points_of([rules.Given(mark.points, mark.credit) for mark in marks])
        version, place = task.attempt_item.item_version, task.attempt_item.position
        rows = [(line, points[line.id]) for line in criteria_of(version) if line.id in points]
        comments = [mark.comment for mark in (marks[2:] or marks) if mark.comment]
        found.append(Judged(place, version.kind, rows, comments))
    return found


def _media(version: ItemVersion) -> list[Shown]:
    return [shown(one, get_language() or "") for one in version.media.select_related("file")]


def _earlier(version: ItemVersion, mark: HumanMark) -> Earlier:
    return Earlier([(line, mark.points[line.id]) for line in criteria_of(version)], mark.comment)


def _texts(value: object) -> Texts:
    """Return a text by language, also where it was written without one."""
    return value if isinstance(value, dict) else {"en": str(value)} if value else {}
