"""The parts of a paper, one after the other: the server opens and closes them, and what is closed stays closed."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from assessments import rules
from assessments.models import Attempt, AttemptPart, ExamPart
from training.operations.services import Actor, record
from training.people.models import User

from .answering import GRACE, Browser, check_running

logger = logging.getLogger(__name__)

THE_CLOCK = "tick"


def freeze_parts(attempt: Attempt, sizes: Mapping[int, int]) -> dict[int, AttemptPart]:
    """Write down the parts of an attempt that has just begun and open the first; return them by number.

    `sizes` says how many questions each part has. No later change of the exam touches them.
    """
    parts = [
        AttemptPart(
            attempt=attempt,
            number=part.number,
            title=part.title,
            introduction=part.introduction,
            minutes=part.minutes,
            extra_minutes=rules.extra_share(attempt.extra_minutes, part.minutes, attempt.minutes),
            order=ExamPart.Order.IN_ORDER if attempt.exam.is_adaptive else part.order,
        )
        for part in attempt.exam.parts.filter(number__in=sizes)
    ]
    _open(parts[0], first=1, is_last=len(parts) == 1, at=attempt.started_at)
    return {part.number: part for part in AttemptPart.objects.bulk_create(parts)}


@transaction.atomic
def begin_next_part(
    *, person: User, attempt_id: int, number: int, now: datetime, browser: Browser | None = None
) -> None:
    """Close a person's part of that number and open the next; done before, or the last one, nothing changes.

    Raises Attempt.DoesNotExist for another's attempt, and as `check_running`.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "person")
    found = attempt.get(pk=attempt_id, person=person)
    check_running(found, browser, now)
    _step(found, number, by=person, at=now)


def open_next_due(*, now: datetime) -> tuple[list[int], list[int]]:
    """Close each part whose time and grace are over and open the next; return the attempts done and failed.

    What ends with its last part is left to `finalise_due`; a paused attempt waits.
    """
    done, failed = [], []
    for attempt_id, number in list(_due(now).order_by("deadline").values_list("attempt", "number")):
        try:
            with transaction.atomic():
                locked = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "person")
                attempt = locked.get(pk=attempt_id)
                # Asked again under the lock: time may have been given, or the person went on.
                if _due(now).filter(attempt=attempt, number=number).exists() and _step(
                    attempt, number, by=THE_CLOCK, at=now
                ):
                    done.append(attempt_id)
        except Exception:  # whatever is wrong with one attempt must not cost the others their next part
            logger.exception("attempt %s could not go on to its next part", attempt_id)
            failed.append(attempt_id)
    return done, failed


def move_deadlines(attempts: Mapping[int, timedelta]) -> None:
    """Move the end of the part that is open, by attempt, as the end of the attempt itself was moved."""
    parts = list(AttemptPart.objects.filter(attempt__in=attempts, opened_at__isnull=False, closed_at=None))
    for part in parts:
        assert part.deadline is not None
        part.deadline += attempts[part.attempt_id]
    AttemptPart.objects.bulk_update(parts, ["deadline"])


def _due(now: datetime) -> QuerySet[AttemptPart]:
    return AttemptPart.objects.filter(
        opened_at__isnull=False,
        closed_at=None,
        deadline__lt=now - GRACE,
        attempt__state=Attempt.State.OPEN,
        attempt__paused_at=None,
        attempt__deadline__gte=now - GRACE,
    )


def _step(attempt: Attempt, number: int, *, by: Actor, at: datetime) -> bool:
    """From the open part of a locked attempt to the next; say whether there was anything to do."""
    parts = list(attempt.parts.all())
    current = next((part for part in parts if part.is_open), None)
    coming = [part for part in parts if part.opened_at is None]
    if current is None or current.number != number or not coming:
        return False
    current.closed_at = at
    current.save(update_fields=["closed_at"])
    first = coming[0].items.aggregate(first=Min("position"))["first"]
    _open(coming[0], first=first, is_last=len(coming) == 1, at=at)
    coming[0].save(update_fields=["opened_at", "deadline", "reached"])
    assert coming[0].deadline is not None
    after = {"part": coming[0].number, "deadline": coming[0].deadline.isoformat()}
    record(action="assessments.part_begun", by=by, subject=attempt, at=at, person=attempt.person, after=after)
    return True


def _open(part: AttemptPart, *, first: int, is_last: bool, at: datetime) -> None:
    """Set the clock of a part, unsaved; the attempt ends with its last part."""
    attempt = part.attempt
    part.opened_at = at
    part.deadline = rules.part_deadline(at, part.minutes, part.extra_minutes, attempt.deadline)
    part.reached = first if part.in_order else None
    if is_last and attempt.deadline != part.deadline:
        attempt.deadline = part.deadline
        attempt.save(update_fields=["deadline"])
