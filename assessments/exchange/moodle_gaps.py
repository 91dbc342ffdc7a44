"""The embedded answers of a Moodle cloze: {1:SHORTANSWER:=right~%50%nearly#feedback}."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.rules import Line
from assessments.scoring.marking import ItemKind, as_number

from .building import Weighed, accepted, one_of, ranges
from .gift import bounds
from .losses import Losses
from .plain import spoken
from .report import Refused, Told

OPENING = re.compile(r"\{([0-9]{0,4}):([A-Z_]{2,20}):")
ESCAPABLE = '~}#\\"/=%'
STAND_INS = {sign: chr(0xFDD0 + index) for index, sign in enumerate(ESCAPABLE)}
BACK = str.maketrans({stand_in: sign for sign, stand_in in STAND_INS.items()})
SHORT = frozenset(["SHORTANSWER", "SA", "MW"])
SHORT_BY_CASE = frozenset(["SHORTANSWER_C", "SAC", "MWC"])
NUMBERS = frozenset(["NUMERICAL", "NM"])
CHOICE_NAMES = ("MULTICHOICE", "MC", "MULTICHOICE_S", "MCS", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH")
CHOICES = frozenset((*CHOICE_NAMES, "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"))


@dataclass(frozen=True, slots=True)
class Embedded:
    """One embedded answer: its weight, its type, its text with escapes hidden."""

    weight: int
    type: str
    body: str


def pieces(text: str) -> tuple[str, list[Embedded]]:
    """Return a stem with gaps [[1]], [[2]], ... and what was embedded at each. Raises Refused for one never closed."""
    hidden = _hidden(text)
    found: list[Embedded] = []
    words: list[str] = []
    at = 0
    while opening := OPENING.search(hidden, at):
        end = hidden.find("}", opening.end())
        if end < 0:
            raise Refused(Told.UNCLOSED)
        found.append(Embedded(int(opening[1] or 1), opening[2], hidden[opening.end() : end]))
        words.append(f"{_shown(hidden[at : opening.start()])}[[{len(found)}]]")
        at = end + 1
    return "".join([*words, _shown(hidden[at:])]), found


def gap(embedded: Embedded, ident: str, language: str, losses: Losses) -> tuple[Line, Any]:
    """Return the gap and its key. Raises Refused for a type that is no gap here."""
    if embedded.weight != 1:
        losses.tell(Told.POINTS, points=str(embedded.weight))
    answers = list(_answers(embedded.body, losses))
    if embedded.type in CHOICES:
        draft = one_of("", language, [Weighed(text, share) for text, share in answers], losses)
        return Line(ident, kind=ItemKind.SINGLE, options=draft.options), draft.key
    if embedded.type in NUMBERS:
        rows = [(*bounds(text), share) for text, share in answers if share > 0]
        return Line(ident, kind=ItemKind.NUMERIC), ranges(rows)
    if embedded.type in SHORT | SHORT_BY_CASE:
        key: dict[str, Any] = {"answers": accepted(answers)}
        return Line(ident, kind=ItemKind.SHORT_TEXT), {**key, "match_case": embedded.type in SHORT_BY_CASE}
    raise Refused(Told.GAP_KIND, kind=embedded.type)


def escaped(text: str) -> str:
    """Return an answer as it stands in an embedded question."""
    return "".join(f"\\{sign}" if sign in '~}#\\"/' else sign for sign in text)


def _answers(body: str, losses: Losses) -> Iterator[tuple[str, float]]:
    for piece in body.split("~"):
        answer, _mark, feedback = piece.strip().partition("#")
        if feedback.strip():
            losses.tell(Told.FEEDBACK, text=_shown(feedback).strip())
        share, text = 0.0, answer
        if answer.startswith("="):
            share, text = 1.0, answer[1:]
        elif answer.startswith("%"):
            number, closed, rest = answer[1:].partition("%")
            percent = as_number(number) if closed else None
            if percent is not None:
                share, text = float(percent) / 100, rest
        if text.strip():
            yield spoken(_shown(text), losses), share


def _hidden(text: str) -> str:
    first, *rest = text.split("\\")
    found = [first]
    skip = False
    for index, piece in enumerate(rest):
        if skip:
            skip = False
            continue
        if not piece and index + 1 < len(rest):
            found.append(STAND_INS["\\"] + rest[index + 1])
            skip = True
        else:
            found.append(STAND_INS[piece[0]] + piece[1:] if piece and piece[0] in STAND_INS else f"\\{piece}")
    return "".join(found)


def _shown(text: str) -> str:
    return text.translate(BACK)
