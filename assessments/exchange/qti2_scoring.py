"""How a QTI 2 item earns its score: the right response, its mapping, the ranges its own processing compares with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import Element

from assessments.scoring.marking import as_number
from training.lib.office.trees import child, children, every, words

from .losses import Losses
from .report import Refused, Told

PAIRED = ("equal", "gte", "lte", "gt", "lt", "match", "stringMatch", "equalRounded")
MOST_CONDITIONS = 200


@dataclass
class Declared:
    """What is declared of one response."""

    identifier: str
    cardinality: str
    base: str
    correct: list[str] = field(default_factory=list)
    mapped: list[tuple[str, float]] = field(default_factory=list)
    by_case: bool = False

    def shares(self) -> dict[str, float]:
        """Return the share of the credit each value earns: from the mapping, else the right response in equal parts."""
        if self.mapped:
            best = max((value for _key, value in self.mapped), default=0)
            most = best if self.cardinality == "single" else sum(max(0.0, value) for _key, value in self.mapped)
            if most <= 0:
                raise Refused(Told.NO_ANSWER)
            return {key: value / most for key, value in self.mapped}
        share = 1.0 if self.cardinality == "single" else 1 / max(1, len(self.correct))
        return dict.fromkeys(self.correct, share)


def declarations(item: Element) -> dict[str, Declared]:
    """Return what an item declares of its responses, by identifier."""
    found = {}
    for element in children(item, "responseDeclaration"):
        mapping = child(element, "mapping")
        entries = children(mapping, "mapEntry")
        declared = Declared(
            element.get("identifier", ""),
            element.get("cardinality", "single"),
            element.get("baseType", "identifier"),
            [words(value).strip() for value in children(child(element, "correctResponse"), "value")],
            [(entry.get("mapKey", "").strip(), _number(entry.get("mappedValue", ""))) for entry in entries],
            any(entry.get("caseSensitive") == "true" for entry in entries),
        )
        found[declared.identifier] = declared
    return found


def _number(text: str) -> float:
    number = as_number(text)
    if number is None:
        raise Refused(Told.ANSWER_UNREADABLE, answer=text)
    return float(number)


def ranges_of(item: Element, identifier: str, losses: Losses) -> list[tuple[Decimal, Decimal, float]]:
    """Return the ranges an item's own processing compares a response with, and the score each sets."""
    found: list[tuple[Decimal, Decimal, float]] = []
    processing = child(item, "responseProcessing")
    if processing is None:
        return []
    for branch in _branches(processing):
        span = _span(branch, identifier, losses)
        if span is not None:
            found.append((*span, _score(branch)))
    best = max((score for _low, _high, score in found), default=0)
    return [(low, high, score / best) for low, high, score in found] if best > 0 else []


def _branches(processing: Element) -> Iterator[Element]:
    for number, branch in enumerate(every(processing, "responseIf", "responseElseIf")):
        if number >= MOST_CONDITIONS:
            raise Refused(Told.OWN_SCORING)
        yield branch


def _span(branch: Element, identifier: str, losses: Losses) -> tuple[Decimal, Decimal] | None:
    """Return the numbers for which a branch holds; None where it does not ask for this response."""
    low: Decimal | None = None
    high: Decimal | None = None
    for condition in _conditions(branch):
        if identifier not in {one.get("identifier") for one in children(condition, "variable")}:
            continue
        number = as_number(words(child(condition, "baseValue")).strip())
        if number is None:
            continue
        is_first = condition[0].tag == "variable"
        if condition.tag in ("gt", "lt"):
            losses.tell(Told.OPEN_BOUND, number=str(number))
        if condition.tag in ("equal", "match", "equalRounded"):
            below, above = _tolerance(condition, number)
            return number - below, number + above
        if (condition.tag in ("gte", "gt")) == is_first:
            low = number
        else:
            high = number
    return (low, high) if low is not None and high is not None else None


def _conditions(branch: Element) -> Iterator[Element]:
    """Yield the comparisons of a branch, its own only, not those of branches inside it."""
    waiting = [branch[0]] if len(branch) else []
    while waiting:
        element = waiting.pop()
        if element.tag in PAIRED and len(element):
            yield element
        elif element.tag in ("and", "or"):
            waiting.extend(element)


def _tolerance(condition: Element, number: Decimal) -> tuple[Decimal, Decimal]:
    given = [as_number(piece) or Decimal(0) for piece in condition.get("tolerance", "0").split()[:2]] or [Decimal(0)]
    below, above = given[0], given[-1]
    if condition.get("toleranceMode") == "relative":
        return abs(number) * below / 100, abs(number) * above / 100
    return (below, above) if condition.get("toleranceMode") == "absolute" else (Decimal(0), Decimal(0))


def _score(branch: Element) -> float:
    """Return what a branch sets or adds to the score."""
    for setting in children(branch, "setOutcomeValue"):
        values = [as_number(words(value).strip()) for value in every(setting, "baseValue")]
        numbers = [value for value in values if value is not None]
        if numbers:
            return float(numbers[0])
    return 1.0


TEMPLATES = ("match_correct", "map_response", "CC2_match_basic", "CC2_map_response")
RULES = ("responseProcessing", "responseCondition", "responseIf", "responseElse", "responseElseIf", "setOutcomeValue")
TERMS = ("sum", "product", "mapResponse", "baseValue", "variable", "correct", "and", "or", "not", "isNull")
SUMS = frozenset((*RULES, *TERMS, *PAIRED))


def template_of(item: Element) -> str:
    """Return the name of the standard template an item is scored by; "" for none."""
    processing = child(item, "responseProcessing")
    name = (processing.get("template") or "") if processing is not None else "match_correct"
    return name.rpartition("/")[2].removesuffix(".xml")


def is_summed(item: Element) -> bool:
    """Say whether an item's score is what its responses earn as declared, one by one."""
    processing = child(item, "responseProcessing")
    if template_of(item) in TEMPLATES or processing is None:
        return True
    return all(element.tag in SUMS for element in processing.iter())
