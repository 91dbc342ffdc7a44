"""What becomes of an app's rows when somebody is made anonymous: deleted, emptied, or kept without a name.

An app tells its kinds in a function ``(person, identity) -> Iterable[Kind]``, and the settings name the function
(`ERASURE`): so whoever erases knows no app. Each kind is counted for the dry run and done in a transaction of its own;
done a second time it does nothing more.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import quote, quote_plus

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

AT_ONCE = 500
FORGOTTEN = "–"
"""Stands where a constraint wants words and the words are gone."""
SHORTEST = {True: 3, False: 2}
"""How long a name must be to be looked for in texts, in Latin letters or not: shorter ones would hit other words."""


class Fate(Enum):
    """What an erasure does with rows of a kind."""

    GOES = "goes"
    EMPTIED = "emptied"
    STAYS = "stays"


NOT_NEEDED = _("Nobody needs it once the person has left.")
WORDS_GO = _("The words go; days and numbers stay, under the anonymous name.")
COUNTS = _("Statistics and decisions rest on it. It stays under the anonymous name.")
NAME_GOES = _("Where the name, the number or the e-mail address stands, the anonymous name takes its place.")
OFFICE = _("What the person did in their office stays, under the anonymous name.")
ACTS_OF_OFFICE = _("Acts of office")


@dataclass(frozen=True)
class Identity:
    """How somebody is written, and what stands there afterwards."""

    forms: tuple[str, ...]
    instead: str
    spared: tuple[str, ...] = ()

    @classmethod
    def of(cls, *forms: str, instead: str, spared: Iterable[str] = ()) -> "Identity":
        """Take the forms that are long enough to be looked for, the longest first, and each as an address holds it.

        `spared` are longer names of others that hold one of the forms: 王伟明 is not 王伟.
        """
        wanted = {form for form in forms if len(form) >= SHORTEST[form.isascii()]}
        wanted |= {in_address for form in wanted for in_address in (quote(form), quote_plus(form))}
        longer = {name for name in spared if name not in wanted}
        return cls(tuple(sorted(wanted, key=len, reverse=True)), instead, tuple(longer))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spared = "|".join(map(re.escape, self.spared)) or r"(?!)"
        return re.compile(f"({spared})|" + ("|".join(map(_whole, self.forms)) or r"(?!)"), re.IGNORECASE)

    def replaced(self, value: Any) -> Any:
        """Return a text or a JSON value with the anonymous name in place of each form."""
        if isinstance(value, str):
            return self._pattern.sub(lambda match: match[1] or self.instead, value)
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(one) for key, one in value.items()}
        return [self.replaced(one) for one in value] if isinstance(value, list) else value

    @cached_property
    def _shortest(self) -> list[str]:
        """The forms that hold no other: whatever holds a longer one holds these."""
        return [form for form in self.forms if not any(other != form and other in form for other in self.forms)]

    def named_in(self, rows: "models.QuerySet[Any]", names: Sequence[str]) -> "models.QuerySet[Any]":
        """Keep the rows in which one of the fields, of text or JSON, holds a form.

        The database knows no words: more may be kept than name the person, as a number within a longer one.
        `naming` tells which do.
        """
        found = models.Q(pk__in=())
        for name in names:
            rows = rows.alias(**{f"{name}_as_text": Cast(name, models.TextField())})
            for form in self._shortest:
                for written in {form, json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1]}:
                    found |= models.Q(**{f"{name}_as_text__icontains": written})
        return rows.filter(found)

    def naming(self, rows: "models.QuerySet[Any]", names: Sequence[str]) -> Iterator[Any]:
        """Yield the primary keys of the rows that name the person in one of the fields."""
        found = self.named_in(rows, names).values_list("pk", *names)
        for key, *values in found.iterator(chunk_size=AT_ONCE):
            if self.replaced(values) != values:
                yield key


def _whole(form: str) -> str:
    """Return the form as a pattern; in Latin letters or figures only as a whole word."""
    escaped = re.escape(form)
    return rf"(?<![0-9A-Za-z]){escaped}(?![0-9A-Za-z])" if form.isascii() else escaped


@dataclass(frozen=True)
class Kind:
    """Rows of one kind that concern one person, and what becomes of them.

    `keys` are the keys to a person (as ``app.Model.field``) that it answers for. `number` counts the rows; None where
    all there are go, whomever they concern, for how many is nobody's business. `act` does what `fate` says.
    """

    name: str
    title: Any
    fate: Fate
    why: Any
    number: Callable[[], int] | None
    keys: tuple[str, ...] = ()
    act: Callable[[], object] | None = field(default=None)


def goes(name: str, title: Any, rows: "models.QuerySet[Any]", *keys: str, why: Any = NOT_NEEDED) -> Kind:
    """Rows that are deleted, some hundred at a time."""
    return Kind(name, title, Fate.GOES, why, rows.count, keys, lambda: delete(rows))


def emptied(
    name: str, title: Any, rows: "models.QuerySet[Any]", *keys: str, why: Any = WORDS_GO, **columns: Any
) -> Kind:
    """Rows that stay, with other values in these columns."""
    return Kind(name, title, Fate.EMPTIED, why, rows.count, keys, lambda: rows.update(**columns))


def stays(name: str, title: Any, rows: "models.QuerySet[Any]", *keys: str, why: Any = COUNTS) -> Kind:
    """Rows that stay as they are, under the anonymous person."""
    return Kind(name, title, Fate.STAYS, why, rows.count, keys)


def renamed(name: str, title: Any, identity: Identity, rows: "models.QuerySet[Any]", *columns: str) -> Kind:
    """Rows of anybody in which the person is named: there the anonymous name takes the name's place."""
    found = identity.named_in(rows, columns)

    def number() -> int:
        return sum(1 for _key in identity.naming(rows, columns))

    return Kind(name, title, Fate.EMPTIED, NAME_GOES, number, (), lambda: rename(found, identity, columns))


