"""Everything that changes an item of a bank: writing, reviewing, putting to use. No attempt is ever touched."""

from assessments.permissions import Refused

from .banks import BankExists, BankInUse, change_bank, create_bank, keep_bank_for, rename_bank
from .changing import (
    AlreadyUndone,
    NothingToChange,
    Plan,
    change_items,
    plan_change,
    undo_change,
)
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
    MediaGone,
    OutOfUse,
    Written,
    check_kept,
    revise_item,
    write_item,
    write_items,
)

__all__ = [
    "AlreadyUndone",
    "BankExists",
    "BankInUse",
    "CannotBeKept",
    "ChangedMeanwhile",
    "CodeTaken",
    "InUse",
    "ItemsWritten",
    "MediaGone",
    "NoRemark",
    "NoSuchMove",
    "NotFinished",
    "NothingToChange",
    "NothingToReview",
    "OutOfUse",
    "OwnItem",
    "Plan",
    "Refused",
    "Written",
    "ask_for_review",
    "change_bank",
    "change_items",
    "change_state",
    "check_kept",
    "create_bank",
    "keep_bank_for",
    "moves_of",
    "plan_change",
    "problem_sentence",
    "rename_bank",
    "review",
    "revise_item",
    "take_back_review",
    "undo_change",
    "withdraw_request",
    "write_item",
    "write_items",
]
