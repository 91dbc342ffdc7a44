"""Starting an attempt: the place is used up, the paper drawn and frozen, the clock set."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import Attempt, AttemptItem, AttemptPart, Entitlement, Exam, ExamSession, ItemVersion
from assessments.permissions import Refused, entitlement_to_use, extra_minutes, window_of
from assessments.queries import AvailableItem, available_items, cuts_of, pilot_pool
from assessments.scoring import marking
from training.operations.services import record
from training.people.models import User
from training.people.services import Limit, count_failure, is_exhausted

from .adapting import ask_first, freeze_plan
from .papers import paper_for, with_pilots
from .parts import freeze_parts

CODES = 5
WAIT = timedelta(minutes=5)


class WrongCode(Refused):
    """The code of the session is another."""

    code = "wrong_code"
    message = gettext_lazy("This is not the access code of the session. The invigilator tells it in the room.")


class TooManyCodes(Refused):
    """The person tried too many codes."""

    code = "too_many_codes"
    message = gettext_lazy("Too many wrong codes. Ask the invigilator, and try again in five minutes.")


@dataclass(frozen=True, slots=True)
class Entrance:
    """How somebody comes to an exam: the code they were told, and the browser that will answer ("": any)."""

    code: str = ""
    device: str = ""


def start_attempt(
    *,
    person: User,
    exam: Exam,
    now: datetime,
    language: str,
    seed: int | None = None,
    entrance: Entrance = Entrance(),
) -> Attempt:
    """Start an attempt, or return the one that is open: starting twice, or twice at once, gives one.

    The same `seed` on the same bank gives the same paper; without one it is random. Raises `Refused`, and then no
    attempt is used up.
    """
    try:
        with transaction.atomic():
            return _start(person, exam, now, language, secrets.randbits(62) if seed is None else seed, entrance)
    except WrongCode:
        # Counted for the person, who has signed in: nobody can use up the tries of another.
        count_failure([_code_limit(person)], at=now)
        raise
    except IntegrityError:
        # Another start won the race past every lock; the constraint let one through.
        return Attempt.objects.of(person).open().get(exam=exam)


def _start(person: User, exam: Exam, now: datetime, language: str, seed: int, entrance: Entrance) -> Attempt:
    # The lock makes a second start wait here, so that it sees the first one's attempt and no place is used twice.
    places = Entitlement.objects.select_for_update(of=("self",)).select_related("session")
    granted = list(places.filter(person=person, exam=exam))
    attempts = list(Attempt.objects.of(person).filter(exam=exam))
    if running := next((attempt for attempt in attempts if attempt.is_open), None):
        return running
    used = entitlement_to_use(exam, granted, attempts, now)
    _ask_for_code(person, used.session, entrance.code, now)
    extra = extra_minutes(granted, now)
    attempt = Attempt.objects.create(
        person=person,
        exam=exam,
        entitlement=used,
        seed=seed,
        language=language,
        started_at=now,
        minutes=exam.minutes,
        extra_minutes=extra,
        deadline=rules.deadline(now, exam.minutes, window_of(exam, used)[1], extra),
        session=used.session,
        device=entrance.device,
        target_level=exam.target_level,
        cuts=cuts_of(exam),
    )
    _begin_adaptive(attempt) if exam.is_adaptive else _freeze_paper(attempt)
    after = {"deadline": attempt.deadline.isoformat(), "extra_minutes": extra, "entitlement": used.pk}
    record(action="assessments.started", by=person, subject=attempt, at=now, person=person, after=after)
    return attempt


def _ask_for_code(person: User, session: ExamSession | None, code: str, now: datetime) -> None:
    if session is None or not session.access_code:
        return
    if is_exhausted([_code_limit(person)], at=now):
        raise TooManyCodes
    if not constant_time_compare(code.strip().casefold(), session.access_code.strip().casefold()):
        raise WrongCode


def _code_limit(person: User) -> Limit:
    return Limit("exam code", CODES, WAIT, str(person.pk))


def _begin_adaptive(attempt: Attempt) -> None:
    plan = freeze_plan(attempt)
    ask_first(plan, freeze_parts(attempt, {1: plan.longest})[1])


def _freeze_paper(attempt: Attempt) -> None:
    """Draw the paper and write down what later changes of the bank must not touch: versions, order, parameters."""
    today = timezone.localdate(attempt.started_at)
    chance = random.Random(attempt.seed)  # noqa: S311 - a paper must be drawn again from its seed; keys are no secret here
    pool = available_items(attempt.exam, on=today, cuts=attempt.cuts)
    drawn = paper_for(attempt.exam, pool, chance)
    tried: set[int] = set()
    if attempt.exam.pilots:
        asked = {item.competency_id for items in drawn.values() for item in items}
        pilots = pilot_pool(attempt.exam, asked, on=today, cuts=attempt.cuts)
        tried = {item.version_id for item in pilots.items}
        drawn = with_pilots(attempt.exam, drawn, pilots, chance)
    parts = freeze_parts(attempt, {number: len(items) for number, items in drawn.items()})
    places = [(parts[number], item) for number, items in drawn.items() for item in items]
    versions = ItemVersion.objects.only("kind", "options", "parts", "key").in_bulk(
        [item.version_id for _part, item in places]
    )
    AttemptItem.objects.bulk_create(
        _question(part, position, item, versions[item.version_id], chance, is_pilot=item.version_id in tried)
        for position, (part, item) in enumerate(places, start=1)
    )


def _question(
    part: AttemptPart,
    position: int,
    item: AvailableItem,
    version: ItemVersion,
    chance: random.Random,
    *,
    is_pilot: bool,
) -> AttemptItem:
    return AttemptItem(
        attempt=part.attempt,
        part=part,
        position=position,
        item_version=version,
        competency_id=item.competency_id,
        option_order=marking.shown_order(version.shape, version.key, chance),
        a=item.slope,
        b=item.difficulty,
        b_sd=item.doubt,
        is_pilot=is_pilot,
        parameters_id=item.parameters_id,
    )