def acts(person: Any, *keys: str) -> Kind:
    """What the person did in their office, by the keys that say so."""

    def number() -> int:
        return sum(_rows_of(key, person).count() for key in keys)

    return Kind("acts", ACTS_OF_OFFICE, Fate.STAYS, OFFICE, number, keys)


def _rows_of(key: str, person: Any) -> "models.QuerySet[Any]":
    label, _dot, name = key.rpartition(".")
    return apps.get_model(label).objects.filter(**{name: person.pk})


def delete(rows: "models.QuerySet[Any]") -> None:
    """Delete the rows, a batch at a time."""
    while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model.objects.filter(pk__in=keys).delete()


def rename(rows: "models.QuerySet[Any]", identity: Identity, columns: Sequence[str]) -> int:
    """Put the anonymous name into these columns; return how many rows changed."""
    changed: list[Any] = []
    total = 0
    for row in rows.only("pk", *columns).iterator(chunk_size=AT_ONCE):
        before = [getattr(row, column) for column in columns]
        after = [_fitting(row, column, identity.replaced(value)) for column, value in zip(columns, before, strict=True)]
        if after != before:
            for column, value in zip(columns, after, strict=True):
                setattr(row, column, value)
            changed.append(row)
            total += 1
        if len(changed) >= AT_ONCE:
            rows.model.objects.bulk_update(changed, columns)
            changed = []
    if changed:
        rows.model.objects.bulk_update(changed, columns)
    return total


def _fitting(row: Any, column: str, value: Any) -> Any:
    longest = getattr(row._meta.get_field(column), "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value


def kinds_about(person: Any, identity: Identity) -> Iterator[Kind]:
    """Yield every kind of row that concerns the person, the highest floor first."""
    for name in settings.ERASURE:
        yield from import_string(name)(person, identity)
