"""The trial of the bank before the exam counted: everybody there that day answered every question, on paper.

Its rows are written in sets, as answers brought over are: it was no exam of anybody's, so it gave neither evidence nor
certificates. From it comes the calibration that is in force; a second one waits for the examiner's decision.
"""

import random
from datetime import timedelta
from typing import Any

from assessments.models import (
    Attempt,
    AttemptItem,
    AttemptPart,
    Bank,
    Calibration,
    Entitlement,
    Exam,
    ItemVersion,
    Mark,
    Response,
)
from assessments.queries import Answered, available_items
from assessments.scoring.irt import probability
from assessments.scoring.marking import credit
from assessments.scoring.screening import GRAVE
from assessments.services import Refused, accept_calibration, estimate, start_calibration
from assessments.services.outcome import set_handed_in, set_result
from training.lib.imports import Silent
from training.operations.models import Job
from training.people.models import User

from .clock import Clock

HELD, CALIBRATED, DECIDED, ASKED_AGAIN = 17, 15, 14, 0  # days ago
MINUTES = 60
MOST = 500  # enough for any model; a centre of ten thousand would not try its bank out on all of them
TITLE = {"en": "Trial of the question bank", "zh-hans": "题库试测"}
TOLD = {
    "en": "Every question of the bank, on paper. It counted for nobody.",
    "zh-hans": "纸质试测题库全部题目，不计成绩。",
}
WHY = {"en": "The bank was tried out.", "zh-hans": "题库试测。"}
AUTHORS_ERR, SPREAD, MEAN = 0.4, 0.9, 0.3  # logits
STRETCH = 1.25
"""Authors judge items nearer to the middle than they are."""
BAD_KEY = "otn-04"
"""An item with a wrong option that draws the able: what a calibration is there to find."""


def hold_trial(*, bank: Bank, exam: Exam, clock: Clock, chance: random.Random) -> None:
    """Let the staff of that day, or as many as are enough, answer every item of the bank."""
    trial = Exam.objects.create(
        code=f"{exam.code}-trial",
        title=TITLE,
        description=TOLD,
        bank=bank,
        framework=exam.framework,
        target_level=exam.target_level,
        minutes=MINUTES,
        reference_form=exam.reference_form,
    )
    people = User.objects.filter(staff_number__startswith="2", postings__until=None)
    people = people.filter(postings__starts_on__lt=clock.ago(HELD)).distinct().order_by("staff_number")[:MOST]
    at = clock.at(HELD)
    places = Entitlement.objects.bulk_create(
        Entitlement(person=person, exam=trial, why=WHY, granted_at=at, until=at) for person in people
    )
    attempts = Attempt.objects.bulk_create(_attempt(place, clock, chance) for place in places)
    wholes = AttemptPart.objects.bulk_create(_whole(attempt) for attempt in attempts)
    items = {item.version_id: item for item in available_items(trial, on=clock.ago(HELD))}
    versions = list(ItemVersion.objects.filter(pk__in=items).select_related("item").order_by("pk"))
    real = {pk: STRETCH * item.difficulty + chance.gauss(0, AUTHORS_ERR) for pk, item in items.items()}
    papers = [_paper(whole, versions, items, real, chance) for whole in wholes]
    questions = AttemptItem.objects.bulk_create([row for paper in papers for row in paper], batch_size=500)
    Response.objects.bulk_create(
        [Response(attempt_item=row, revision=1, value=row.answer, saved_at=at) for row in questions], batch_size=500
    )
    marks = [Mark(attempt_item=row, credit=_credit(row)) for row in questions]
    Mark.objects.bulk_create(marks, batch_size=500)
    earned = {mark.attempt_item_id: mark.credit for mark in marks}
    for attempt, paper in zip(attempts, papers, strict=True):
        set_handed_in(attempt, sum(row.answer is not None for row in paper), at + timedelta(minutes=50))
        set_result(attempt, [Answered(row, earned[row.pk]) for row in paper], at + timedelta(minutes=50))
        attempt.save()


