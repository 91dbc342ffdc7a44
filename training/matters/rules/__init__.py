"""What counts as a change, how long limits are, and how a policy falls into clauses."""

from .clause_rows import ClauseRow, joined, parted
from .contents import in_one_language, still_translated
from .law_text import LawText, Line, Remark, Told, read_law
from .limits import CALENDAR_DAYS, WORKING_DAYS, WORKING_HOURS, Limit, is_longer, last_day
from .origins import Known, Origin, origins, places
from .spans import InForce, State, in_force

__all__ = [
    "CALENDAR_DAYS",
    "WORKING_DAYS",
    "WORKING_HOURS",
    "ClauseRow",
    "InForce",
    "Known",
    "LawText",
    "Limit",
    "Line",
    "Origin",
    "Remark",
    "State",
    "Told",
    "in_force",
    "in_one_language",
    "is_longer",
    "joined",
    "last_day",
    "origins",
    "parted",
    "places",
    "read_law",
    "still_translated",
]
