"""Marking oneself present by the code in the room, which changes every minute."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy

from courses.models import Attendance, TrainingSession
from courses.queries.sessions import invited, is_full
from training.lib.codes import ALPHABET
from training.operations.services import record
from training.people.models import User

from .classroom_units import settle_unit

STEP = 60
"""Seconds for which the room shows one code."""
STEPS = 2
"""For so many steps, that of its showing included, a code is taken."""
LENGTH = 8


class CheckInRefused(Exception):
    """Why nobody is marked present; `code` is the short name of the reason."""

    code = "refused"
    message = gettext_lazy("You were not marked present.")

    def __str__(self) -> str:
        return str(self.message)


class Expired(CheckInRefused):
    """The code is not one the room shows now."""

    code = "expired"
    message = gettext_lazy("This code is not valid any more. Scan the one that is on the screen now.")


class TooEarly(CheckInRefused):
    """The window is not open yet."""

    code = "early"
    message = gettext_lazy("It is too early. Come back a little before the session begins.")


class TooLate(CheckInRefused):
    """The window has closed, or the list has."""

    code = "late"
    message = gettext_lazy("It is too late to mark yourself present. Ask the trainer to do it.")


class CalledOff(CheckInRefused):
    """The session is not held."""

    code = "cancelled"
    message = gettext_lazy("This session was called off.")


class AlreadyThere(CheckInRefused):
    """The person is marked as being there."""

    code = "already"
    message = gettext_lazy("You are marked as present already.")


class Full(CheckInRefused):
    """Every seat is taken, and the person was not invited."""

    code = "full"
    message = gettext_lazy("Every seat is taken, and you are not on the list. Ask the trainer.")


def code_at(session: TrainingSession, at: datetime) -> str:
    """Return the code the room shows at that moment; only who knows the secret key of the centre can make it."""
    return _code(session, int(at.timestamp()) // STEP)


def seconds_left(at: datetime) -> int:
    """Return for how long the room goes on showing its code."""
    return STEP - int(at.timestamp()) % STEP


def session_by_code(code: str, *, at: datetime) -> TrainingSession | None:
    """Return the session whose room shows the code now, of those for which people are arriving; None without one."""
    today = timezone.localdate(at)
    near = TrainingSession.objects.filter(starts_at__date__lte=today, ends_at__date__gte=today)
    found = (one for one in near.filter(cancelled_at=None, closed_at=None).order_by("pk") if _is_shown(one, code, at))
    return next(found, None)


def admissible(*, session: TrainingSession, code: str, person: User, at: datetime) -> bool:
    """Return whether the person is invited; a guest may come while seats are left. Raises `CheckInRefused`."""
    if not _is_shown(session, code, at):
        raise Expired
    if session.cancelled_at:
        raise CalledOff
    if at < session.opens_at:
        raise TooEarly
    if at > session.shuts_at or session.closed_at:
        raise TooLate
    if session.attendances.filter(person=person, state__in=Attendance.THERE).exists():
        raise AlreadyThere
    is_invited = invited(session).filter(pk=person.pk).exists()
    if not is_invited and is_full(session):
        raise Full
    return is_invited


@transaction.atomic
def check_in(*, session: TrainingSession, code: str, person: User, at: datetime) -> Attendance:
    """Mark the person, and nobody else, present, or late some minutes after the beginning. Raises `CheckInRefused`."""
    locked = TrainingSession.objects.select_for_update(of=("self",)).select_related("unit").get(pk=session.pk)
    admissible(session=locked, code=code, person=person, at=at)
    state = Attendance.State.LATE if at > locked.late_from else Attendance.State.PRESENT
    row, _created = Attendance.objects.update_or_create(
        session=locked,
        person=person,
        defaults={
            "state": state,
            "minutes": locked.minutes,
            "how": Attendance.How.QR,
            "marked_by": person,
            "marked_at": at,
        },
    )
    after = {"state": str(state), "minutes": locked.minutes}
    record(action="courses.checked_in", by=person, subject=row, person=person, at=at, after=after)
    settle_unit(session=locked, people=[person.pk], at=at)
    return row


def _is_shown(session: TrainingSession, code: str, at: datetime) -> bool:
    step = int(at.timestamp()) // STEP
    return any(constant_time_compare(code, _code(session, step - back)) for back in range(STEPS))


def _code(session: TrainingSession, step: int) -> str:
    digest = salted_hmac("courses.checking_in", f"{session.pk}:{step}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])
