"""What practising says about an answer: right, partly or wrong; and how a question to practise is first shown."""

from assessments.scoring.marking import ItemKind, Seen, Shape

RIGHT, PARTLY, WRONG = "right", "partly", "wrong"


def verdict(credit: float) -> str:
    """Return what a credit from 0 to 1 is called."""
    return RIGHT if credit >= 1 else PARTLY if credit > 0 else WRONG


def opening(shape: Shape) -> Seen:
    """Return the answer that stands before anything was touched: steps stand in the order they are shown in."""
    if shape.kind is ItemKind.ORDERING:
        return list(range(1, len(shape.options) + 1))
    orderings = {
        number: list(range(1, len(part.options) + 1))
        for number, part in shape.numbered().items()
        if part.kind is ItemKind.ORDERING
    }
    return orderings or None
