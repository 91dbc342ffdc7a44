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
from .marking import Given, credit_of, disagree, points_of, still_wanted, wants_second
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
    "Given",
    "ItemDraft",
    "Line",
    "NotEnoughItems",
    "Problem",
    "ProblemCode",
    "Shortage",
    "choices_of",
    "credit_of",
    "deadline",
    "disagree",
    "draw_paper",
    "evidence_groups",
    "gaps_of",
    "lines_of",
    "plain",
    "points_of",
    "problems_of",
    "shape_of",
    "spoken",
    "stem_pieces",
    "still_wanted",
    "stored",
    "wants_second",
    "words_of",
]
