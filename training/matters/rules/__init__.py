"""What counts as a change, where a bundle's members stand, and how the text of a policy falls into clauses."""

from .clause_rows import ClauseRow, joined, parted
from .contents import Cell, Span, in_one_language, still_translated, swim_lanes
from .law_text import LawText, Line, Remark, Told, read_law
from .origins import Known, Origin, origins, places
from .spans import InForce, State, in_force

__all__ = [
    "Cell",
    "ClauseRow",
    "InForce",
    "Known",
    "LawText",
    "Line",
    "Origin",
    "Remark",
    "Span",
    "State",
    "Told",
    "in_force",
    "in_one_language",
    "joined",
    "origins",
    "parted",
    "places",
    "read_law",
    "still_translated",
    "swim_lanes",
]
