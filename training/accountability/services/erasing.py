"""Making somebody anonymous who left: one person asks with a reason, a second confirms, a job does it."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.accountability.models import Erasure
from training.accountability.queries.erasures import dry_run, erasable_from, events_naming, identity_of, own_events
from training.lib.erasing import kinds_about
from training.lib.texts import in_each_language
from training.operations.services import record, redact, start_job
from training.people import permissions
from training.people.models import User
from training.people.services import forget_person

ERASE = "training.accountability.tasks.erase"
PROCESS = "erasure"
"""Stands as who emptied the events: a name there could never be taken out again."""
LABEL = gettext_lazy("Making somebody anonymous")


class ErasureError(Exception):
    """An erasure that is not asked for or not decided, and why, in words for whoever tries."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class NotYours(ErasureError):
    message = gettext_lazy("Only HR and administrators who keep this record may do that.")


class StillHere(ErasureError):
    message = gettext_lazy("This person works here. Only somebody who has left can be made anonymous.")


class AlreadyErased(ErasureError):
    message = gettext_lazy("This person was made anonymous already.")


class AlreadyAsked(ErasureError):
    message = gettext_lazy("Somebody has asked for this already. A second person decides about it.")


class AlreadyDecided(ErasureError):
    message = gettext_lazy("This has been decided already.")


class NeedsSecondPerson(ErasureError):
    message = gettext_lazy("A second person must decide: not who asked for it.")


class NeedsReason(ErasureError):
    message = gettext_lazy("Write down why, such as: asked for by letter of 3 March, retention over.")


class TooEarly(ErasureError):
    """The person did something here less than six months ago."""

    def __init__(self, day: Any) -> None:
        super().__init__()
        text = _("What this person did here must be kept for six months. They can be made anonymous from %(day)s on.")
        self.message = text % {"day": date_format(day, "DATE_FORMAT")}


@transaction.atomic
def ask_erasure(*, person: User, reason: str, by: User, at: datetime) -> Erasure:
    """Ask to make somebody anonymous; until a second person confirms, nothing changes.

    Raises `NotYours`, `StillHere`, `AlreadyErased`, `AlreadyAsked`, `NeedsReason`, or `TooEarly` within six months of
    their last act here.
    """
    current = User.objects.select_for_update(of=("self",)).select_related("department").get(pk=person.pk)
    _require_erasable(current, by=by, at=at)
    if not reason.strip():
        raise NeedsReason
    if Erasure.objects.filter(person=current).exclude(state=Erasure.State.REFUSED).exists():
        raise AlreadyAsked
    erasure = Erasure.objects.create(person=current, reason=reason.strip(), asked_by=by, asked_at=at)
    record(action="accountability.erasure_asked", by=by, subject=erasure, person=current, at=at)
    return erasure


@transaction.atomic
def confirm_erasure(*, erasure: Erasure, by: User, at: datetime) -> Erasure:
    """Have the person made anonymous by a job; it cannot be undone. What there is to do is counted and kept.

    Raises as `ask_erasure` does, `NeedsSecondPerson` for who asked, `AlreadyDecided` when somebody was first.
    """
    current = _undecided(erasure, by=by)
    _require_erasable(current.person, by=by, at=at)
    current.counts = dry_run(current.person).counts()
    arguments = {"erasure": current.pk}
    current.job_id = start_job(task=ERASE, arguments=arguments, by=by, at=at, label=in_each_language(LABEL)).pk
    _decide(current, Erasure.State.CONFIRMED, by=by, at=at)
    record(action="accountability.erasure_confirmed", by=by, subject=current, person=current.person, at=at)
    return current


@transaction.atomic
def refuse_erasure(*, erasure: Erasure, by: User, at: datetime) -> Erasure:
    """Leave the person as they are. Raises as `confirm_erasure` does."""
    current = _undecided(erasure, by=by)
    _decide(current, Erasure.State.REFUSED, by=by, at=at)
    record(action="accountability.erasure_refused", by=by, subject=current, person=current.person, at=at)
    return current


def refusal_of(*, person: User, by: User, at: datetime) -> str:
    """Return why the person cannot be made anonymous today, or is to be already; "" when they can."""
    try:
        _require_erasable(person, by=by, at=at)
    except ErasureError as refusal:
        return str(refusal)
    waits = Erasure.objects.filter(person=person).exclude(state=Erasure.State.REFUSED).exists()
    return str(AlreadyAsked()) if waits else ""


def erase(*, erasure: Erasure, progress: Any, at: datetime) -> None:
    """Do a confirmed erasure, kind by kind; broken off and begun again it goes on.

    The record itself comes last, in one transaction with the mark that it is done: until then the names are known that
    are to be found.
    """
    if erasure.state != Erasure.State.CONFIRMED:
        return
    person = erasure.person
    identity = identity_of(person)
    steps = [kind.act for kind in kinds_about(person, identity) if kind.act is not None]
    progress.start(len(steps) + 2)
    for step in steps:
        with transaction.atomic():
            step()
        progress.advance()
    empty_trail = partial(redact, by=PROCESS, subject=erasure, person=person, at=at)
    for events in (own_events(person), *events_naming(person, identity)):
        empty_trail(events=events)
    progress.advance()
    with transaction.atomic():
        empty_trail(events=own_events(person))  # what was written meanwhile
        forget_person(person=person, at=at)
        Erasure.objects.filter(pk=erasure.pk).update(state=Erasure.State.DONE, done_at=at)
        record(action="accountability.erasure_done", by=PROCESS, subject=erasure, person=person, at=at)
    progress.advance()


def _require_erasable(person: User, *, by: User, at: datetime) -> None:
    if by.pk == person.pk or not permissions.may_touch(by, person):
        raise NotYours
    if person.is_active:
        raise StillHere
    if person.erased_at:
        raise AlreadyErased
    first_day = erasable_from(person)
    if first_day and timezone.localtime(at).date() < first_day:
        raise TooEarly(first_day)


def _undecided(erasure: Erasure, *, by: User) -> Erasure:
    rows = Erasure.objects.select_for_update(of=("self",)).select_related("person__department")
    current = rows.get(pk=erasure.pk)
    if by.pk == current.asked_by_id:
        raise NeedsSecondPerson
    if not permissions.may_touch(by, current.person):
        raise NotYours
    if current.state != Erasure.State.ASKED:
        raise AlreadyDecided
    return current


def _decide(erasure: Erasure, state: Erasure.State, *, by: User, at: datetime) -> None:
    erasure.state, erasure.decided_by, erasure.decided_at = state, by, at
    erasure.save(update_fields=["state", "decided_by", "decided_at", "job_id", "counts"])
