"""What positions ask for on a day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from training.competencies.models import Target

# The level asked for, by position and competency.
Asked: TypeAlias = Mapping[int, Mapping[int, int]]


def asked_on(day: date) -> Asked:
    """Return what every position asks for (one query, and few rows however many people there are)."""
    asked: dict[int, dict[int, int]] = defaultdict(dict)
    for position, competency, level in Target.objects.on(day).values_list("position", "competency", "level"):
        asked[position][competency] = level
    return asked
