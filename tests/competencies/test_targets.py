"""What positions ask for: set from a day, history kept, whom it leaves short, who may."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.competencies import TargetFactory, evidence
from tests.factories.people import CentreFactory, PositionFactory, PostingFactory, UserFactory
from training.competencies.models import Target
from training.competencies.services import TargetError, set_targets
from training.operations.models import AuditEvent
from training.people.models import Position, User
from training.people.services import NotAllowedError

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True)


@pytest.fixture
def target() -> Target:
    return TargetFactory(level=2, starts_on=date(2026, 1, 1))


def rows(position: Position) -> list[tuple[int, date, date | None]]:
    return list(position.targets.order_by("starts_on").values_list("level", "starts_on", "until"))


def test_a_level_changes_from_a_day_and_the_old_one_stays(hr: User, target: Target) -> None:
    wanted = {target.position: {target.competency: 4}}
    assert set_targets(wanted=wanted, starts_on=TODAY, by=hr, at=AT) == 1
    after = [(2, date(2026, 1, 1), YESTERDAY), (4, TODAY, None)]
    assert rows(target.position) == after
    event = AuditEvent.objects.get(action="competencies.targets_set")
    code = target.competency.code
    assert (event.before, event.after) == ({code: 2}, {code: 4, "starts_on": "2026-11-25"})
    assert set_targets(wanted=wanted, starts_on=TODAY, by=hr, at=AT) == 0
    assert rows(target.position) == after


def test_a_level_is_planned_replanned_and_dropped(hr: User, target: Target) -> None:
    for level, day in ((4, TOMORROW), (3, TOMORROW), (2, TODAY)):
        set_targets(wanted={target.position: {target.competency: level}}, starts_on=day, by=hr, at=AT)
    assert rows(target.position) == [(2, date(2026, 1, 1), None)]
    set_targets(wanted={target.position: {target.competency: None}}, starts_on=TODAY, by=hr, at=AT)
    assert rows(target.position) == [(2, date(2026, 1, 1), YESTERDAY)]


def test_what_was_asked_for_is_not_rewritten(hr: User, target: Target) -> None:
    for wanted, day in ((3, date(2025, 1, 1)), (6, TODAY), (0, TODAY)):
        with pytest.raises(TargetError):
            set_targets(wanted={target.position: {target.competency: wanted}}, starts_on=day, by=hr, at=AT)
    assert rows(target.position) == [(2, date(2026, 1, 1), None)]


def test_a_first_target_may_begin_in_the_past(hr: User, target: Target) -> None:
    position = PositionFactory()
    set_targets(wanted={position: {target.competency: 3}}, starts_on=date(2025, 1, 1), by=hr, at=AT)
    assert rows(position) == [(3, date(2025, 1, 1), None)]


def test_only_hr_of_the_whole_centre_sets_targets(target: Target) -> None:
    part = UserFactory()
    hr = UserFactory(hr=True, hr_grant__department=part.department)
    with pytest.raises(NotAllowedError):
        set_targets(wanted={target.position: {target.competency: 3}}, starts_on=TODAY, by=hr, at=AT)


def test_a_change_is_looked_at_before_it_is_made(client: Client, hr: User, target: Target) -> None:
    CentreFactory()
    good, unknown, gone = (PostingFactory(position=target.position).person for _n in range(3))
    evidence(target.competency, value=0.2, observed_on=date(2026, 11, 1), person=good)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    client.force_login(hr)
    url = reverse("competencies:change_targets", args=[target.position.code])
    sent = {f"level-{target.competency.code}": "5", "starts_on": "2026-11-25"}
    with time_machine.travel(AT, tick=False):
        page = client.post(url, {**sent, "act": "preview"})
        assert rows(target.position) == [(2, date(2026, 1, 1), None)]
        (line,) = page.context["changes"]
        assert (line.level, line.wanted, line.gap_then) == (2, 5, 2)
        assert line.gap_now == 1
        client.post(url, {**sent, "act": "save"})
        assert [level for level, _from, _until in rows(target.position)] == [2, 5]
        faulty = client.post(url, {**sent, "starts_on": "2020-01-01", "act": "save"})
    assert "Choose a later day" in faulty.content.decode()
    assert unknown.is_active


def test_the_list_takes_as_many_queries_for_one_position_as_for_thirty(
    client: Client, hr: User, target: Target
) -> None:
    CentreFactory()
    client.force_login(hr)
    client.get(reverse("competencies:positions"))
    counts = []
    for number in (1, 29):
        for position in PositionFactory.create_batch(number):
            TargetFactory(position=position, competency=target.competency)
            PostingFactory(position=position)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("competencies:positions"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    told = {position.code: (position.holders, position.asked) for position in page.context["positions"]}
    assert set(told.values()) == {(0, 1), (1, 1)}
