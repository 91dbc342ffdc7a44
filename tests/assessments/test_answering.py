"""An answer acknowledged is an answer kept; a stale one never overwrites a newer one; late is late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from assessments import services
from assessments.models import Attempt, AttemptItem, ItemVersion, Response
from assessments.queries import questions_of
from tests.factories.assessments import started
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt() -> Attempt:
    return started()


def of_kind(attempt: Attempt, kind: str) -> AttemptItem:
    return attempt.items.select_related("item_version").filter(item_version__kind=kind).first()


def save(attempt: Attempt, position: int, value: object, revision: int = 0, **changes: object) -> services.Saved:
    facts = {
        "person": attempt.person,
        "attempt_id": attempt.pk,
        "position": position,
        "revision": revision,
        "value": value,
        "now": attempt.started_at + A_MINUTE,
    }
    return services.save_answer(**facts | changes)


def trail(attempt: Attempt, position: int) -> list[tuple[int, object]]:
    rows = Response.objects.filter(attempt_item__attempt=attempt, attempt_item__position=position)
    return list(rows.order_by("revision").values_list("revision", "value"))


def test_every_answer_stays_in_the_trail(attempt: Attempt) -> None:
    question = of_kind(attempt, ItemVersion.Kind.SINGLE)
    first, second = question.option_order[0], question.option_order[2]
    assert save(attempt, question.position, 1).revision == 1
    assert save(attempt, question.position, 3, revision=1).revision == 2
    saved = save(attempt, question.position, None, revision=2)
    assert (saved.revision, saved.value, saved.saved_at) == (3, None, attempt.started_at + A_MINUTE)
    assert trail(attempt, question.position) == [(1, first), (2, second), (3, None)]
    assert not questions_of(attempt, question.position)[0].answered


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (ItemVersion.Kind.SINGLE, 2, lambda order: order[1]),
        (ItemVersion.Kind.TRUE_FALSE, 1, lambda order: order[0]),
        (ItemVersion.Kind.MULTIPLE, [3, 1], lambda order: sorted([order[0], order[2]])),
        (ItemVersion.Kind.MULTIPLE, [], lambda _order: None),
        (ItemVersion.Kind.ORDERING, [4, 2, 1, 3], lambda order: [order[3], order[1], order[0], order[2]]),
    ],
)
def test_the_candidates_numbers_become_the_items_ids(
    attempt: Attempt, kind: str, value: object, stored: object
) -> None:
    question = of_kind(attempt, kind)
    save(attempt, question.position, [1] if value == [] else value)
    if value == []:
        save(attempt, question.position, value, revision=1)
    assert trail(attempt, question.position)[-1][1] == stored(question.option_order)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ItemVersion.Kind.SINGLE, 5),
        (ItemVersion.Kind.SINGLE, 0),
        (ItemVersion.Kind.SINGLE, -1),
        (ItemVersion.Kind.SINGLE, 10**30),
        (ItemVersion.Kind.SINGLE, [1, 2]),
        (ItemVersion.Kind.TRUE_FALSE, 3),
        (ItemVersion.Kind.MULTIPLE, 1),
        (ItemVersion.Kind.MULTIPLE, [1, 1]),
        (ItemVersion.Kind.ORDERING, [1, 2, 3]),
        (ItemVersion.Kind.ORDERING, [1, 2, 3, 3]),
    ],
)
def test_what_the_question_cannot_have_is_refused(attempt: Attempt, kind: str, value: object) -> None:
    question = of_kind(attempt, kind)
    with pytest.raises(services.InvalidAnswer):
        save(attempt, question.position, value)
    assert trail(attempt, question.position) == []


def test_the_same_save_twice_is_acknowledged_twice_and_kept_once(attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    first = save(attempt, position, 2)
    again = save(attempt, position, 2, now=attempt.started_at + 3 * A_MINUTE)
    assert again == first
    assert len(trail(attempt, position)) == 1


def test_a_stale_answer_meets_the_newer_one(attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    save(attempt, position, 2)
    save(attempt, position, 3, revision=1)
    with pytest.raises(services.Conflict) as told:
        save(attempt, position, 4, revision=1)
    assert (told.value.newer.revision, told.value.newer.value) == (2, 3)
    assert len(trail(attempt, position)) == 2


def test_a_blank_never_overwrites_silently(attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    save(attempt, position, 2)
    with pytest.raises(services.Conflict):
        save(attempt, position, None, revision=0)
    assert questions_of(attempt, position)[0].value == 2


def test_two_saves_on_one_revision_let_the_first_win(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    question = of_kind(attempt, ItemVersion.Kind.SINGLE)
    save(attempt, question.position, 2)

    def late(*_args: object) -> None:
        raise IntegrityError

    monkeypatch.setattr("assessments.services.answering._save", late)
    with pytest.raises(services.Conflict) as told:
        save(attempt, question.position, 3)
    assert told.value.newer.value == 2


def test_the_deadline_has_five_seconds_of_grace_by_arrival(attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    save(attempt, position, 1, now=attempt.deadline - timedelta(seconds=1))
    late = save(attempt, position, 2, revision=1, now=attempt.deadline + services.GRACE)
    assert late.saved_at > attempt.deadline
    with pytest.raises(services.TimeUp):
        save(attempt, position, 3, revision=2, now=attempt.deadline + services.GRACE + timedelta(milliseconds=1))
    assert timedelta(seconds=5) == services.GRACE


def test_handed_in_is_handed_in(attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at)
    with pytest.raises(services.AlreadyHandedIn):
        save(attempt, position, 1)
    with pytest.raises(services.AlreadyHandedIn):
        services.flag(
            person=attempt.person, attempt_id=attempt.pk, position=position, flagged=True, now=attempt.started_at
        )


def test_nobody_answers_for_another_and_no_question_off_the_paper(attempt: Attempt) -> None:
    with pytest.raises(services.NoSuchQuestion):
        save(attempt, 1, 1, person=UserFactory())
    with pytest.raises(services.NoSuchQuestion):
        save(attempt, 21, 1)
    with pytest.raises(services.NoSuchQuestion):
        services.flag(person=UserFactory(), attempt_id=attempt.pk, position=1, flagged=True, now=attempt.started_at)
    assert not Response.objects.exists()


def test_flags_and_first_sight(attempt: Attempt) -> None:
    place = {"person": attempt.person, "attempt_id": attempt.pk, "position": 3}
    services.flag(**place, flagged=True, now=attempt.started_at)
    services.mark_seen(**place, now=attempt.started_at + A_MINUTE)
    services.mark_seen(**place, now=attempt.started_at + 2 * A_MINUTE)
    question = attempt.items.get(position=3)
    assert question.flagged
    assert question.seen_at == attempt.started_at + A_MINUTE
    services.flag(**place, flagged=False, now=attempt.started_at)
    assert not attempt.items.get(position=3).flagged


def test_answers_leave_no_audit_event_because_the_responses_are_the_trail(attempt: Attempt) -> None:
    before = AuditEvent.objects.count()
    save(attempt, of_kind(attempt, ItemVersion.Kind.SINGLE).position, 1)
    assert AuditEvent.objects.count() == before
