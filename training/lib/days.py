"""Days as people write them into tables."""

import re
from datetime import date

FIRST_YEAR = 1950
DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def day_of(text: str) -> date | None:
    """Return the day written as 2026-03-01 (or 2026/3/1, as spreadsheets in China save it), else None."""
    found = DAY.fullmatch(text)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and day.year >= FIRST_YEAR else None
