"""The exams, and the attempts of people who sat them in the last months."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from assessments import rules
from assessments.models import Attempt, Bank, BlueprintRow, Exam, ExamPart
from assessments.scoring.irt import probability
from assessments.services import entitle, hand_in, open_exam, save_answer, start_attempt
from training.certificates.models import Achievement
from training.competencies.models import Competency, Framework
from training.people.models import User

from .answers import given
from .clock import Clock
from .content import load

ASKED = {"en": "You know the rules; see how the adaptive exam feels.", "zh-hans": "请体验自适应考试。"}
WHY = {"en": "You finished the course.", "zh-hans": "您已学完课程。"}


def build_exam(name: str, *, bank: Bank, framework: Framework, clock: Clock, achievement: str = "") -> Exam:
    """Create the exam of a content file with its blueprint and open it."""
    exam = _written(load(name)["exam"], bank, framework, achievement)
    open_exam(exam=exam, by=User.objects.get(staff_number="examiner"), at=clock.at(190))
    return exam


def build_adaptive_exam(*, bank: Bank, framework: Framework, clock: Clock) -> None:
    """Create the adaptive exam with a place for the marker; it opens if there was staff enough to calibrate."""
    exam = _written(load("items")["adaptive"], bank, framework)
    with suppress(rules.NotEnoughItems):
        open_exam(exam=exam, by=User.objects.get(staff_number="examiner"), at=clock.at(13))
        entitle(person=User.objects.get(staff_number="marker"), exam=exam, why=ASKED, by="build_demo", at=clock.at(12))


def _written(told: dict[str, Any], bank: Bank, framework: Framework, achievement: str = "") -> Exam:
    facts = {name: value for name, value in told.items() if name not in ("course", "blueprint")}
    earns = Achievement.objects.get(code=achievement) if achievement else None
    exam = Exam.objects.create(**facts, bank=bank, framework=framework, achievement=earns)
    part = ExamPart.objects.create(exam=exam, number=1)
    for row in told["blueprint"]:
        competency = Competency.objects.get(framework=framework, code=row["competency"])
        BlueprintRow.objects.create(part=part, competency=competency, count=row["count"])
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
            value=given(question, right=right, chance=chance),
            now=moment,
        )
    return hand_in(person=person, attempt_id=attempt.pk, now=moment + timedelta(seconds=30))
