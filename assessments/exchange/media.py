"""Pictures and recordings in files of questions: found by a name, marked in the text, then put where the text stood.

Pure: the bytes are only handed on. Whether they are what their name says is found out where they are kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from assessments.rules import ItemDraft, Medium, places_of
from assessments.rules.drafts import MOST_MEDIA, Texts

PICTURES = frozenset(["png", "jpg", "jpeg", "webp"])
SOUNDS = frozenset(["mp3", "ogg", "oga", "opus", "wav"])
PLUGIN_FILE = "@@PLUGINFILE@@/"
FILE_BASES = (PLUGIN_FILE, "$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/", "$CANVAS_COURSE_REFERENCE$/", "/")
MARK = re.compile("\ufde0([0-9]{1,3})\ufde1")

Source = Callable[[str], tuple[str, bytes] | None]
"""Finds what an address in a text means: its name and bytes."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file of questions brings: a name with its ending, bytes, the words to it."""

    name: str
    data: bytes
    text: str
    decorative: bool = False

    @property
    def is_picture(self) -> bool:
        return ending_of(self.name) in PICTURES


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].casefold()


def is_medium(name: str) -> bool:
    """Say whether a name has the ending of a picture or recording that can be kept."""
    return "." in name and ending_of(name) in PICTURES | SOUNDS


def bare(address: str) -> str:
    """Return the name an address in a text means: what stands for the folder of files and a query are left out."""
    for base in FILE_BASES:
        address = address.removeprefix(base)
    return unquote(address.partition("?")[0])


def marked(number: int) -> str:
    """Return what stands in a text for the medium of that number, from 0."""
    return f"\ufde0{number}\ufde1"


def placed(draft: ItemDraft, brought: list[Brought], language: str) -> tuple[ItemDraft, list[int]]:
    """Return the draft without marks and with its media where they stood, and the numbers of those that have no place.

    An option that was a picture alone is called by the words to the picture.
    """
    if not brought:
        return draft, []
    found: list[tuple[int, str]] = [(number, "") for number in _numbers(draft.stem)]
    options = [option.id for option in draft.options]
    places = set(places_of(draft.kind, options, [part.id for part in draft.parts]))
    for option in draft.options:
        found += [(number, f"o:{option.id}") for number in _numbers(option.text)]
    for part in draft.parts:
        inner = [number for option in part.options for number in _numbers(option.text)]
        found += [(number, f"p:{part.id}") for number in (*_numbers(part.text), *inner)]
    media, seen = list[Medium](), set[int]()
    for number, place in found:
        if number < len(brought) and number not in seen and len(media) < MOST_MEDIA:
            one = brought[number]
            text = {language: one.text} if one.text and not one.decorative else {}
            media.append(Medium(str(number), one.is_picture, text, place if place in places else "", one.decorative))
            seen.add(number)
    named = replace(draft, options=tuple(_named(option, brought, language) for option in draft.options))
    left = [number for number in range(len(brought)) if number not in seen]
    return replace(_unmarked(named), media=tuple(media)), left


def _named(option: Any, brought: list[Brought], language: str) -> Any:
    text = option.text.get(language, "")
    if MARK.sub("", text).strip() or not (numbers := _numbers(option.text)):
        return option
    words = next((brought[one].text for one in numbers if one < len(brought) and brought[one].text), "")
    return replace(option, text=option.text | {language: words or option.id.upper()})


def _numbers(texts: Texts) -> list[int]:
    return [int(number) for text in texts.values() for number in MARK.findall(text)]


def _unmarked(draft: ItemDraft) -> ItemDraft:
    return replace(
        draft,
        stem=_without(draft.stem),
        options=tuple(replace(one, text=_without(one.text)) for one in draft.options),
        parts=tuple(
            replace(
                part,
                text=_without(part.text),
                options=tuple(replace(one, text=_without(one.text)) for one in part.options),
            )
            for part in draft.parts
        ),
        rationale=_without(draft.rationale),
        key=_without(draft.key),
    )


def _without(value: Any) -> Any:
    """Return texts, keys and whatever stands in them without marks."""
    if isinstance(value, str):
        return (
            "\n".join(line.strip() for line in MARK.sub("", value).split("\n")).strip() if MARK.search(value) else value
        )
    if isinstance(value, dict):
        return {name: _without(one) for name, one in value.items()}
    return [_without(one) for one in value] if isinstance(value, list) else value
