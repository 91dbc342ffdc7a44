"""The parts of the centre: departments, halls, sections, windows and positions. They close and are never deleted."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from training.lib.texts import Texts
from training.operations.services import Actor, Event, record, record_many
from training.people.models import Department, Hall, Position, Posting, Section, Window
from training.people.queries.parts import remaining

from .calendar import require_whole_centre
from .checks import require_not_ahead
from .errors import PeopleError
from .postings import posting_facts

Part: TypeAlias = Department | Hall | Section | Window | Position

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
LAST_WINDOW = 9999
NAMED = 5
"""How many of those who are in the way a refusal names."""


@transaction.atomic
def add_department(*, code: str, name: Texts, parent: Department | None, by: Actor, at: datetime) -> Department:
    """Add a department below `parent`, or at the top. Raises `PeopleError` for a code that is taken or none.

    This and everything else here raises `NotAllowedError` when `by` is not HR of the whole centre, and `PeopleError`
    for an empty name.
    """
    require_new(Department, code, name, by)
    if parent is None:
        added = Department.add_root(code=code, name=dict(name))
    else:
        require_open(parent)
        # treebeard counts children on the object it is asked, which may be older than the row
        added = Department.objects.get(pk=parent.pk).add_child(code=code, name=dict(name))
    return _added(added, by, at)


@transaction.atomic
def add_hall(*, code: str, name: Texts, by: Actor, at: datetime) -> Hall:
    """Add a hall. Raises as `add_department` does."""
    require_new(Hall, code, name, by)
    return _added(Hall.objects.create(code=code, name=dict(name)), by, at)


@transaction.atomic
def add_section(*, code: str, name: Texts, hall: Hall, by: Actor, at: datetime) -> Section:
    """Add a section to the hall. Raises as `add_department` does."""
    require_new(Section, code, name, by)
    require_open(hall)
    return _added(Section.objects.create(code=code, name=dict(name), hall=hall), by, at)


@transaction.atomic
def add_position(*, code: str, name: Texts, by: Actor, at: datetime) -> Position:
    """Add a position. Raises as `add_department` does."""
    require_new(Position, code, name, by)
    return _added(Position.objects.create(code=code, name=dict(name)), by, at)


@transaction.atomic
def add_window(*, number: int, name: Texts, section: Section, by: Actor, at: datetime) -> Window:
    """Add a window to the section; its name may be empty. Raises `PeopleError` for a number that is taken."""
    require_whole_centre(by)
    require_open(section)
    if not 1 <= number <= LAST_WINDOW:
        raise PeopleError(_("A window's number is between 1 and %(last)s.") % {"last": LAST_WINDOW})
    if Window.objects.filter(number=number).exists():
        raise PeopleError(_("There is a window %(number)s already, open or closed.") % {"number": number})
    return _added(Window.objects.create(number=number, name=dict(name), section=section), by, at)


@transaction.atomic
def rename_part(*, part: Part, name: Texts, by: Actor, at: datetime) -> None:
    """Give the part another name, in every language at once; records keep pointing at the same part."""
    require_whole_centre(by)
    if not isinstance(part, Window):
        require_name(name)
    if part.name == dict(name):
        return
    before = {"name": part.name}
    part.name = dict(name)
    part.save(update_fields=["name"])
    _record("renamed", part, by, at, before, {"name": part.name})


@transaction.atomic
def move_department(*, department: Department, parent: Department | None, by: Actor, at: datetime) -> None:
    """Put the department and all below it under `parent`, or at the top; roles over the tree reach it by its new place.

    Raises `PeopleError` when `parent` is the department itself or lies below it, or has closed.
    """
    require_whole_centre(by)
    moved = Department.objects.select_for_update().get(pk=department.pk)
    before = moved.get_parent()
    if before == parent:
        return
    if parent is None:
        moved.move(Department.get_last_root_node(), "last-sibling")
    else:
        target = Department.objects.get(pk=parent.pk)
        require_open(target)
        if target.path.startswith(moved.path):
            raise PeopleError(_("A department cannot stand under itself. Choose one outside it."))
        moved.move(target, "last-child")
    after = {"parent": parent.code if parent else None}
    _record("moved", department, by, at, {"parent": before.code if before else None}, after)


@transaction.atomic
def move_window(*, window: Window, section: Section, starts_on: date, by: Actor, at: datetime) -> None:
    """Put the window into another section from a day on; whoever is posted to it goes along.

    Their posting ends the day before and goes on in the new section. Raises `PeopleError` when the day lies ahead.
    """
    require_whole_centre(by)
    require_open(section)
    require_not_ahead(starts_on, at)
    if window.section_id == section.pk:
        return
    before = {"section": window.section.code}
    window.section = section
    window.save(update_fields=["section"])
    _take_along(window, section, starts_on, by, at)
    after = {"section": section.code, "starts_on": starts_on.isoformat()}
    _record("moved", window, by, at, before, after)


@transaction.atomic
def close_part(*, part: Part, last_day: date, by: Actor, at: datetime) -> None:
    """Close the part after `last_day`. Whatever points at it stays.

    Raises `PeopleError`, and says who or what is in the way, unless nobody and nothing is left in it by then.
    """
    require_whole_centre(by)
    if found := remaining(part, last_day):
        named = "; ".join(str(one) for one in found[:NAMED])
        if len(found) > NAMED:
            named = _("%(named)s and %(more)s more") % {"named": named, "more": len(found) - NAMED}
        says = _("%(part)s cannot close yet. Still there after %(day)s: %(named)s. Move them or end their roles first.")
        raise PeopleError(says % {"part": part, "day": last_day.isoformat(), "named": named})
    before = _until(part)
    part.until = last_day
    part.save(update_fields=["until"])
    _record("closed", part, by, at, before, _until(part))


@transaction.atomic
def reopen_part(*, part: Part, by: Actor, at: datetime) -> None:
    """Open a part again that has closed or was to close. Raises `PeopleError` when what it stands in has closed."""
    require_whole_centre(by)
    if part.until is None:
        return
    above: Part | None = None
    if isinstance(part, Department):
        above = part.get_parent()
    elif isinstance(part, Section):
        above = part.hall
    elif isinstance(part, Window):
        above = part.section
    if above is not None:
        require_open(above)
    before = _until(part)
    part.until = None
    part.save(update_fields=["until"])
    _record("reopened", part, by, at, before, _until(part))


def require_new(model: Any, code: str, name: Texts, by: Actor) -> None:
    """Raise unless `by` may add a part of that code and name."""
    require_whole_centre(by)
    require_name(name)
    if not CODE.fullmatch(code):
        raise PeopleError(_("A code is up to 20 letters, digits and hyphens."))
    if model.objects.filter(code__iexact=code).exists():
        raise PeopleError(_("The code %(code)s is taken.") % {"code": code})


def require_name(name: Texts) -> None:
    """Raise `PeopleError` for a name that is empty in every language."""
    if not any(text.strip() for text in name.values()):
        raise PeopleError(_("Give it a name."))


def require_open(part: Part) -> None:
    """Raise `PeopleError` when the part has closed, or is to close."""
    if part.until is not None:
        raise PeopleError(
            _("%(part)s closes on %(day)s. Open it again first.") % {"part": part, "day": part.until.isoformat()}
        )


def _take_along(window: Window, section: Section, starts_on: date, by: Actor, at: datetime) -> None:
    postings: Sequence[Posting] = list(
        window.postings.select_for_update(of=("self",)).filter(Q(until=None) | Q(until__gte=starts_on))
    )
    people = {posting.pk: posting.person for posting in window.postings.select_related("person")}
    later = [posting for posting in postings if posting.starts_on >= starts_on]
    split = [posting for posting in postings if posting.starts_on < starts_on]
    Posting.objects.filter(pk__in=[posting.pk for posting in later]).update(section=section)
    events, fresh = [], []
    for posting in split:
        fresh.append(
            Posting(
                person_id=posting.person_id,
                position_id=posting.position_id,
                department_id=posting.department_id,
                section=section,
                window=window,
                starts_on=starts_on,
                until=posting.until,
                is_loan=posting.is_loan,
            )
        )
        posting.until = starts_on - timedelta(days=1)
    Posting.objects.bulk_update(split, ["until"])
    Posting.objects.bulk_create(fresh)
    for before, after in zip(split, fresh, strict=True):
        person = people[before.pk]
        events.append(Event("people.moved", person, person, posting_facts(before), posting_facts(after)))
    record_many(events, by=by, at=at)


def _added(part: Any, by: Actor, at: datetime) -> Any:
    after = {"name": part.name, "code": getattr(part, "code", None) or part.number}
    if isinstance(part, Section):
        after["hall"] = part.hall.code
    if isinstance(part, Window):
        after["section"] = part.section.code
    _record("added", part, by, at, None, after)
    return part


def _until(part: Part) -> dict[str, Any]:
    return {"until": part.until.isoformat() if part.until else None}


def _record(what: str, part: Part, by: Actor, at: datetime, before: Any, after: Any) -> None:
    record(action=f"people.{part._meta.model_name}_{what}", by=by, subject=part, at=at, before=before, after=after)
