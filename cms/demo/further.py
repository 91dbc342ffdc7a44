"""Two exams more: one paper for everybody, and one in two parts whose open answers two people mark."""

import random
from datetime import datetime, timedelta
from typing import Any

from assessments import rules
from assessments.models import Attempt, Bank, Exam, Item, ItemVersion, MarkingTask
from assessments.scoring.irt import probability
from assessments.services import (
    Content,
    PartFacts,
    begin_next_part,
    choose_item,
    create_exam,
    entitle,
    give_places,
    hand_in,
    mark_answer,
    open_exam,
    plan_session,
    save_answer,
    settle_marking,
    start_attempt,
)
from training.competencies.models import Framework
from training.people.models import User

from .answers import given
from .clock import Clock
from .coaching import account
from .content import load

WHY = {"en": "Your department asks for it this quarter.", "zh-hans": "本季度部门要求参加。"}
SAT_FIXED, SAT_PARTS = 6, 6
BOTH_MARKED = 2  # of those who sat in parts; the others still wait for the second marker, the last for both
FIRST, SECOND = "invigilator", "marker"
SESSIONS = ((0, 0, 23), (4, 9, 11))  # days ahead, from which hour to which
ROOM, ACCESS_CODE, SEATS = "五楼机考室 5/F", "8021", 6
NEXT = ("clerk", "clerk2", "teacher2")  # who has a place in both and has not sat yet


def build_further(*, bank: Bank, framework: Framework, people: list[User], clock: Clock, chance: random.Random) -> None:
    """Open both exams, let these people sit them, and leave answers to a second marker."""
    fixed, parts = _build_fixed(bank, framework, clock), _build_parts(bank, framework, clock)
    for place, person in enumerate(people[:SAT_FIXED]):
        _sit(fixed, person, clock.at(6, 9 + place, 20), chance)
    sat = [
        _sit(parts, person, clock.at(5, 9 + place, 10), chance)
        for place, person in enumerate(people[SAT_FIXED : SAT_FIXED + SAT_PARTS])
    ]
    for place, attempt in enumerate(sat[:-1]):
        _mark(attempt, FIRST, place, clock.at(3, 14, 5 * place))
    for place, attempt in enumerate(sat[:BOTH_MARKED]):
        _mark(attempt, SECOND, place, clock.at(2, 15, 5 * place))
    settle_marking(now=clock.at(2, 17))
    for number in NEXT:
        for exam in (fixed, parts):
            entitle(person=account(number), exam=exam, why=WHY, by=account("examiner"), at=clock.at(1))
    _plan_sessions(fixed, people[SAT_FIXED + SAT_PARTS :], clock)


def _plan_sessions(exam: Exam, people: list[User], clock: Clock) -> None:
    """One session all through the demo's day, one some days later; each has people who have not sat the exam."""
    hand = {"by": account("examiner"), "at": clock.at(1)}
    for place, (ahead, first, last) in enumerate(SESSIONS):
        opens, closes = clock.at(-ahead, first), clock.at(-ahead, last)
        facts = {"opens_at": opens, "closes_at": closes, "room": ROOM, "access_code": ACCESS_CODE}
        session = plan_session(exam=exam, invigilators=[account(FIRST)], **facts, **hand)
        chosen = people[place * SEATS : (place + 1) * SEATS]
        give_places(session=session, people=chosen, waiting=[], **hand)


def _build_fixed(bank: Bank, framework: Framework, clock: Clock) -> Exam:
    told, chosen = load("further")["fixed"], load("further")["fixed_paper"]
    rows = [_row(framework, {"competency": chosen["competency"], "count": len(chosen["paper"])})]
    hand = {"by": account("examiner"), "at": clock.at(30)}
    exam = create_exam(content=Content(rows), bank=bank, framework=framework, **told, **hand)
    items = {item.code: item for item in Item.objects.filter(bank=bank, code__in=chosen["paper"])}
    for code in chosen["paper"]:
        choose_item(exam=exam, item=items[code], part=1, **hand)
    open_exam(exam=exam, **hand)
    return exam


def _build_parts(bank: Bank, framework: Framework, clock: Clock) -> Exam:
    told, parts = load("further")["parts"], load("further")["part"]
    rows = [_row(framework, row, number) for number, part in enumerate(parts, start=1) for row in part["rows"]]
    facts = [PartFacts(**{name: value for name, value in part.items() if name != "rows"}) for part in parts]
    hand = {"by": account("examiner"), "at": clock.at(30)}
    marked = {"release": Exam.Release.PERSON, "second_marking": Exam.SecondMarking.ALWAYS}
    exam = create_exam(content=Content(rows, facts), bank=bank, framework=framework, **told, **marked, **hand)
    open_exam(exam=exam, **hand)
    return exam


def _row(framework: Framework, told: dict[str, Any], part: int = 1) -> rules.BlueprintRow:
    competency = framework.competencies.get(code=told["competency"])
    return rules.BlueprintRow(competency.pk, told["count"], kind=told.get("kind"), part=part)


def _sit(exam: Exam, person: User, at: datetime, chance: random.Random) -> Attempt:
    """Let a person answer part after part and hand in."""
    entitle(person=person, exam=exam, why=WHY, by="build_demo", at=at)
    attempt = start_attempt(person=person, exam=exam, now=at, language=person.language, seed=chance.getrandbits(31))
    place, ability, moment, open_part = {"person": person, "attempt_id": attempt.pk}, chance.gauss(0.5, 0.8), at, 1
    for question in attempt.items.select_related("item_version__item", "part").order_by("position"):
        if question.part.number != open_part:
            begin_next_part(**place, number=open_part, now=moment)
            open_part = question.part.number
        moment += timedelta(seconds=chance.randint(40, 80))
        value = _answer(question, ability, person.language, chance)
        save_answer(**place, position=question.position, revision=0, value=value, now=moment)
    return hand_in(**place, now=moment + timedelta(minutes=1))


def _answer(question: Any, ability: float, language: str, chance: random.Random) -> Any:
    if question.item_version.kind == ItemVersion.Kind.OPEN:
        written = {row["code"]: row["answers"] for row in load("further")["item"]}
        return chance.choice(written[question.item_version.item.code])[language]
    right = chance.random() < probability(ability, question.a, -question.a * question.b).item()
    return given(question, right=right, chance=chance)


def _mark(attempt: Attempt, marker: str, place: int, at: datetime) -> None:
    tasks = MarkingTask.objects.filter(attempt_item__attempt=attempt).select_related("attempt_item__item_version")
    for task in tasks.order_by("attempt_item__position"):
        criteria = task.attempt_item.item_version.key["criteria"]
        points = {row["id"]: max(row["points"] - (place + number) % 2, 0) for number, row in enumerate(criteria)}
        mark_answer(marker=account(marker), ref=task.ref, points=points, comment="", at=at)
