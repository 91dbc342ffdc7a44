"""Banks, items, exams, and attempts in the states a test needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from assessments.models import (
    Attempt,
    AttemptItem,
    Bank,
    BlueprintRow,
    Entitlement,
    Exam,
    ExamPart,
    ExamSession,
    Item,
    ItemVersion,
)
from assessments.services import entitle, hand_in, open_exam, save_answer, start_attempt
from tests.factories.competencies import CompetencyFactory, FrameworkFactory
from tests.factories.people import UserFactory
from training.competencies.models import Competency
from training.people.models import User

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9 o'clock in the centre
LETTERS = "abcdef"


def options(*ids: str) -> list[dict[str, Any]]:
    return [{"id": i, "text": {"en": f"Option {i.upper()}", "zh-hans": f"选项{i.upper()}"}} for i in ids]


def line(ident: str) -> dict[str, Any]:
    return {"id": ident, "text": {"en": f"Line {ident.upper()}", "zh-hans": f"第{ident.upper()}行"}}


def lines(*ids: str) -> list[dict[str, Any]]:
    return [line(ident) for ident in ids]


class BankFactory(DjangoModelFactory):
    class Meta:
        model = Bank

    code = factory.Sequence(lambda n: f"bank-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Bank {o.code}", "zh-hans": f"题库{o.code}"})


class ItemFactory(DjangoModelFactory):
    """A live item without a version; `draft` for one nobody reviewed."""

    class Meta:
        model = Item

    bank = factory.SubFactory(BankFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    competency = factory.SubFactory(CompetencyFactory)
    state = Item.State.LIVE
    author = factory.SubFactory(UserFactory)
    reviewer = factory.SubFactory(UserFactory)

    class Params:
        draft = factory.Trait(state=Item.State.DRAFT, reviewer=None)


class ItemVersionFactory(DjangoModelFactory):
    """A single choice of four whose first option is right, approved if its item is; each other kind is a trait."""

    class Meta:
        model = ItemVersion

    item = factory.SubFactory(ItemFactory)
    number = 1
    kind = ItemVersion.Kind.SINGLE
    stem = factory.LazyAttribute(lambda o: {"en": f"Stem of {o.item.code}", "zh-hans": f"题干{o.item.code}"})
    options = options("a", "b", "c", "d")
    key = ["a"]
    rationale = {"en": "Because of the rules.", "zh-hans": "依据规定。"}
    level = 3
    judged_p = 0.65
    written_at = NOW - timedelta(days=90)
    words = factory.LazyAttribute(lambda o: "\n".join(o.stem.values()).casefold())
    written_by = factory.SelfAttribute("item.author")
    approved_by = factory.SelfAttribute("item.reviewer")
    approved_at = factory.LazyAttribute(lambda o: o.written_at if o.approved_by else None)

    class Params:
        multiple = factory.Trait(kind=ItemVersion.Kind.MULTIPLE, key=["a", "c"])
        true_false = factory.Trait(kind=ItemVersion.Kind.TRUE_FALSE, options=options("true", "false"), key=["false"])
        ordering = factory.Trait(kind=ItemVersion.Kind.ORDERING, key=["a", "b", "c", "d"])
        matching = factory.Trait(kind=ItemVersion.Kind.MATCHING, parts=lines("x", "y"), key={"x": "b", "y": "a"})
        documents = factory.Trait(
            kind=ItemVersion.Kind.DOCUMENTS, parts=lines("x", "y", "z"), key={"x": "b", "y": "sound", "z": "a"}
        )
        numeric = factory.Trait(
            kind=ItemVersion.Kind.NUMERIC,
            options=[],
            details={"unit": {"en": "working days", "zh-hans": "个工作日"}},
            key={"answers": [{"low": "5", "high": "5", "credit": 1}]},
        )
        short_text = factory.Trait(
            kind=ItemVersion.Kind.SHORT_TEXT, options=[], key={"answers": [{"text": "居住证", "credit": 1}]}
        )
        cloze = factory.Trait(
            kind=ItemVersion.Kind.CLOZE,
            stem={"en": "Told [[g1]], within [[g2]] days.", "zh-hans": "[[g1]]告知，[[g2]]日内。"},
            options=[],
            parts=[
                {"id": "g1", "kind": "single", "options": options("a", "b", "c")},
                {"id": "g2", "kind": "numeric", "options": []},
            ],
            key={"g1": ["b"], "g2": {"answers": [{"low": "5", "high": "5", "credit": 1}]}},
        )
        case = factory.Trait(
            kind=ItemVersion.Kind.CASE,
            options=[],
            parts=[
                {**line("q1"), "kind": "single", "options": options("a", "b", "c")},
                {**line("q2"), "kind": "multiple", "options": options("a", "b", "c")},
                {**line("q3"), "kind": "ordering", "options": options("a", "b", "c")},
            ],
            key={"q1": ["c"], "q2": ["a", "b"], "q3": ["c", "b", "a"]},
        )
        open = factory.Trait(
            kind=ItemVersion.Kind.OPEN,
            options=[],
            bar=0.6,
            key={"criteria": [{**line("law"), "points": 3}, {**line("tone"), "points": 2}]},
        )
        scenario = factory.Trait(
            kind=ItemVersion.Kind.SCENARIO,
            options=[],
            bar=0.6,
            details={"minutes": 7},
            key={"criteria": [{**line("calm"), "points": 3}], "events": [{"minute": 2, **line("upset")}]},
        )


class ExamFactory(DjangoModelFactory):
    """An exam of thirty minutes for level 3, not open and without items; `exam_with_items` makes one to sit."""

    class Meta:
        model = Exam

    code = factory.Sequence(lambda n: f"exam-{n}")
    title = factory.LazyAttribute(lambda o: {"en": f"Exam {o.code}", "zh-hans": f"考试{o.code}"})
    description = {"en": "About the rules.", "zh-hans": "考查规定。"}
    bank = factory.SubFactory(BankFactory)
    framework = factory.SubFactory(FrameworkFactory)
    target_level = 3
    minutes = 30


def blueprint_row(exam: Exam, competency: Competency, count: int, *, part: int = 1, **facts: Any) -> BlueprintRow:
    """Let a part of an exam ask for so many items of a competency; `part` is made where there is none yet."""
    where, _new = ExamPart.objects.get_or_create(exam=exam, number=part)
    return BlueprintRow.objects.create(part=where, competency=competency, count=count, **facts)


class EntitlementFactory(DjangoModelFactory):
    class Meta:
        model = Entitlement

    person = factory.SubFactory(UserFactory)
    exam = factory.SubFactory(ExamFactory)
    why = {"en": "Course finished", "zh-hans": "课程已完成"}
    granted_at = NOW - timedelta(days=1)


class ExamSessionFactory(DjangoModelFactory):
    """A session of two hours that has just begun; `coming` for one of tomorrow."""

    class Meta:
        model = ExamSession

    exam = factory.SubFactory(ExamFactory)
    opens_at = NOW - timedelta(minutes=10)
    closes_at = factory.LazyAttribute(lambda o: o.opens_at + timedelta(hours=2))
    room = "Room 1"

    class Params:
        coming = factory.Trait(opens_at=NOW + timedelta(days=1))


KINDS: tuple[dict[str, bool], ...] = ({}, {"multiple": True}, {"true_false": True}, {"ordering": True})


def exam_with_items(*, competencies: int = 2, items_each: int = 12, asked_each: int = 10, **facts: Any) -> Exam:
    """Return an open exam whose bank has every kind of item, with `asked_each` questions per competency."""
    exam = ExamFactory(**facts)
    people = UserFactory(), UserFactory()
    for _ in range(competencies):
        competency = CompetencyFactory(framework=exam.framework)
        blueprint_row(exam, competency, asked_each)
        for number in range(items_each):
            item = ItemFactory(bank=exam.bank, competency=competency, author=people[0], reviewer=people[1])
            ItemVersionFactory(item=item, level=2 + number % 3, **KINDS[number % len(KINDS)])
    open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def exam_of(*traits: str, **facts: Any) -> Exam:
    """Return an open exam that asks for each of these kinds once."""
    exam = ExamFactory(**facts)
    competency = CompetencyFactory(framework=exam.framework)
    blueprint_row(exam, competency, len(traits))
    for trait in traits:
        item = ItemFactory(bank=exam.bank, competency=competency)
        ItemVersionFactory(item=item, **{trait: True})
    open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def started(
    exam: Exam | None = None, person: User | None = None, *, at: datetime = NOW, seed: int = 7, **facts: Any
) -> Attempt:
    """Return an attempt that has just been started, with an entitlement of its own."""
    exam, person = exam or exam_with_items(), person or UserFactory()
    entitle(person=person, exam=exam, why={"en": "Course finished"}, by="test", at=at, **facts)
    return start_attempt(person=person, exam=exam, now=at, language="en", seed=seed)


def answer(
    attempt: Attempt, question: AttemptItem, value: Any, *, at: datetime | None = None, revision: int = 0
) -> None:
    """Answer a question with option ids, as its candidate would with their numbers."""
    save_answer(
        person=attempt.person,
        attempt_id=attempt.pk,
        position=question.position,
        revision=revision,
        value=question.as_seen(value),
        now=at or attempt.started_at + timedelta(minutes=1),
    )


def right_answer(question: AttemptItem) -> str | list[str]:
    version = question.item_version
    one = version.kind in (ItemVersion.Kind.SINGLE, ItemVersion.Kind.TRUE_FALSE)
    return version.key[0] if one else version.key


def answered(attempt: Attempt, *, right: int) -> Attempt:
    """Answer the first `right` questions of the paper correctly and leave the others blank."""
    for question in attempt.items.select_related("item_version")[:right]:
        answer(attempt, question, right_answer(question))
    return attempt


def scored(attempt: Attempt | None = None, *, right: int = 20) -> Attempt:
    """Return an attempt handed in five minutes after its start."""
    attempt = answered(attempt or started(), right=right)
    return hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at + timedelta(minutes=5))
