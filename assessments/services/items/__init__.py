"""Everything that changes an item of a bank: writing, reviewing, putting to use. No attempt is ever touched."""

from .reviewing import (
    InUse,
    NoRemark,
    NotFinished,
    NothingToReview,
    OwnItem,
    ask_for_review,
    review,
    take_back_review,
    withdraw_request,
)
from .states import NoSuchMove, change_state, moves_of
from .words import problem_sentence
from .writing import (
    CannotBeKept,
    ChangedMeanwhile,
    CodeTaken,
    ItemsWritten,
    OutOfUse,
    Written,
    check_kept,
    revise_item,
    write_item,
    write_items,
)

__all__ = [
    "CannotBeKept",
    "ChangedMeanwhile",
    "CodeTaken",
    "InUse",
    "ItemsWritten",
    "NoRemark",
    "NoSuchMove",
    "NotFinished",
    "NothingToReview",
    "OutOfUse",
    "OwnItem",
    "Written",
    "ask_for_review",
    "change_state",
    "check_kept",
    "moves_of",
    "problem_sentence",
    "review",
    "revise_item",
    "take_back_review",
    "withdraw_request",
    "write_item",
    "write_items",
]
