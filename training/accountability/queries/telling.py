"""Events in words: a sentence, and what changed under names that people know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.accountability.facts import LABELS
from training.lib.templatetags.words import day, moment
from training.lib.texts import text_in
from training.operations.models import AuditEvent
from training.operations.sentences import sentence_of
from training.people.models import Department, Position, Role, Section, User, Window

# Facts that are ids, and whose.
KINDS: dict[str, Any] = {
    "department": Department,
    "position": Position,
    "section": Section,
    "window": Window,
    "teacher": User,
    "panel": User,
    "viewer": User,
    "person": User,
}
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One fact before and after; "" where it was not told."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One event as it is read."""

    event: AuditEvent
    sentence: str
    actor: str
    person: User | None
    differences: Sequence[Difference] = field(default_factory=list)


def tell(events: Sequence[AuditEvent]) -> list[Line]:
    """Return the events in words, with one query for each kind of row they name."""
    named = _Names(events)
    return [_line(event, named) for event in events]


def _line(event: AuditEvent, named: "_Names") -> Line:
    actor = event.actor_name or named.person(event.actor_id) or _("somebody")
    person = named.rows[User].get(event.person_id)
    about = str(person) if person else _("a person no longer on record") if event.person_id else ""
    subject = event.subject_name or about
    sentence = sentence_of(event.action, actor=actor, person=about or subject, subject=subject)
    return Line(event, sentence, actor, person, list(_differences(event, named)))


def _differences(event: AuditEvent, named: "_Names") -> Iterable[Difference]:
    before, after = facts_of(event.before), facts_of(event.after)
    for key in {**before, **after}:
        old = named.say(key, before[key]) if key in before else ""
        new = named.say(key, after[key]) if key in after else ""
        if old != new or not before:
            yield Difference(str(LABELS.get(key, key)), old, new)


def facts_of(value: Any) -> Mapping[str, Any]:
    """Return what was told of one side; what is no mapping stands under no name."""
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"": value}


class _Names:
    """The rows that events name by their ids, fetched together."""

    def __init__(self, events: Sequence[AuditEvent]) -> None:
        wanted: dict[Any, set[int]] = {kind: set() for kind in KINDS.values()}
        for event in events:
            wanted[User].update(ident for ident in (event.person_id, event.actor_id) if ident)
            for facts in (facts_of(event.before), facts_of(event.after)):
                for key in KINDS.keys() & facts.keys():
                    wanted[KINDS[key]].update(ids_in(facts[key]))
        self.rows: dict[Any, Mapping[int, Any]] = {
            kind: kind.objects.in_bulk(ids) if ids else {} for kind, ids in wanted.items()
        }

    def person(self, ident: int | None) -> str:
        return str(self.rows[User].get(ident, "")) if ident else ""

    def say(self, key: str, value: Any) -> str:
        """Return a value in words; ids as the name of their row while it is there."""
        if key in KINDS and value:
            rows = self.rows[KINDS[key]]
            return self._list(str(rows.get(ident, ident)) for ident in ids_in(value)) or said(value)
        if key in ("role", "roles") and value:
            return self._list(role_name(one) for one in (value if isinstance(value, list) else [value]))
        return said(value)

    def _list(self, words: Iterable[str]) -> str:
        return pgettext("between words of a list", ", ").join(words)


def ids_in(value: Any) -> list[int]:
    """Return the ids a fact holds, one or several."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, int) and not isinstance(one, bool)]


def role_name(value: Any) -> str:
    return str(Role(value).label) if value in Role.values else str(value)


def said(value: Any) -> str:
    """Return a JSON value in words: days and times as such, texts in the reader's language, lists separated."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        separator = _("%(name)s: %(value)s")
        parts = (separator % {"name": LABELS.get(name, name), "value": said(one)} for name, one in value.items())
        return text_in(value) if {"en", "zh-hans"} & value.keys() else "; ".join(parts)
    if isinstance(value, list):
        return pgettext("between words of a list", ", ").join(said(one) for one in value)
    return said_time(value) if isinstance(value, str) else str(value)


def said_time(value: str) -> str:
    """Return an ISO day or time as people write it, any other text as it is."""
    try:
        if len(value) == len("2026-11-23"):
            return day(date.fromisoformat(value), date.min)
        at = parse_datetime(value) if "T" in value else None
    except ValueError:
        return value
    return (
        moment(at if timezone.is_aware(at) else timezone.make_aware(at), date.min)
        if isinstance(at, datetime)
        else value
    )
