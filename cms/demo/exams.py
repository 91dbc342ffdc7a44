"""The item bank, the exam, and the attempts of people who sat it in the last months."""

import random
from datetime import datetime, timedelta

from assessments.models import (
    Attempt,
    AttemptItem,
    Bank,
    BlueprintRow,
    Exam,
    Item,
    ItemCitation,
    ItemVersion,
)
from assessments.scoring import marking
from assessments.scoring.irt import probability
from assessments.services import entitle, hand_in, open_exam, save_answer, start_attempt
from training.certificates.models import Achievement
from training.competencies.models import Competency, Framework
from training.matters.models import ClauseVersion
from training.people.models import User

from .clock import Clock
from .content import load

WHY = {"en": "You finished the course.", "zh-hans": "您已学完课程。"}


def build_bank(*, framework: Framework, clauses: dict[tuple[str, str], ClauseVersion], clock: Clock) -> Bank:
    """Create the bank: written by the examiner, reviewed by the marker, live."""
    content = load("items")
    bank = Bank.objects.create(code=content["bank"]["code"], name=content["bank"]["name"])
    author, reviewer = (User.objects.get(staff_number=number) for number in ("examiner", "marker"))
    competencies = {one.code: one for one in framework.competencies.all()}
    for row in content["item"]:
        item = Item.objects.create(
            bank=bank,
            code=row["code"],
            competency=competencies[row["competency"]],
            state=Item.State.LIVE,
            author=author,
            reviewer=reviewer,
        )
        version = ItemVersion.objects.create(
            item=item,
            number=1,
            kind=row["kind"],
            stem=row["stem"],
            options=row["options"],
            key=row["key"],
            rationale=row["rationale"],
            level=row["level"],
            judged_p=row["judged_p"],
            written_at=clock.at(200),
            written_by=author,
            approved_at=clock.at(199),
            approved_by=reviewer,
        )
        ItemCitation.objects.bulk_create(
            ItemCitation(item_version=version, clause_version=clauses[policy, key]) for policy, key in row["cites"]
        )
    return bank


def build_exam(*, bank: Bank, framework: Framework, clock: Clock) -> Exam:
    """Create the exam with its blueprint and open it."""
    told = load("items")["exam"]
    exam = Exam.objects.create(
        code=told["code"],
        title=told["title"],
        description=told["description"],
        bank=bank,
        framework=framework,
        target_level=told["target_level"],
        minutes=told["minutes"],
        attempts_allowed=told["attempts_allowed"],
        achievement=Achievement.objects.get(code="service-rules"),
    )
    for row in told["blueprint"]:
        competency = Competency.objects.get(framework=framework, code=row["competency"])
        BlueprintRow.objects.create(exam=exam, competency=competency, count=row["count"])
    open_exam(exam=exam, by=User.objects.get(staff_number="examiner"), at=clock.at(190))
    return exam


def sit(*, person: User, exam: Exam, ability: float, at: datetime, chance: random.Random) -> Attempt:
    """Let a person of that ability sit the exam, answer by answer, and hand it in."""
    if not person.entitlements.filter(exam=exam).exists():
        entitle(person=person, exam=exam, why=WHY, by="build_demo", at=at)
    attempt = start_attempt(person=person, exam=exam, now=at, language=person.language, seed=chance.getrandbits(31))
    moment = at
    for question in attempt.items.select_related("item_version"):
        moment += timedelta(seconds=chance.randint(20, 70))
        right = chance.random() < probability(ability, question.a, -question.a * question.b).item()
        save_answer(
            person=person,
            attempt_id=attempt.pk,
            position=question.position,
            revision=0,
            value=_numbers(question, right=right, chance=chance),
            now=moment,
        )
    return hand_in(person=person, attempt_id=attempt.pk, now=moment + timedelta(seconds=30))


def _numbers(question: AttemptItem, *, right: bool, chance: random.Random) -> marking.Seen:
    """Return an answer as the candidate gives it: the right one, or a plausible wrong one."""
    version = question.item_version
    key, options = version.key, list(question.option_order)
    if version.kind == ItemVersion.Kind.ORDERING:
        answer = list(key)
        while not right and answer == list(key):
            chance.shuffle(answer)
        return question.as_seen(answer)
    if version.kind == ItemVersion.Kind.MULTIPLE:
        answer = list(key) if right else chance.sample(options, k=chance.randint(1, len(options) - 1))
        if not right and set(answer) == set(key):
            answer = answer[1:] or [next(option for option in options if option not in key)]
        return question.as_seen(answer)
    wrong = [option for option in options if option not in key]
    return question.as_seen(key[0] if right else chance.choice(wrong))
