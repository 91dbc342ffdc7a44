"""Every action that the code records can be read as a sentence in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from training.operations.sentences import SENTENCES, sentence_of

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[a-z]+\.[a-z_]+")
RECORDERS = {"record", "record_reading", "Event", "keep_reading", "_record", "_freeze"}
# Handed on under another name: the first half of two actions each.
STEMS = {"matters.matter", "matters.bundle"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for package in ("training", "assessments", "courses", "mentors", "cms"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def recorded() -> dict[str, str]:
    """Return every action of the code as an expression, with where it stands."""
    found = {}
    for place, call in calls():
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        actions = [word.value for word in call.keywords if word.arg == "action"]
        actions += call.args if name in RECORDERS else []
        for action in actions:
            for expression in expressions(action):
                found[expression] = place
    return found


def expressions(node: ast.expr) -> Iterator[str]:
    """Yield a name of an action; where a part is put in, anything may stand."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
        yield re.escape(node.value)
    if isinstance(node, ast.IfExp):
        yield from expressions(node.body)
        yield from expressions(node.orelse)
    if isinstance(node, ast.JoinedStr):
        pattern = "".join(
            re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z_]+" for part in node.values
        )
        if re.match(r"[a-z]+\\\.", pattern):
            yield pattern


def test_the_actions_are_found_in_the_code() -> None:
    found = recorded()
    assert len(found) > 50
    assert {re.escape(name) for name in ("people.moved", "people.changed", "certificates.revoked")} <= found.keys()
    assert "mentors\\.case_[a-z_]+" in found


def test_every_action_has_a_sentence() -> None:
    stems = {re.escape(stem): f"{re.escape(stem)}_(published|translated)" for stem in STEMS}
    silent = {
        place: action
        for action, place in recorded().items()
        if not any(re.fullmatch(stems.get(action, action), name) for name in SENTENCES)
    }
    assert silent == {}, "give the action a sentence in training/operations/sentences.py"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_can_be_said(language: str) -> None:
    with translation.override(language):
        said = {name: sentence_of(name, actor="Sun Lei", person="Wu Jing", subject="{x} 5 %") for name in SENTENCES}
    assert all("Sun Lei" in text or "Wu Jing" in text for text in said.values())
    assert not [text for text in said.values() if "{actor}" in text or "{person}" in text or "{subject}" in text]


def test_an_action_nobody_knows_is_shown_by_its_name() -> None:
    assert (
        sentence_of("people.danced", actor="Sun Lei", person="Wu Jing", subject="")
        == "people.danced: Sun Lei → Wu Jing"
    )
