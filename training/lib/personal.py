"""What an app keeps about a person, told part by part: for the copy that the person may have.

An app names its parts in a function ``(person) -> Iterable[Part]``, and the settings name the function
(`PERSONAL_DATA`): so whoever gathers the copy knows no app.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from .texts import text_in

Columns = Mapping[str, Any]
"""Heading (lazy) by the path to a value: attributes separated by dots."""


@dataclass(frozen=True)
class Part:
    """Rows of one kind about one person.

    `keys` are the keys to a person (as ``app.Model.field``) that the part tells of. Columns in `confidential` are for
    the person alone: who keeps the record may not read them. `files` gives name and stored file of a row.
    """

    name: str
    title: Any
    rows: Iterable[Any]
    columns: Columns
    keys: tuple[str, ...]
    confidential: frozenset[str] = frozenset()
    files: Callable[[Any], tuple[str, Any] | None] | None = field(default=None)

    def headings(self, *, for_the_person: bool) -> dict[str, str]:
        """Return the heading of each column that the reader may read."""
        shown = self.columns.items()
        return {path: str(title) for path, title in shown if for_the_person or path not in self.confidential}

    def values(self, *, for_the_person: bool) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield each row with its values by path."""
        paths = list(self.headings(for_the_person=for_the_person))
        rows = self.rows.iterator(chunk_size=500) if isinstance(self.rows, models.QuerySet) else self.rows
        for row in rows:
            yield row, {path: value_of(row, path) for path in paths}


def value_of(row: Any, path: str) -> Any:
    """Return what stands at the path: a choice in words, a text in the reader's language, a row by its name."""
    value = row
    for name in path.split("."):
        if value is None:
            return None
        if isinstance(value, Mapping):
            value = value.get(name)
            continue
        in_words = getattr(value, f"get_{name}_display", None)
        value = in_words() if in_words else getattr(value, name)
    return plain(value)


def plain(value: Any) -> Any:
    """Return the value as JSON has it, dates and times left as they are."""
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    if isinstance(value, Mapping) and value and value.keys() <= dict(settings.LANGUAGES).keys():
        return text_in(value)
    return value if isinstance(value, (Mapping, list)) else str(value)


def parts_about(person: Any) -> Iterator[Part]:
    """Yield what every app keeps about the person."""
    for name in settings.PERSONAL_DATA:
        yield from import_string(name)(person)
