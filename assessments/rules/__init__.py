"""What the app decides without a database: papers, deadlines, and whether an item can be used."""

from .drafts import (
    Choice,
    ItemDraft,
    Line,
    Problem,
    ProblemCode,
    gaps_of,
    problems_of,
    shape_of,
    stem_pieces,
)
from .papers import (
    MINIMUM_SCORED,
    AvailableItem,
    BlueprintRow,
    NotEnoughItems,
    Shortage,
    deadline,
    draw_paper,
    evidence_groups,
)
from .stored import STORED, choices_of, lines_of, plain, spoken, stored, words_of

__all__ = [
    "MINIMUM_SCORED",
    "STORED",
    "AvailableItem",
    "BlueprintRow",
    "Choice",
    "ItemDraft",
    "Line",
    "NotEnoughItems",
    "Problem",
    "ProblemCode",
    "Shortage",
    "choices_of",
    "deadline",
    "draw_paper",
    "evidence_groups",
    "gaps_of",
    "lines_of",
    "plain",
    "problems_of",
    "shape_of",
    "spoken",
    "stem_pieces",
    "stored",
    "words_of",
]
