"""Keys as a cell says them: "AB", "对", "CABD", "1-A 2-B", "5 | 4..6 (50%)", "居住证 | 暂住证 (50%)"."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.rules import Line
from assessments.scoring.marking import SOUND, ItemKind, as_number

from .building import Weighed, accepted, one_of, ranges
from .canonical import letter
from .gift import bounds
from .losses import Losses
from .report import Refused, Told
from .sheet_columns import cut_cell, escape_cell, join_cell, split_cell
from .text_lines import letters_of, plain
from .writing import Carrier, percent

SOUND_WORDS = ("无误", "合格", "sound", "ok")
NUMBER_SIGN = "#"
RIGHT_SIGN = "*"


def letters(text: str, count: int) -> list[str]:
    """Return the ids of the options a cell names. Raises Refused for another text or an option that is not there."""
    found = letters_of(text)
    if found is None:
        raise Refused(Told.ANSWER_UNREADABLE, answer=text)
    ids = [one.lower() for one in found]
    if strange := next((one for one in ids if ord(one) - ord("a") >= count), None):
        raise Refused(Told.NOT_AN_OPTION, answer=strange.upper())
    if len(set(ids)) < len(ids):
        raise Refused(Told.ANSWER_UNREADABLE, answer=text)
    return ids


def words_key(text: str) -> dict[str, Any]:
    """Return the key of words: right answers between |, each with its share in brackets if it is not the whole."""
    return {"answers": accepted([_with_share(piece) for piece in cut_cell(text, "|") if piece.strip()])}


def number_key(text: str) -> dict[str, Any]:
    """Return the key of a number: "5", "4..6", "5±0.5", several between |."""
    rows = []
    for piece in cut_cell(plain(text), "|"):
        number, share = _with_share(piece)
        span = number.replace("±", ":").replace("~", "..").replace("～", "..")
        rows.append((*bounds(span), share))
    return ranges(rows)


def _with_share(piece: str) -> tuple[str, float]:
    """Return an answer and its share: "暂住证 (50%)"."""
    text, share = piece.strip(), 1.0
    if plain(text).endswith("%)"):
        start = max(text.rfind("("), text.rfind("（"))
        number = as_number(plain(text)[start + 1 : -2]) if start > 0 and text[start - 1] != "\\" else None
        if number is not None:
            text, share = text[:start].rstrip(), float(number) / 100
    return split_cell(text, "\0")[0].strip(), share


def words_cell(rows: Sequence[Mapping[str, Any]]) -> str:
    return join_cell([escape_cell(row["text"]) + _share(row["credit"]) for row in rows])


def number_cell(rows: Sequence[Mapping[str, Any]]) -> str:
    spans = (row["low"] if row["low"] == row["high"] else f"{row['low']}..{row['high']}" for row in rows)
    return join_cell([span + _share(row["credit"]) for span, row in zip(spans, rows, strict=True)])


def _share(credit: float) -> str:
    return "" if credit == 1 else f" ({percent(credit)}%)"


def pairs_key(text: str, lines: int, options: int) -> dict[str, str]:
    """Return the key of lines: "1-A 2-B", where a document nothing is wrong with says 无误."""
    view = plain(text)
    for word in SOUND_WORDS:
        view = view.replace(word, "!")
    found: dict[str, str] = {}
    for piece in view.replace(",", " ").replace(";", " ").replace("、", " ").replace("；", " ").split():
        number = "".join(sign for sign in piece if sign in "0123456789")
        to = piece.lstrip("0123456789").lstrip("-—:：.")
        if not number or number in found or int(number) > lines or len(number) > 2:
            raise Refused(Told.ANSWER_UNREADABLE, answer=text)
        found[number] = SOUND if to == "!" else letters(to, options)[0]
    if len(found) != lines:
        raise Refused(Told.ANSWER_UNREADABLE, answer=text)
    return found


def pairs_cell(key: Mapping[str, str], kind: ItemKind) -> str:
    pairs = [f"{line}-{SOUND_WORDS[0] if to == SOUND else to.upper()}" for line, to in key.items()]
    assert kind in (ItemKind.MATCHING, ItemKind.DOCUMENTS)
    return " ".join(pairs)


def gap_of(ident: str, text: str, language: str, losses: Losses) -> tuple[Line, Any]:
    """Return a gap and its key: "居住证 | 暂住证", "#5", or a list to choose from with * behind what is right."""
    said = text.strip()
    if said.startswith(NUMBER_SIGN):
        return Line(ident, kind=ItemKind.NUMERIC), number_key(said[1:])
    pieces = [piece.strip() for piece in cut_cell(said, "|")]
    marked = [_is_marked(piece) for piece in pieces]
    if not any(marked):
        return Line(ident, kind=ItemKind.SHORT_TEXT), words_key(said)
    texts = [
        split_cell(piece[:-1] if is_right else piece, "\0")[0].strip()
        for piece, is_right in zip(pieces, marked, strict=True)
    ]
    weighed = [Weighed(one, float(is_right)) for one, is_right in zip(texts, marked, strict=True)]
    draft = one_of("", language, weighed, losses)
    return Line(ident, kind=ItemKind.SINGLE, options=draft.options), draft.key


def _is_marked(piece: str) -> bool:
    """Say whether a piece ends with a sign of its own and not with an escaped one."""
    slashes = len(piece) - 1 - len(piece[:-1].rstrip("\\"))
    return piece.endswith(RIGHT_SIGN) and slashes % 2 == 0


def gap_cell(carrier: Carrier, gap: Line) -> str:
    key = carrier.key[gap.id]
    if gap.kind is ItemKind.NUMERIC:
        return f"{NUMBER_SIGN}{number_cell(key['answers'])}"
    if gap.kind is ItemKind.SHORT_TEXT:
        cell = words_cell(key["answers"])
        return f"\\{cell}" if cell.startswith(NUMBER_SIGN) else cell
    pieces = [escape_cell(carrier.text(option.text)) for option in gap.options]
    return join_cell([f"{piece}{RIGHT_SIGN}" if letter(i) in key else piece for i, piece in enumerate(pieces)])
