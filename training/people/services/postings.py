"""Opening and ending what people are posted to; who may has been asked."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from training.operations.services import Actor
from training.people.models import Department, Position, Posting, Section, User, Window

from .errors import PeopleError


def own_posting(person: User) -> Posting | None:
    """Return the posting of the person's own that is open."""
    return person.postings.filter(until=None).first()


def end_posting(person: User, *, last_day: date) -> dict[str, Any] | None:
    """End the open posting and return what it was; None when there is none."""
    posting = own_posting(person)
    if posting is None:
        return None
    if last_day < posting.starts_on:
        raise PeopleError(
            _("The present posting began on %(day)s. Give a later day.") % {"day": posting.starts_on.isoformat()}
        )
    facts = posting_facts(posting)
    posting.until = last_day
    posting.save(update_fields=["until"])
    return facts


def end_loans(person: User, *, last_day: date) -> list[dict[str, Any]]:
    """Let loans end on `last_day` at the latest; those that would begin later are gone. Return what they were.

    `restore_loans` takes that and puts them back.
    """
    ended = []
    for loan in person.postings.filter(Q(until__gt=last_day), is_loan=True).order_by("starts_on"):
        entered_at = loan.entered_at.isoformat() if loan.entered_at else None
        ended.append({"pk": loan.pk, **posting_facts(loan), "entered_at": entered_at})
        if loan.starts_on > last_day:
            loan.delete()
        else:
            loan.until = last_day
            loan.save(update_fields=["until"])
    return ended


def restore_loans(person: User, ended: list[dict[str, Any]]) -> None:
    """Put loans back as they were before they ended. Raises `PeopleError` when another was entered in their time."""
    for facts in ended:
        starts_on, until = date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["until"])
        others = person.postings.filter(is_loan=True, starts_on__lte=until, until__gte=starts_on)
        if others.exclude(pk=facts["pk"]).exists():
            raise PeopleError(_("Another loan was entered since. End it first, then take the move back."))
        if person.postings.filter(pk=facts["pk"]).update(until=until):
            continue
        Posting.objects.create(
            person=person,
            is_loan=True,
            starts_on=starts_on,
            until=until,
            entered_at=datetime.fromisoformat(facts["entered_at"]) if facts["entered_at"] else None,
            **{f"{name}_id": facts[name] for name in ("department", "position", "section", "window")},
        )


def open_posting(
    person: User,
    department: Department,
    position: Position,
    section: Section | None,
    window: Window | None,
    starts_on: date,
    *,
    at: datetime,
) -> Posting:
    """Create a posting; a window alone says its section too. Raises `PeopleError` when the two disagree.

    It begins after whatever own posting ended last, or `PeopleError` says the first day possible.
    """
    latest = person.postings.own().exclude(until=None).order_by("-until").first()
    if latest is not None and latest.until is not None and latest.until >= starts_on:
        earliest = latest.until + timedelta(days=1)
        text = _("An earlier posting stands in the way: the first day possible is %(day)s.")
        raise PeopleError(text % {"day": earliest.isoformat()})
    return Posting.objects.create(
        person=person,
        department=department,
        position=position,
        section=section_of(section, window),
        window=window,
        starts_on=starts_on,
        entered_at=at,
    )


def tell_of_move(person: User, *, by: Actor, at: datetime) -> None:
    """Let what `WHEN_SOMEBODY_MOVES` names follow, in the transaction of the move."""
    for name in settings.WHEN_SOMEBODY_MOVES:
        import_string(name)(person=person, by=by, at=at)


def section_of(section: Section | None, window: Window | None) -> Section | None:
    """Return the section meant by the two. Raises `PeopleError` when they disagree."""
    if window is None:
        return section
    if section is not None and window.section_id != section.pk:
        raise PeopleError(_("Window %(number)s is not in that section.") % {"number": window.number})
    return window.section


def posting_facts(posting: Posting) -> dict[str, Any]:
    """Return what the audit trail keeps of a posting."""
    facts = {
        "department": posting.department_id,
        "position": posting.position_id,
        "section": posting.section_id,
        "window": posting.window_id,
        "starts_on": posting.starts_on.isoformat(),
    }
    return {**facts, "until": posting.until.isoformat()} if posting.is_loan and posting.until else facts
