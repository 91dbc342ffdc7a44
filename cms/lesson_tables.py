"""Lessons as tables hold them (see cms/demo/content.py), as blocks of a page in one language."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .identity import stable_uid

Table = Mapping[str, Any]
# Words of a text that lead to a clause, which tables name by their own keys.
CITING = re.compile(r'<a linktype="clause" id="([\w-]+)/([\w-]+)">')
# What is read with what stands before it; everything else begins a section.
READ_ON = frozenset({"callout", "clause", "matter", "steps", "checklist", "figure"})


def clause_uid(policy: str, key: str) -> Any:
    """Return the identity of a clause of the tables."""
    return stable_uid("policy", policy, "clause", key)


def written_sections(tables: Sequence[Table], words: tuple[str, ...], key: str) -> list[dict[str, Any]]:
    """Return the blocks of a lesson, in the language a table calls `key`; `words` name the lesson."""
    sections: list[dict[str, Any]] = []
    for n, table in enumerate(tables):
        title = table.get("heading") or table.get("title")
        if table["type"] not in READ_ON or not sections:
            uid = stable_uid("section", *words, str(n))
            value = {"title": title[key] if title else "", "content": []}
            sections.append({"type": "section", "id": str(uid), "value": value})
        uid = stable_uid("block", *words, str(n))
        block = {"type": table["type"], "id": str(uid), "value": _content(table, key)}
        sections[-1]["value"]["content"].append(block)
    return sections


def _content(table: Table, key: str) -> Any:
    """Return a block's value; what is left names a matter."""
    written = WRITTEN.get(table["type"])
    return written(table, key) if written else table["matter"]


def _text(table: Table, key: str) -> str:
    return CITING.sub(_link, str(table["html"][key]).strip())


def _link(found: re.Match[str]) -> str:
    return f'<a linktype="clause" id="{found[1]}/{clause_uid(found[1], found[2])}">'


def _clause(table: Table, key: str) -> str:
    return f"{table['policy']}/{clause_uid(table['policy'], table['clause'])}"


def _change(table: Table, key: str) -> dict[str, Any]:
    return {"clause": _clause(table, key), "note": table["note"][key]}


def _figure(table: Table, key: str) -> dict[str, Any]:
    """Return a picture with its words; whoever builds the lesson says under `file` which one it is."""
    return {"file": str(table["file"]), "alt": table["alt"][key], "caption": table["caption"][key]}


def _accordion(table: Table, key: str) -> dict[str, Any]:
    return {"rows": [_headed(row, key) for row in table["rows"]]}


def _practice(table: Table, key: str) -> dict[str, Any]:
    facts = {"items": table.get("items", []), "competency": table.get("competency", "")}
    return facts | {"number": table.get("number", 3)}


def _headed(table: Table, key: str) -> dict[str, Any]:
    return {"heading": table["heading"][key], "text": _text(table, key)}


def _table(table: Table, key: str) -> dict[str, Any]:
    return {
        "columns": [{"type": "text", "heading": heading[key]} for heading in table["head"]],
        "rows": [{"values": [cell[key] for cell in row]} for row in table["rows"]],
        "caption": table["caption"][key],
    }


def _case(table: Table, key: str) -> dict[str, Any]:
    return {name: table[name][key] for name in ("title", "story", "question", "answer")}


def _branching(table: Table, key: str) -> dict[str, Any]:
    steps = [
        {
            "text": step["text"][key],
            "choices": [
                {"text": choice["text"][key], "outcome": choice["outcome"][key], "next": choice.get("next")}
                for choice in step["choices"]
            ],
        }
        for step in table["step"]
    ]
    return {"title": table["title"][key], "story": table["story"][key], "steps": steps}


def _document(table: Table, key: str) -> dict[str, Any]:
    fields = [
        {
            "name": row["name"][key],
            "value": row["value"][key] if "value" in row else "",
            "right": row["right"],
            "why": row["why"][key],
        }
        for row in table["fields"]
    ]
    return {"title": table["title"][key], "story": table["story"][key], "fields": fields}


WRITTEN: dict[str, Callable[[Table, str], Any]] = {
    "text": _text,
    "callout": _headed,
    "accordion": _accordion,
    "table": _table,
    "case": _case,
    "branching": _branching,
    "document": _document,
    "practice": _practice,
    "clause": _clause,
    "change": _change,
    "figure": _figure,
}
