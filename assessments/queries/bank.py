"""Items for those who look after them: the list with its filters, one item, what a bank has and lacks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from assessments.models import (
    AttemptItem,
    Bank,
    BlueprintRow,
    Exam,
    Item,
    ItemCitation,
    ItemReview,
    ItemVersion,
    ItemWriter,
)
from assessments.rules import plain
from training.competencies.models import LEVELS, Competency
from training.people.models import User

from .history import stale_citation

PLAIN = {
    "bank": "item__bank__code",
    "competency": "item__competency__code",
    "state": "item__state",
    "kind": "kind",
    "level": "level",
}
HEAVY = ("options", "parts", "details", "key", "rationale", "words")  # what a list of items does not show


@dataclass(frozen=True, slots=True)
class Lack:
    """A row of an exam's blueprint that the bank cannot fill: so many are needed, so many are live."""

    exam: Any
    competency: Competency
    level: int | None
    kind: str
    needs: int
    has: int


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """The items of a bank on one competency: live and all, by level; live ones by kind."""

    competency: Competency
    levels: list[tuple[int, int, int]]
    kinds: list[tuple[str, int]]

    @property
    def live(self) -> int:
        return sum(live for _level, live, _all in self.levels)


def bank_items(filters: Mapping[str, Any], *, viewer: User) -> QuerySet[ItemVersion]:
    """Return the newest version of each item that fits, with its item, bank and competency.

    `filters`: bank, competency, state, kind, level; `q`: words that all stand in the texts or the code; `missing`: a
    language it has no text in; `on`: a day it is valid on; `show`: "review" (waits for the viewer), "back" (sent back
    to the viewer), "stale" (rests on a clause that reads differently now), "unused" (no paper ever had it).
    """
    versions = (
        ItemVersion.objects.newest()
        .select_related("item__bank", "item__competency")
        .defer(*HEAVY)
        .order_by("item__bank__code", "item__code")
    )
    versions = versions.filter(**{PLAIN[name]: filters[name] for name in PLAIN if filters.get(name)})
    for word in plain(str(filters.get("q") or "")).split():
        versions = versions.filter(Q(words__contains=word) | Q(item__code__icontains=word))
    if missing := filters.get("missing"):
        versions = versions.exclude(stem__has_key=missing)
    if (on := filters.get("on")) and isinstance(on, date):
        versions = versions.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on)
        )
    return _shown(versions, str(filters.get("show") or ""), viewer)


def by_state(versions: QuerySet[ItemVersion]) -> dict[str, int]:
    """Return how many of these are in each state, those without any included."""
    counted = Counter(dict(versions.order_by().values_list("item__state").annotate(n=Count("pk"))))
    return {state: counted[state] for state in Item.State.values}


def to_review(viewer: User) -> QuerySet[ItemVersion]:
    """Return the versions that wait for a review and that the viewer may give it to."""
    waiting = ItemVersion.objects.newest().filter(asked_at__isnull=False).exclude(item__state=Item.State.RETIRED)
    wrote = ItemWriter.objects.filter(item_version=OuterRef("pk"), person=viewer)
    return waiting.exclude(item__author=viewer).exclude(written_by=viewer).filter(~Exists(wrote))


def sent_back(viewer: User) -> QuerySet[ItemVersion]:
    """Return the newest versions of the viewer's that were sent back and neither changed nor asked about since."""
    back = ItemReview.objects.filter(item_version=OuterRef("pk"), approved=False, edits=OuterRef("edits"))
    drafts = ItemVersion.objects.newest().filter(asked_at=None, approved_at=None, written_by=viewer)
    return drafts.filter(Exists(back)).exclude(item__state=Item.State.RETIRED)


def item_preview(bank: str, code: str) -> ItemVersion:
    """Return the newest version of an item with all that is shown about it. Raises ItemVersion.DoesNotExist."""
    return item_versions(bank, code).latest("number")


def item_versions(bank: str, code: str) -> QuerySet[ItemVersion]:
    """Return the versions of an item with all that is shown about them."""
    versions = ItemVersion.objects.select_related(
        "item__bank", "item__competency", "item__author", "item__reviewer", "written_by", "approved_by"
    ).prefetch_related("citations__clause_version__clause__policy", "media__file", "writers", "reviews__reviewer")
    return versions.filter(item__bank__code=bank, item__code=code).order_by("number")


def banks() -> QuerySet[Bank]:
    """Return the banks with how many items they have, how many of them are live and how many wait for a review."""
    waits = Q(items__versions__asked_at__isnull=False)
    return Bank.objects.order_by("code").annotate(
        total=Count("items", distinct=True, filter=~Q(items__state=Item.State.RETIRED)),
        live=Count("items", distinct=True, filter=Q(items__state=Item.State.LIVE)),
        waiting=Count("items", distinct=True, filter=waits),
    )


def coverage(bank: Bank) -> list[CoverageLine]:
    """Return what a bank has on each competency that it has items on, retired ones left out."""
    rows = (
        ItemVersion.objects.newest()
        .filter(item__bank=bank)
        .exclude(item__state=Item.State.RETIRED)
        .values_list("item__competency", "level", "kind", "item__state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    everything: Counter[tuple[int, int]] = Counter()
    live: Counter[tuple[int, int]] = Counter()
    kinds: Counter[tuple[int, str]] = Counter()
    for competency, level, kind, state, n in rows:
        everything[competency, level] += n
        if state == Item.State.LIVE:
            live[competency, level] += n
            kinds[competency, kind] += n
    found = Competency.objects.filter(pk__in={competency for competency, _level in everything}).order_by("position")
    return [
        CoverageLine(
            one,
            [(level, live[one.pk, level], everything[one.pk, level]) for level, _name in LEVELS],
            [(kind, kinds[one.pk, kind]) for kind in ItemVersion.Kind.values if kinds[one.pk, kind]],
        )
        for one in found
    ]


def lacks(bank: Bank, on: date) -> list[Lack]:
    """Return the rows that papers are drawn by and that this bank cannot fill with items live and valid on a day."""
    live = Counter(
        ItemVersion.objects.in_use()
        .filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_until=None) | Q(valid_until__gte=on),
            item__bank=bank,
            item__state=Item.State.LIVE,
        )
        .values_list("item__competency", "level", "kind")
    )
    found = []
    drawn = BlueprintRow.objects.exclude(part__exam__mode=Exam.Mode.FIXED)
    rows = drawn.filter(part__exam__bank=bank).select_related("part__exam", "competency")
    for row in rows.order_by("part__exam__code", "part__number", "pk"):
        has = sum(
            n
            for (competency, level, kind), n in live.items()
            if competency == row.competency_id and row.level in (None, level) and row.kind in ("", kind)
        )
        if has < row.count:
            found.append(Lack(row.part.exam, row.competency, row.level, row.kind, row.count, has))
    return found


def _shown(versions: QuerySet[ItemVersion], show: str, viewer: User) -> QuerySet[ItemVersion]:
    if show == "review":
        return versions.filter(pk__in=to_review(viewer).values("pk"))
    if show == "back":
        return versions.filter(pk__in=sent_back(viewer).values("pk"))
    if show == "stale":
        rests = ItemCitation.objects.filter(stale_citation("clause_version__"), item_version=OuterRef("pk"))
        return versions.filter(Exists(rests))
    if show == "unused":
        return versions.filter(~Exists(AttemptItem.objects.filter(item_version__item=OuterRef("item"))))
    return versions
