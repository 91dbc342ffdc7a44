"""Which clause of a policy each clause of a new text goes on as: continued, split off, merged, or new."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .clause_rows import ClauseRow
from .marks import number_of

EQUAL_NUMBER, LIKE, CONTAINED = 0.25, 0.5, 0.6
WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+")
Pieces = frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A clause of the policy as it stands."""

    uid: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a clause comes from: the clause it goes on as ("" for none), and others whose words went into it."""

    continues: str = ""
    also: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return "continues", "split", "merged" or "new"."""
        if self.continues:
            return "merged" if self.also else "continues"
        return "merged" if len(self.also) > 1 else "split" if self.also else "new"


def origins(known: Sequence[Known], rows: Sequence[ClauseRow]) -> list[Origin]:
    """Return for each row where it comes from: by the same words, then number and likeness, then likeness alone.

    A clause nothing continues whose words stand mostly inside another was merged into it; a new one whose words stood
    mostly inside an old one was split off. Likeness is the share of pairs of words that both texts
    have; a Chinese sign counts as a word.
    """
    old = [_pieces(one.text) for one in known]
    new = [_pieces(row.text) for row in rows]
    pairs = dict(_matched(known, rows, old, new))
    taken = set(pairs.values())
    also: list[list[str]] = [[] for _row in rows]
    for place, pieces in enumerate(new):
        if place not in pairs and (best := _holder(pieces, old)) is not None:
            also[place].append(known[best].uid)
    for place, pieces in enumerate(old):
        if place not in taken and (best := _holder(pieces, new)) is not None and best in pairs:
            also[best].append(known[place].uid)
    return [Origin(known[pairs[n]].uid if n in pairs else "", tuple(also[n])) for n in range(len(rows))]


def places(known: Sequence[Known], rows: Sequence[ClauseRow]) -> list[Origin]:
    """Return for each row of a translation the clause it says in another language: by its number, else by its place.

    What has no fellow of its number is paired in order, as far as both sides have as many.
    """
    numbers = {number_of(one.label): one.uid for one in reversed(known) if number_of(one.label) is not None}
    found: dict[int, str] = {}
    for place, row in enumerate(rows):
        uid = numbers.pop(number_of(row.label), None) if number_of(row.label) is not None else None
        if uid is not None:
            found[place] = uid
    left = [one.uid for one in known if one.uid not in found.values()]
    open_rows = [place for place in range(len(rows)) if place not in found]
    if len(left) == len(open_rows):
        found.update(zip(open_rows, left, strict=True))
    return [Origin(found.get(place, "")) for place in range(len(rows))]


def _matched(
    known: Sequence[Known], rows: Sequence[ClauseRow], old: Sequence[Pieces], new: Sequence[Pieces]
) -> Iterator[tuple[int, int]]:
    """Yield pairs (row, clause), each once."""
    left_old, left_new = set(range(len(known))), set(range(len(rows)))
    for wanted in (
        lambda n, k: _squeezed(known[k].text) == _squeezed(rows[n].text) != "",
        lambda n, k: (
            number_of(rows[n].label) == number_of(known[k].label) is not None and _alike(new[n], old[k]) >= EQUAL_NUMBER
        ),
    ):
        for n in sorted(left_new):
            k = next((k for k in sorted(left_old) if wanted(n, k)), None)
            if k is not None:
                left_old.discard(k)
                left_new.discard(n)
                yield n, k
    scored = [(_alike(new[n], old[k]), n, k) for n in left_new for k in left_old]
    for score, n, k in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if score >= LIKE and n in left_new and k in left_old:
            left_old.discard(k)
            left_new.discard(n)
            yield n, k


def _holder(pieces: Pieces, among: Sequence[Pieces]) -> int | None:
    """Return which of the texts holds most of these words, if one holds enough."""
    if not pieces:
        return None
    share, place = max(((len(pieces & one) / len(pieces), -n) for n, one in enumerate(among)), default=(0.0, 0))
    return -place if share >= CONTAINED else None


def _pieces(text: str) -> Pieces:
    """Return the pairs of words that follow each other; a Chinese sign counts as a word."""
    tokens = WORD.findall(text.lower())
    return frozenset(f"{one} {other}" for one, other in pairwise(tokens)) or frozenset(tokens)


def _alike(one: Pieces, other: Pieces) -> float:
    """Return how far two texts have the same words in the same order, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()
