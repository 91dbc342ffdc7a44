"""An exam with open answers and a scenario card: some results are out, one waits for its release, some for a marker."""

import random
from datetime import datetime, timedelta
from typing import Any

from assessments.models import Attempt, Bank, BlueprintRow, Exam, ExamPart, Item, ItemVersion, MarkingTask
from assessments.services import (
    entitle,
    hand_in,
    mark_answer,
    mark_card,
    open_exam,
    release,
    save_answer,
    settle_marking,
    start_attempt,
)
from training.competencies.models import Framework
from training.people.models import User

from .clock import Clock
from .coaching import account
from .content import load

WHY = {"en": "The centre asks for it at your window.", "zh-hans": "中心要求本窗口人员参加。"}
WAITING, MARKED, RELEASED = 4, 1, 3
SAT_WRITTEN = WAITING + MARKED + RELEASED
COMMENTS = ("", "Say who answers, and by when. 请写明由谁、何时答复。")


def build_written(*, framework: Framework, people: list[User], clock: Clock, chance: random.Random) -> None:
    """Let these people sit the exam: those first in the list have their results, those last wait for a marker."""
    exam = _build_exam(framework, clock)
    attempts = []
    for place, person in enumerate(people[:SAT_WRITTEN]):
        attempts.append(_sit(exam, person, clock.at(4, 9 + place % 6, 10 * (place % 5)), chance))
    judged = attempts[: MARKED + RELEASED]
    for place, attempt in enumerate(judged):
        _mark(attempt, place, clock.at(3, 10, 5 * place))
    settle_marking(now=clock.at(3, 15))
    told = [attempt.pk for attempt in judged[:RELEASED]]
    release(exam=exam, attempts=told, by=account("examiner"), at=clock.at(2, 11), choose=chance.choice)


def _build_exam(framework: Framework, clock: Clock) -> Exam:
    content = load("written")
    bank = Bank.objects.create(code=content["bank"]["code"], name=content["bank"]["name"])
    competencies = {one.code: one for one in framework.competencies.all()}
    exam = Exam.objects.create(
        **content["exam"],
        bank=bank,
        framework=framework,
        release=Exam.Release.PERSON,
        second_marking=Exam.SecondMarking.NONE,
    )
    part = ExamPart.objects.create(exam=exam, number=1)
    for row in content["item"]:
        competency = competencies[row["competency"]]
        _build_item(bank, row, competency.pk, clock)
        BlueprintRow.objects.create(part=part, competency=competency, kind=row["kind"], count=1)
    open_exam(exam=exam, by=account("examiner"), at=clock.at(40))
    return exam


def _build_item(bank: Bank, row: dict[str, Any], competency: int, clock: Clock) -> None:
    author, reviewer = account("examiner"), account("reviewer")
    item = Item.objects.create(
        bank=bank,
        code=row["code"],
        competency_id=competency,
        state=Item.State.LIVE,
        author=author,
        reviewer=reviewer,
    )
    key = {"criteria": row["criteria"]} | ({"events": row["events"]} if "events" in row else {})
    ItemVersion.objects.create(
        item=item,
        number=1,
        kind=row["kind"],
        stem=row["stem"],
        key=key,
        details={"minutes": row["minutes"]} if "minutes" in row else {},
        rationale=row["rationale"],
        level=row["level"],
        judged_p=row["judged_p"],
        bar=0.6,
        written_at=clock.at(60),
        written_by=author,
        approved_at=clock.at(59),
        approved_by=reviewer,
    )


def _sit(exam: Exam, person: User, at: datetime, chance: random.Random) -> Attempt:
    written = {row["code"]: row.get("answers") for row in load("written")["item"]}
    entitle(person=person, exam=exam, why=WHY, by="build_demo", at=at)
    attempt = start_attempt(person=person, exam=exam, now=at, language=person.language, seed=chance.getrandbits(31))
    moment = at
    for question in attempt.items.select_related("item_version__item"):
        moment += timedelta(minutes=chance.randint(4, 9))
        if answers := written[question.item_version.item.code]:
            value = chance.choice(answers)[person.language]
            place = {"person": person, "attempt_id": attempt.pk, "position": question.position}
            save_answer(**place, revision=0, value=value, now=moment)
    return hand_in(person=person, attempt_id=attempt.pk, now=moment + timedelta(minutes=1))


def _mark(attempt: Attempt, place: int, at: datetime) -> None:
    tasks = MarkingTask.objects.filter(attempt_item__attempt=attempt).select_related("attempt_item__item_version")
    for task in tasks.order_by("attempt_item__position"):
        version = task.attempt_item.item_version
        points = {row["id"]: max(row["points"] - (place + number) % 3, 0) for number, row in
                  enumerate(version.key["criteria"])}  # fmt: skip
        given = {"ref": task.ref, "points": points, "comment": COMMENTS[place % 2], "at": at}
        if version.kind == ItemVersion.Kind.SCENARIO:
            mark_card(observer=account("examiner"), **given)
        else:
            mark_answer(marker=account("marker"), **given)
