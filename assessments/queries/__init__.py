"""What is read of exams: what may be drawn, a paper as its candidate sees it, lists and results, the bank."""

from .bank import bank_items, banks, by_state, coverage, item_preview, item_versions, lacks, sent_back, to_review
from .calibrations import (
    BankLine,
    Moved,
    bank_lines,
    calibrations_for,
    first_answers_on,
    item_row,
    item_rows,
    moved,
)
from .drafts import draft_of, problems_of_version
from .drawing import AvailableItem, available_items, blueprint_of, cuts_of
from .exams import ExamLine, ExamList, StartPage, exam_for, exam_list, start_page
from .paper import Line, Sitting, sitting_of, with_answers
from .questions import Choice, Field, Piece, Question, Said, question_as_seen, questions_of
from .results import Result, result_of
from .samples import Prospect, Scope, prospect_of
from .sessions import Board, Seat, board_of, messages_after, sessions_listed
from .todo import todo

__all__ = [
    "AvailableItem",
    "BankLine",
    "Board",
    "Choice",
    "ExamLine",
    "ExamList",
    "Field",
    "Line",
    "Moved",
    "Piece",
    "Prospect",
    "Question",
    "Result",
    "Said",
    "Scope",
    "Seat",
    "Sitting",
    "StartPage",
    "available_items",
    "bank_items",
    "bank_lines",
    "banks",
    "blueprint_of",
    "board_of",
    "by_state",
    "calibrations_for",
    "coverage",
    "cuts_of",
    "draft_of",
    "exam_for",
    "exam_list",
    "first_answers_on",
    "item_preview",
    "item_row",
    "item_rows",
    "item_versions",
    "lacks",
    "messages_after",
    "moved",
    "problems_of_version",
    "prospect_of",
    "question_as_seen",
    "questions_of",
    "result_of",
    "sent_back",
    "sessions_listed",
    "sitting_of",
    "start_page",
    "to_review",
    "todo",
    "with_answers",
]
