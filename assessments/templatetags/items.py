"""How the form of an item and its history are drawn."""

from collections.abc import Mapping
from typing import Any

from django import template

from assessments.forms.sheets import LANGUAGES
from assessments.scoring.marking import SOUND

register = template.Library()


@register.filter
def boxes(texts: Mapping[str, str], name: str) -> list[tuple[str, str, str]]:
    """Return the boxes of a text: language, name, what stands in it."""
    return [(code, f"{name}-{code}", texts.get(code, "")) for code in LANGUAGES]


@register.filter
def letter(index: int) -> str:
    """Return the letter that stands for the place of an option, counted from 0."""
    return chr(ord("A") + index) if 0 <= index < 26 else str(index + 1)


@register.filter
def is_sound(pick: str) -> bool:
    """Say whether a document is said to be in order."""
    return pick == SOUND


@register.filter
def of(mapping: Mapping[str, Any], key: str) -> Any:
    """Return what a mapping has under a key, or nothing."""
    return mapping.get(key, "")
