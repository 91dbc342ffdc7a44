"""A marking guide as lines of text: "[3] states the rule", then, after them, the model answer."""

from typing import Any

from .building import guide
from .canonical import cleaned
from .losses import Losses
from .report import Told
from .writing import Carrier

MOST_LINES = 60


def guide_text(carrier: Carrier) -> str:
    """Return the guide of an open answer in the carrier's language."""
    lines = []
    for row in carrier.key["criteria"]:
        text = carrier.text(row.get("text") or {})
        if "\n" in text:
            carrier.tell(Told.SPACES)
        lines.append(f"[{row['points']}] {' '.join(text.split(chr(10)))}")
    model = carrier.key.get("model_answer")
    return "\n".join([*lines, *([carrier.text(model)] if model else [])])


def read_guide(text: str, language: str, losses: Losses) -> dict[str, Any]:
    """Return the key of an open answer from what a file says for its markers, which may be nothing."""
    lines = text.strip().split("\n")
    criteria: list[dict[str, object]] = []
    while lines and len(criteria) < MOST_LINES and (found := criterion(lines[0])):
        criteria.append({"id": str(len(criteria) + 1), "text": {language: found[1]}, "points": found[0]})
        lines.pop(0)
    key: dict[str, Any] = {"criteria": criteria} if criteria else guide(language, losses)
    if model := cleaned({language: "\n".join(lines)}):
        key["model_answer"] = model
    return key


def criterion(line: str) -> tuple[int, str] | None:
    """Return points and words of "[3] words"."""
    number, closed, text = line.strip().removeprefix("[").partition("]")
    is_points = line.strip().startswith("[") and closed and number.isascii() and number.isdigit() and len(number) <= 3
    return (int(number), text.strip()) if is_points and text.strip() else None