def calibrate_trial(*, bank: Bank, clock: Clock) -> None:
    """Work the trial out and accept it, leaving out what is gravely wrong."""
    found = _calibrated(bank, clock, since=HELD + 1, until=HELD - 1, days_ago=CALIBRATED)
    if found is None or not found.is_sound:
        return
    rows = [row for row in found.parameters.filter(usable=True) if not GRAVE & set(row.troubles)]
    if rows:
        items = [row.item_version_id for row in rows]
        accept_calibration(calibration=found, items=items, by=_examiner(), at=clock.at(DECIDED))


def calibrate_again(*, bank: Bank, clock: Clock) -> None:
    """Work out everything there is; nobody has decided on it yet."""
    _calibrated(bank, clock, since=HELD + 1, until=0, days_ago=ASKED_AGAIN)


def _calibrated(bank: Bank, clock: Clock, *, since: int, until: int, days_ago: int) -> Calibration | None:
    period = {"since": clock.ago(since), "until": clock.ago(until)}
    at = clock.at(days_ago, 8)
    try:
        asked = start_calibration(bank=bank, model="rasch", **period, first_only=False, by=_examiner(), at=at)
    except Refused:  # so few staff that there is nothing to work out
        return None
    estimate(calibration=asked, progress=Silent(), at=at)
    Job.objects.filter(pk=str(asked.job_id)).update(
        state=Job.State.DONE, done=100, total=100, began_at=at, finished_at=at, enqueued_at=None
    )
    asked.refresh_from_db()
    return asked


def _examiner() -> User:
    return User.objects.get(staff_number="examiner")


def _attempt(place: Entitlement, clock: Clock, chance: random.Random) -> Attempt:
    at = clock.at(HELD)
    return Attempt(
        person=place.person,
        exam=place.exam,
        entitlement=place,
        seed=chance.getrandbits(31),
        language=place.person.language,
        started_at=at,
        minutes=MINUTES,
        deadline=at + timedelta(minutes=MINUTES),
        target_level=place.exam.target_level,
        cuts=place.exam.framework.cuts(),
    )


def _whole(attempt: Attempt) -> AttemptPart:
    return AttemptPart(
        attempt=attempt,
        number=1,
        opened_at=attempt.started_at,
        deadline=attempt.deadline,
        closed_at=attempt.started_at + timedelta(minutes=50),
    )


def _paper(
    whole: AttemptPart,
    versions: list[ItemVersion],
    items: dict[int, Any],
    real: dict[int, float],
    chance: random.Random,
) -> list[AttemptItem]:
    ability, paper = chance.gauss(MEAN, SPREAD), []
    for position, version in enumerate(versions, start=1):
        item = items[version.pk]
        row = AttemptItem(
            attempt=whole.attempt,
            part=whole,
            position=position,
            item_version=version,
            competency_id=item.competency_id,
            option_order=[option["id"] for option in version.options],
            a=item.slope,
            b=item.difficulty,
            b_sd=item.doubt,
            seen_at=whole.attempt.started_at + timedelta(minutes=position),
        )
        right = chance.random() < probability(ability, 1.0, -real[version.pk]).item()
        row.answer = _answer(version, right=right, able=ability > MEAN, chance=chance)
        paper.append(row)
    return paper


def _answer(version: ItemVersion, *, right: bool, able: bool, chance: random.Random) -> str | list[str]:
    ids, key = [option["id"] for option in version.options], list(version.key)
    if version.kind == ItemVersion.Kind.ORDERING:
        while not right and ids == key:
            chance.shuffle(ids)
        return key if right else ids
    if version.kind == ItemVersion.Kind.MULTIPLE:
        wrong = [one for one in ids if one not in key]
        return key if right else sorted({*key[1:], chance.choice(wrong or key)}, key=ids.index)
    wrong = [one for one in ids if one not in key]
    if version.item.code == BAD_KEY:
        return wrong[0] if able and chance.random() < 0.75 else chance.choice(ids)
    return key[0] if right else chance.choice(wrong)


def _credit(row: AttemptItem) -> float:
    return credit(row.item_version.shape, row.item_version.key, row.answer)
