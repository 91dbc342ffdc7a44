"""By which key a version is marked now, and whether it counts: what regrades in force say beside the version itself."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from assessments.models import ItemVersion, Regrade

KEY, VOID = Regrade.Cause.KEY, Regrade.Cause.VOID


@dataclass(frozen=True, slots=True)
class Rulings:
    """What is in force for some versions: corrected keys by version, and void (version, exam) pairs; None: any exam."""

    keys: dict[int, Any]
    void: frozenset[tuple[int, int | None]]

    def key_of(self, version: ItemVersion) -> Any:
        """Return the key the version is marked by."""
        return self.keys.get(version.pk, version.key)

    def keyed(self, version: ItemVersion) -> ItemVersion:
        """Return the version as it is marked now: itself, or a copy with the corrected key, never to be saved."""
        if version.pk not in self.keys:
            return version
        marked = copy(version)
        marked.key = self.keys[version.pk]
        return marked

    def is_void(self, version: int, exam: int) -> bool:
        """Say whether the version counts for nobody who sits the exam."""
        return (version, None) in self.void or (version, exam) in self.void


def rulings_on(versions: Iterable[int], *, without: Regrade | None = None) -> Rulings:
    """Return what regrades in force say of these versions; of two corrected keys the one approved last counts."""
    found = Regrade.objects.in_force().filter(item_version__in=list(versions), cause__in=(KEY, VOID))
    if without is not None:
        found = found.exclude(pk=without.pk)
    keys: dict[int, Any] = {}
    void: set[tuple[int, int | None]] = set()
    rows = found.order_by("decided_at", "pk").values_list("item_version", "exam", "cause", "key_from__key")
    for version, exam, cause, key in rows:
        if cause == KEY:
            keys[version] = key
        else:
            void.add((version, exam))
    return Rulings(keys, frozenset(void))


def key_candidates(version: ItemVersion) -> list[ItemVersion]:
    """Return the approved versions of the item that read the same and have another key, the newest first."""
    others = ItemVersion.objects.filter(item=version.item_id, kind=version.kind, approved_at__isnull=False)
    return [
        other
        for other in others.exclude(pk=version.pk).select_related("approved_by", "written_by").order_by("-number")
        if reads_the_same(version, other) and other.key != version.key
    ]


def reads_the_same(one: ItemVersion, other: ItemVersion) -> bool:
    """Say whether a candidate reads the same question in both, so that answers to one are answers to the other."""
    names = ("kind", "stem", "options", "parts", "details")
    return all(getattr(one, name) == getattr(other, name) for name in names) and _media_of(one) == _media_of(other)


def _media_of(version: ItemVersion) -> list[tuple[Any, ...]]:
    return list(version.media.order_by("position").values_list("file", "place", "text", "decorative"))


def later_regrades(regrade: Regrade) -> bool:
    """Say whether another regrade of the same version came after this one and stands."""
    later = Q(decided_at__gt=regrade.decided_at) | Q(decided_at=regrade.decided_at, pk__gt=regrade.pk)
    same = Regrade.objects.in_force().exclude(cause=Regrade.Cause.UNDO)
    return same.filter(later, item_version=regrade.item_version_id).exists()
