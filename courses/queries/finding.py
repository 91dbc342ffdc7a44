"""Where in a lesson something stands that was looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from courses.models import UnitVersion
from courses.words import words_in
from training.lib.finding import fold

from .learning import passages


@dataclass(frozen=True)
class Place:
    """A passage of a section, by its number in words; "" is the section itself."""

    section: int
    passage: str
    said: list[str]


def best_place(lesson: UnitVersion, words: Sequence[str], language: str) -> Place:
    """Return section, passage and what it says, of the place that has the most of the words, the earliest of such.

    What stands in the reader's language comes before what stands only in another.
    """
    places = [place for code in (language, settings.LANGUAGE_CODE, *lesson.sections) for place in _places(lesson, code)]
    return max(places, key=lambda place: sum(word in fold(" ".join(place.said)) for word in words))


def _places(lesson: UnitVersion, language: str) -> Iterator[Place]:
    for number, section in enumerate(lesson.sections.get(language, ()), start=1):
        yield Place(number, "", [section["title"]])
        for passage in passages(section):
            values = [passage.block["value"]] if passage.block else []
            yield Place(
                number, passage.place, [text for value in (*values, *passage.clauses) for text in words_in(value)]
            )
