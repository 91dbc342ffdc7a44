"""Finds questions that say nearly the same, in any language: by the pieces of three characters they share."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assessments.rules import ItemDraft
from assessments.scoring.marking import ItemKind

ALIKE = 0.7
"""The share of pieces from which two questions are called near-duplicates."""
SIZE = 3
MOST_PIECES = 400
COMMON = 400
"""A piece that so many questions have says nothing any more."""


def pieces(text: str) -> frozenset[str]:
    """Return the pieces of a text, whatever its case, width, blanks and punctuation."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    return frozenset(plain[at : at + SIZE] for at in range(max(1, min(len(plain) - SIZE + 1, MOST_PIECES))) if plain)


def words_of(draft: ItemDraft, language: str) -> str:
    """Return what a question asks in a language: stem, parts and options, but for true and false."""
    options = () if draft.kind is ItemKind.TRUE_FALSE else draft.options
    texts = [draft.stem, *(part.text for part in draft.parts), *(option.text for option in options)]
    return "\n".join(text[language] for text in texts if text.get(language))


@dataclass(frozen=True, slots=True)
class Alike:
    """A question nearly the same: its name, and how alike from 0 to 1."""

    name: str
    share: float


@dataclass
class Likeness:
    """The questions seen so far, in one language each."""

    sizes: dict[str, int] = field(default_factory=dict)
    having: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, text: str) -> None:
        found = pieces(text)
        if found:
            self.sizes[name] = len(found)
            for piece in found:
                self.having[piece].append(name)

    def nearest(self, text: str, without: str = "") -> Alike | None:
        """Return the question most like a text, if any is alike enough; `without` is the name of the text's own."""
        found = pieces(text)
        shared: Counter[str] = Counter()
        for piece in found:
            names = self.having.get(piece, ())
            if len(names) <= COMMON:
                shared.update(names)
        best = max(self._shares(shared, len(found), without), key=lambda alike: alike.share, default=None)
        return best if best and best.share >= ALIKE else None

    def _shares(self, shared: Mapping[str, int], size: int, without: str) -> Iterator[Alike]:
        for name, count in shared.items():
            if name != without:
                yield Alike(name, count / (size + self.sizes[name] - count))


def likeness_of(texts: Iterable[tuple[str, str]]) -> Likeness:
    """Return the likeness to texts by name."""
    found = Likeness()
    for name, text in texts:
        found.add(name, text)
    return found
