"""What counts as a change of a text told in several languages."""

from collections.abc import Collection, Mapping
from typing import Any


def in_one_language(value: Any, language: str, languages: Collection[str]) -> Any:
    """Return the JSON `value` with every mapping of texts by language replaced by its text in `language`.

    Two contents count as the same when they are equal in the source language: a translation is no change.
    """
    if isinstance(value, Mapping):
        if all(key in languages for key in value):
            return value.get(language, "")
        return {key: in_one_language(part, language, languages) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_one_language(part, language, languages) for part in value]
    return value


def still_translated(old: Mapping[str, str], source: str, text: str) -> dict[str, str]:
    """Return the texts of a fact whose source text is now `text`: a translation stays only of a text that stays."""
    return {**old, source: text} if old.get(source, "") == text else {source: text}
