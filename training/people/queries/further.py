"""Filters of the staff list that higher floors bring: staff records know nobody above them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from training.people.models.staff import UserQuerySet


@dataclass(frozen=True)
class FurtherFilter:
    """A choice beside the list; `name` stands in the address, `keep` narrows people to a choice made, on a day."""

    name: str
    label: str | Promise
    choices: Sequence[tuple[str, str | Promise]]
    keep: Callable[[UserQuerySet, str, date], UserQuerySet]


def further_filters() -> list[FurtherFilter]:
    """Return the filters of the functions that `STAFF_FILTERS` names."""
    return [one for name in settings.STAFF_FILTERS for one in import_string(name)()]
