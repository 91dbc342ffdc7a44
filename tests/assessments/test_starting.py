"""A place, one attempt, a paper drawn by the blueprint and frozen, a deadline the server keeps."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments import services
from assessments.models import Attempt, Entitlement, Item, ItemVersion
from assessments.rules import NotEnoughItems
from tests.factories.assessments import NOW, ExamFactory, ItemFactory, ItemVersionFactory, exam_with_items, started
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

WHY = {"en": "Course finished"}


def entitled(**facts: object) -> tuple[object, object]:
    exam, person = exam_with_items(), UserFactory()
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW, **facts)
    return exam, person


def test_the_paper_follows_the_blueprint_and_takes_no_question_twice() -> None:
    exam = exam_with_items(competencies=2, items_each=12, asked_each=9)
    items = started(exam).items.all()
    assert Counter(item.competency_id for item in items) == {row.competency_id: 9 for row in exam.blueprint.all()}
    assert len({item.item_version_id for item in items}) == 18
    assert [item.position for item in items] == list(range(1, 19))


def test_each_person_gets_their_own_paper_and_the_same_seed_the_same() -> None:
    exam = exam_with_items()
    papers = {}
    for seed in (1, 2, 1):
        person = UserFactory()
        services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
        attempt = services.start_attempt(person=person, exam=exam, now=NOW, language="en", seed=seed)
        paper = [(item.item_version_id, tuple(item.option_order)) for item in attempt.items.all()]
        assert papers.setdefault(seed, paper) == paper
    assert papers[1] != papers[2]


def test_the_paper_is_a_snapshot() -> None:
    exam = exam_with_items()
    attempt = started(exam)
    first = attempt.items.select_related("item_version").first()
    Item.objects.update(state=Item.State.RETIRED)
    ItemVersionFactory(item=first.item_version.item, number=2, judged_p=0.1)
    exam.framework.levels.filter(number=3).update(cut=0.5)
    again = Attempt.objects.get(pk=attempt.pk)
    assert again.items.get(position=1).item_version_id == first.item_version_id
    assert again.items.get(position=1).b == first.b
    assert again.cuts == [-2.0, -0.7, 0.7, 2.0]


def test_a_judged_item_is_frozen_as_rasch_with_its_doubt() -> None:
    item = started().items.select_related("item_version").filter(item_version__level=3).first()
    assert item.a == 1
    assert item.b == pytest.approx(-0.7 - 0.6190392)  # the cut of level 3 less logit(0.65)
    assert item.b_sd == 0.7


def test_an_ordering_never_starts_solved() -> None:
    for item in started().items.select_related("item_version"):
        if item.item_version.kind == ItemVersion.Kind.ORDERING:
            assert item.option_order != item.item_version.key
        assert sorted(item.option_order) == sorted(option["id"] for option in item.item_version.options)


def test_only_the_newest_version_of_a_live_item_is_drawn() -> None:
    exam = exam_with_items(items_each=10)
    renewed = Item.objects.filter(bank=exam.bank).first()
    newest = ItemVersionFactory(item=renewed, number=2)
    ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=renewed.competency, draft=True))
    drawn = set(started(exam).items.values_list("item_version_id", flat=True))
    assert newest.pk in drawn
    assert renewed.versions.get(number=1).pk not in drawn
    assert len(drawn) == 20


@pytest.mark.parametrize(
    ("closes_after", "extra", "minutes"),
    [(None, 0, 30), (timedelta(minutes=20), 0, 20), (timedelta(minutes=20), 10, 30), (timedelta(hours=5), 15, 45)],
)
def test_the_deadline_is_the_limit_or_the_close_and_the_persons_own_time(
    closes_after: timedelta | None, extra: int, minutes: int
) -> None:
    exam = exam_with_items(closes_at=NOW + closes_after if closes_after else None)
    attempt = started(exam, extra_minutes=extra)
    assert attempt.deadline == NOW + timedelta(minutes=minutes)
    assert attempt.extra_minutes == extra


def test_starting_twice_gives_the_same_attempt() -> None:
    exam, person = entitled()
    first = services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    second = services.start_attempt(person=person, exam=exam, now=NOW + timedelta(minutes=3), language="zh-hans")
    assert first == second
    assert second.deadline == NOW + timedelta(minutes=30)


def test_the_database_holds_one_open_attempt_per_person_and_exam() -> None:
    attempt = started()
    twin = Attempt.objects.get(pk=attempt.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_start_that_loses_the_race_returns_the_winners_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = started(attempts=2)

    def late(*_args: object) -> Attempt:
        raise IntegrityError

    monkeypatch.setattr("assessments.services.starting._start", late)
    won = services.start_attempt(person=attempt.person, exam=attempt.exam, now=NOW, language="en")
    assert won == attempt


def test_nobody_starts_without_a_place() -> None:
    with pytest.raises(services.NotEntitled):
        services.start_attempt(person=UserFactory(), exam=exam_with_items(), now=NOW, language="en")


def test_a_place_is_used_up() -> None:
    exam, person = entitled()
    attempt = services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    services.hand_in(person=person, attempt_id=attempt.pk, now=NOW)
    with pytest.raises(services.NoAttemptsLeft):
        services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
    assert services.start_attempt(person=person, exam=exam, now=NOW, language="en") != attempt


def test_a_used_place_that_lapsed_takes_nothing_from_a_new_one() -> None:
    exam, person = entitled(until=NOW + timedelta(days=1))
    attempt = services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    services.hand_in(person=person, attempt_id=attempt.pk, now=NOW)
    later = NOW + timedelta(days=30)
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=later)
    assert services.start_attempt(person=person, exam=exam, now=later, language="en").started_at == later


def test_the_place_that_ends_first_is_used_first() -> None:
    exam, person = entitled()
    soon = services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW, until=NOW + timedelta(days=1))
    assert services.start_attempt(person=person, exam=exam, now=NOW, language="en").entitlement == soon


@pytest.mark.parametrize(
    ("exam_facts", "place_facts", "refusal"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, {}, services.NotOpenYet),
        ({"closes_at": NOW}, {}, services.Closed),
        ({}, {"until": NOW - timedelta(seconds=1)}, services.PlaceLapsed),
        ({}, {"attempts": 0}, services.NoAttemptsLeft),
    ],
)
def test_an_exam_has_its_times(exam_facts: dict, place_facts: dict, refusal: type[Exception]) -> None:
    exam, person = exam_with_items(**exam_facts), UserFactory()
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW, **place_facts)
    with pytest.raises(refusal) as told:
        services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    assert str(told.value).endswith(".")
    assert not Attempt.objects.exists()


def test_an_exam_that_was_never_opened_cannot_be_sat() -> None:
    exam, person = ExamFactory(is_open=True), UserFactory()
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
    with pytest.raises(services.NotReady):
        services.start_attempt(person=person, exam=exam, now=NOW, language="en")


def test_opening_asks_for_enough_items_and_fixes_the_form_of_the_scores() -> None:
    exam = exam_with_items(competencies=1, items_each=9, asked_each=9)
    assert len(exam.reference_form) == 9
    exam.blueprint.update(count=10)
    with pytest.raises(NotEnoughItems):
        services.open_exam(exam=exam, by="test", at=NOW)


def test_items_withdrawn_since_use_up_no_attempt() -> None:
    exam, person = entitled()
    Item.objects.filter(bank=exam.bank).update(state=Item.State.SUSPENDED)
    with pytest.raises(services.PaperNotDrawn):
        services.start_attempt(person=person, exam=exam, now=NOW, language="en")
    assert not Attempt.objects.exists()


def test_granting_and_starting_leave_one_event_each() -> None:
    attempt = started()
    about = AuditEvent.objects.filter(person_id=attempt.person_id).order_by("pk")
    assert [event.action for event in about] == ["assessments.entitled", "assessments.started"]
    assert about[1].after["deadline"] == attempt.deadline.isoformat()


def test_the_exams_own_number_of_attempts_is_granted_unless_told_otherwise() -> None:
    exam = exam_with_items(attempts_allowed=3)
    services.entitle(person=UserFactory(), exam=exam, why=WHY, by="test", at=NOW)
    assert Entitlement.objects.get().attempts == 3
