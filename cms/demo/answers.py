"""Answers as people of the demo give them: the right one, or a plausible wrong one."""

import random
from collections.abc import Sequence
from typing import Any

from assessments.models import AttemptItem, ItemVersion
from assessments.scoring.marking import SOUND, Answer, Seen

Kind = ItemVersion.Kind


def given(question: AttemptItem, *, right: bool, chance: random.Random) -> Seen:
    """Return an answer to a question as its candidate's screen sends it."""
    version = question.item_version
    if not version.parts:
        options = list(question.option_order)
        return question.as_seen(_simple(version.kind, options, version.key, right=right, chance=chance))
    wrong = None if right else chance.choice(version.parts)["id"]
    return question.as_seen(
        {part["id"]: _part(version, part, right=part["id"] != wrong, chance=chance) for part in version.parts}
    )


def _part(version: ItemVersion, part: dict[str, Any], *, right: bool, chance: random.Random) -> Answer:
    key = version.key[part["id"]]
    if part.get("kind"):
        options = [option["id"] for option in part.get("options") or []]
        return _simple(part["kind"], options, key, right=right, chance=chance)
    if right:
        return key
    others = [option["id"] for option in version.options if option["id"] != key]
    return chance.choice([*others, SOUND] if version.kind == Kind.DOCUMENTS and key != SOUND else others)


def _simple(kind: str, options: Sequence[str], key: Any, *, right: bool, chance: random.Random) -> Answer:
    if kind == Kind.NUMERIC:
        number = int(key["answers"][0]["low"])
        return str(number if right else number + chance.randint(1, 5))
    if kind == Kind.SHORT_TEXT:
        return key["answers"][0]["text"].replace("*", "") if right else "受理通知书"
    if kind == Kind.ORDERING:
        answer = list(key)
        while not right and answer == list(key):
            chance.shuffle(answer)
        return answer
    if kind == Kind.MULTIPLE:
        answer = list(key) if right else chance.sample(list(options), k=chance.randint(1, len(options) - 1))
        if not right and set(answer) == set(key):
            answer = answer[1:] or [next(option for option in options if option not in key)]
        return answer
    return key[0] if right else chance.choice([option for option in options if option not in key])
