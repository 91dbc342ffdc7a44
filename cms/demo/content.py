"""Reads the demo's content: written in pairs {en, zh}, handed out by our language codes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@cache
def tables(name: str) -> dict[str, Any]:
    """Return one content file as it is written, by its name without ending, such as "policies"."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


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
