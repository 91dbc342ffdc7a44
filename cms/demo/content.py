"""Reads the demo's content; every text becomes a mapping from language code to text."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@cache
def load(name: str) -> dict[str, Any]:
    """Return one content file by its name without ending, such as "policies"."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return _translated(tomllib.load(file))


def _translated(value: Any) -> Any:
    """Give every {en, zh} pair below `value` its language codes."""
    if isinstance(value, dict):
        if value.keys() == LANGUAGES.keys():
            return {code: value[short] for short, code in LANGUAGES.items()}
        return {key: _translated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_translated(one) for one in value]
    return value
