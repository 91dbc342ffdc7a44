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
from .feasibility import DatedItem, RowFeasibility, feasibility, spread
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
from .regrading import NOBODY_LOSES, Standing, change_of, keeping
from .stored import STORED, choices_of, lines_of, plain, spoken, stored, words_of

__all__ = [
    "MINIMUM_SCORED",
    "NOBODY_LOSES",
    "STORED",
    "AvailableItem",
    "BlueprintRow",
    "Choice",
    "DatedItem",
    "Given",
    "ItemDraft",
    "Line",
    "NotEnoughItems",
    "Problem",
    "ProblemCode",
    "RowFeasibility",
    "Shortage",
    "Standing",
    "change_of",
    "choices_of",
    "credit_of",
    "deadline",
    "disagree",
    "draw_paper",
    "evidence_groups",
    "feasibility",
    "gaps_of",
    "keeping",
    "lines_of",
    "plain",
    "points_of",
    "problems_of",
    "shape_of",
    "spoken",
    "spread",
    "stem_pieces",
    "still_wanted",
    "stored",
    "wants_second",
    "words_of",
]
