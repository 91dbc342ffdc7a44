"""What the frozen sections of a lesson say, as it is looked for, and which clauses they cite; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

# What a frozen block says: the names under which its words stand. Codes, days, files and questions stand under others.
WORDS = frozenset({
    "html", "heading", "caption", "head", "rows", "title", "story", "question", "answer", "text", "outcome", "name",
    "value", "why", "policy_title", "label", "note", "alt", "transcript", "department", "fee", "result",
    "conditions", "source", "acceptance", "criteria", "role",
})  # fmt: skip
BETWEEN = re.compile(r"<(?:/?(?:p|li|ul|ol|h\d|div|tr|td)|[bh]r)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")


def words_in(value: Any, name: str = "") -> Iterator[str]:
    """Yield the texts a reader sees of a frozen block's value, without their marks of form."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from words_in(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from words_in(part, name)
    elif name in WORDS and isinstance(value, str) and value:
        yield unescape(TAG.sub("", BETWEEN.sub("\n", value))) if name == "html" else value


def words_of_section(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield the title of a frozen section and all that its blocks say."""
    yield section["title"]
    for block in section["blocks"]:
        yield from words_in(block["value"])


def cited_in(sections: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    """Yield the keys of the clause versions that sections show or lead to, in blocks or in running text."""
    for section in sections:
        for block in section["blocks"]:
            value = block["value"]
            if "clause_version" in value:
                yield value["clause_version"]
            # the rows of an accordion; those of a table are lists
            parts = [value, *(row for row in value.get("rows", ()) if isinstance(row, dict))]
            for part in parts:
                yield from (clause["clause_version"] for clause in part.get("clauses", ()))
