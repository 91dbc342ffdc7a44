"""What every reader needs to make a draft: options by place, keys, and the kinds several right answers come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.rules import Choice, ItemDraft, Line, ProblemCode
from assessments.scoring.marking import TRUE_FALSE_OPTIONS, ItemKind

from .canonical import letter, number_text
from .losses import Losses
from .report import Refused, Told

NEARLY = 0.005
"""Formats round shares: 33.333 % of three answers come to 0.99999."""
MOST_ROWS = 60
LEAST_LINES = 2
POINTS_WITHOUT_GUIDE = 10
TRUE_WORDS = {"en": "True", "zh-hans": "正确"}
FALSE_WORDS = {"en": "False", "zh-hans": "错误"}
GUIDE_WORDS = {"en": "The answer as a whole", "zh-hans": "整体作答"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """An option of a file with the share of the credit it earns, negative if it costs some."""

    text: str
    share: float


def bounded(rows: Sequence[object]) -> None:
    """Raise Refused for more options, lines or answers than any item has."""
    if len(rows) > MOST_ROWS:
        raise Refused(Told.PROBLEM, problem=ProblemCode.TOO_MANY.value)


def choices(texts: Sequence[str], language: str) -> tuple[Choice, ...]:
    """Return options named by their place."""
    return tuple(Choice(letter(index), {language: text}) for index, text in enumerate(texts))


def true_false_options(languages: Sequence[str]) -> tuple[Choice, ...]:
    """Return the two options of a true/false item."""
    words = (TRUE_WORDS, FALSE_WORDS)
    return tuple(
        Choice(ident, {code: text.get(code, text["en"]) for code in languages})
        for ident, text in zip(TRUE_FALSE_OPTIONS, words, strict=True)
    )


def true_false(stem: str, language: str, *, right: bool) -> ItemDraft:
    """Return a true/false item."""
    return ItemDraft(
        ItemKind.TRUE_FALSE,
        {language: stem},
        ["true" if right else "false"],
        true_false_options([language]),
    )


def one_of(stem: str, language: str, options: Sequence[Weighed], losses: Losses) -> ItemDraft:
    """Return a single choice. Raises Refused unless exactly one option earns everything; lesser shares are told."""
    bounded(options)
    right = [index for index, option in enumerate(options) if option.share >= 1 - NEARLY]
    if len(right) != 1:
        raise Refused(Told.SEVERAL_RIGHT if right else Told.NO_FULL_CREDIT, number=len(right))
    for index, option in enumerate(options):
        if index not in right and abs(option.share) > NEARLY:
            losses.tell(Told.SHARES, option=option.text, percent=round(option.share * 100))
    return ItemDraft(
        ItemKind.SINGLE, {language: stem}, [letter(right[0])], choices([option.text for option in options], language)
    )


def some_of(stem: str, language: str, options: Sequence[Weighed], losses: Losses) -> ItemDraft:
    """Return a multiple response: right is what earns something. Raises Refused if nothing does.

    Here each right option earns the same and a wrong one costs as much (`scoring.marking`); another weighting is told.
    """
    bounded(options)
    right = [index for index, option in enumerate(options) if option.share > NEARLY]
    if not right:
        raise Refused(Told.NO_RIGHT)
    each = 1 / len(right)
    for option in options:
        if option.share > NEARLY and abs(option.share - each) > NEARLY:
            losses.tell(Told.SHARES, option=option.text, percent=round(option.share * 100))
        elif option.share <= NEARLY and abs(option.share + each) > NEARLY:
            losses.tell(Told.PENALTY, percent=round(option.share * 100))
    return ItemDraft(
        ItemKind.MULTIPLE,
        {language: stem},
        [letter(index) for index in right],
        choices([option.text for option in options], language),
    )


def guide(language: str, losses: Losses, points: int = POINTS_WITHOUT_GUIDE) -> dict[str, object]:
    """Return the guide of an open answer whose file has none: one criterion; told."""
    losses.tell(Told.GUIDE_SET, points=points)
    text = {language: GUIDE_WORDS.get(language, GUIDE_WORDS["en"])}
    return {"criteria": [{"id": "1", "text": text, "points": points}]}


def accepted(rows: Sequence[tuple[str, float]]) -> list[dict[str, object]]:
    """Return the accepted words with what each earns. Raises Refused if none earns everything."""
    bounded(rows)
    found: list[dict[str, object]] = []
    for text, share in rows:
        if share > 0 and not any(row["text"] == text for row in found):
            found.append({"text": text, "credit": 1.0 if share >= 1 - NEARLY else share})
    if not any(row["credit"] == 1 for row in found):
        raise Refused(Told.NO_FULL_CREDIT if found else Told.NO_ANSWER, number=0)
    return found


def matching(stem: str, language: str, pairs: Sequence[tuple[str, str]]) -> ItemDraft:
    """Return a matching from (line, option); an empty line makes its option one that fits nothing."""
    bounded(pairs)
    rights = list(dict.fromkeys(right for _left, right in pairs))
    lines = [(left, right) for left, right in pairs if left]
    if len(lines) < LEAST_LINES:
        raise Refused(Told.FEW_LINES, number=len(lines))
    return ItemDraft(
        ItemKind.MATCHING,
        {language: stem},
        {str(number): letter(rights.index(right)) for number, (_left, right) in enumerate(lines, start=1)},
        choices(rights, language),
        tuple(Line(str(number), {language: left}) for number, (left, _right) in enumerate(lines, start=1)),
    )


def ranges(rows: Sequence[tuple[Decimal, Decimal, float]]) -> dict[str, object]:
    """Return the key of a number from (low, high, share). Raises Refused if no range earns everything."""
    bounded(rows)
    answers = [
        {"low": number_text(low), "high": number_text(high), "credit": 1.0 if share >= 1 - NEARLY else share}
        for low, high, share in rows
        if share > 0
    ]
    if not any(row["credit"] == 1 for row in answers):
        raise Refused(Told.NO_FULL_CREDIT if answers else Told.NO_ANSWER, number=0)
    return {"answers": answers}
