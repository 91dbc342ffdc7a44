"""Texts found by what stands in them: kept folded beside the texts, looked for folded, shown as they are.

Folding makes alike what people do not tell apart: full and half width, letters large and small, white space (NFKC, case
folding). A database only has to find one string in another, so both kinds of database find the same, and characters
inside a sentence as well as words.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST_CHARACTERS, MOST_WORDS = 100, 8
AROUND = 60
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def fold(text: str) -> str:
    """Return the text as it is looked for."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words_of(query: str) -> list[str]:
    """Return what a query looks for, each to be found by itself; one character is enough."""
    return list(dict.fromkeys(fold(query[:MOST_CHARACTERS]).split()))[:MOST_WORDS]


def having(words: Sequence[str], column: str = "folded") -> Q:
    """Return the condition that a folded column has all the words."""
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__contains": word})
    return found


def texts_of(value: Any, language: str | None = None) -> Iterator[str]:
    """Yield the texts in frozen content, in one language or all, and official codes; other values are no texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        if value and value.keys() <= LANGUAGES:
            yield from (text for code, text in value.items() if text and language in (None, code))
            return
        for key, part in value.items():
            if not isinstance(part, str) or key.endswith("_code"):
                yield from texts_of(part, language)
    elif isinstance(value, list | tuple):
        for part in value:
            if not isinstance(part, str):
                yield from texts_of(part, language)


class FoldedField(models.TextField):
    """The texts of other fields of the row, folded, a line for each; written whenever the row is saved with it."""

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**{**kwargs, "editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, self.sources, kwargs

    def texts(self, model_instance: models.Model) -> Iterator[str]:
        """Yield what is found of the row."""
        for name in self.sources:
            yield from texts_of(getattr(model_instance, name))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django calls it so
        folded = "\n".join(filter(None, map(fold, self.texts(model_instance))))
        setattr(model_instance, self.attname, folded)
        return folded


@dataclass(frozen=True)
class Part:
    """A piece of a text; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool = False


def marked(text: str, words: Sequence[str]) -> list[Part]:
    """Return the text in pieces, with what was looked for marked, however it is written there."""
    folded, origin = _with_origin(text)
    hits = [False] * len(text)
    for word in words:
        place = folded.find(word)
        while place >= 0:
            first, last = origin[place], origin[place + len(word) - 1]
            hits[first : last + 1] = [True] * (last + 1 - first)
            place = folded.find(word, place + len(word))
    parts: list[Part] = []
    for letter, is_hit in zip(text, hits, strict=True):
        if parts and parts[-1].is_hit == is_hit:
            parts[-1] = Part(parts[-1].text + letter, is_hit)
        else:
            parts.append(Part(letter, is_hit))
    return parts


def excerpt(texts: Sequence[str], words: Sequence[str], around: int = AROUND) -> list[Part]:
    """Return what stands round the first hit in the texts, marked; the beginning of the first where there is none."""
    for text in texts:
        flat = " ".join(text.split())
        folded, origin = _with_origin(flat)
        places = [place for word in words if (place := folded.find(word)) >= 0]
        if places:
            hit = origin[min(places)]
            first, last = max(0, hit - around), min(len(flat), hit + 2 * around)
            shown = flat[first:last]
            return marked(("…" if first else "") + shown + ("…" if last < len(flat) else ""), words)
    start = " ".join(texts[0].split()) if texts else ""
    return [Part(start if len(start) <= 3 * around else start[: 3 * around] + "…")] if start else []


def _with_origin(text: str) -> tuple[str, list[int]]:
    """Return the text folded letter by letter, and for each letter of that the place it comes from."""
    folded, origin = [], []
    for place, letter in enumerate(text):
        for one in " " if letter.isspace() else unicodedata.normalize("NFKC", letter).casefold():
            folded.append(one)
            origin.append(place)
    return "".join(folded), origin
