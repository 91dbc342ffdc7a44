"""Reads the demo's content: written in pairs {en, zh}, handed out by our language codes.

policies/: `key` is a clause's stable slug; its label may change, the key never. `effective_days_ago` counts back from
the demo's day. `later` is a version published and not in force yet: the clauses it changes, each with its `grade`.

matters/: days are working days; `kind`, `online_depth` and a material's `form` and `need` use the values of the models.

courses/: a lesson is an ordered list of sections, each of one type: text {heading, html}, callout {heading, html},
case {title, story, question, answer}, clause {policy, clause}, matter, steps or checklist {matter}, accordion {heading,
rows of {heading, html}}, table {heading, caption, head, rows}, branching {title, story, step of {text, choices of
{text, outcome, next}}}, document {title, story, fields of {name, value, right, why}}, practice {heading, items or
competency, number}. The html uses p, ul, ol, li and strong.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@cache
def tables(name: str) -> dict[str, Any]:
    """Return the content of a name as it is written: of its file, or of all files in its folder, by their names.

    What several files of a folder hold under the same word is one list, in the order of the files.
    """
    folder = FOLDER / name
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else [FOLDER / f"{name}.toml"]
    whole: dict[str, Any] = {}
    for path in paths:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        whole |= {key: [*whole[key], *value] if key in whole else value for key, value in content.items()}
    return whole


@cache
def load(name: str) -> dict[str, Any]:
    """Return one content file with every pair as a mapping from our language codes to text."""
    return _translated(tables(name))


def _translated(value: Any) -> Any:
    """Give every {en, zh} pair below `value` its language codes."""
    if isinstance(value, dict):
        if value.keys() == LANGUAGES.keys():
            return {code: value[short] for short, code in LANGUAGES.items()}
        return {key: _translated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_translated(one) for one in value]
    return value
