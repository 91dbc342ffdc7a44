"""A meeting that is held every week: planned at once, then each by itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from courses.models import TrainingSession
from courses.rules import weekly
from courses.services.sessions import cancel_session
from tests.factories.people import CentreFactory, UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import CalendarDay, User

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (date(2026, 11, 3), [3]),
        (date(2026, 11, 9), [3]),
        (date(2026, 11, 10), [3, 10]),
        (date(2026, 11, 30), [3, 17, 24]),
    ],
)
def test_each_week_that_is_worked_up_to_the_day(until: date, days: list[int]) -> None:
    found = weekly(TUESDAY, until, lambda day: day not in (TUESDAY, date(2026, 11, 10)) or until.day == 10)
    assert [day.day for day in found] == days


@pytest.mark.django_db
class TestPlanning:
    @pytest.fixture(autouse=True)
    def _now(self) -> Any:
        CentreFactory()
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def hr(self, client: Client) -> User:
        hr = UserFactory(hr=True)
        client.force_login(hr)
        return hr

    def sent(self, hr: User, named: User, **more: str) -> dict[str, str]:
        told = {"title_en": "Queueing", "room": "301", "day": "2026-11-03", "begins": "08:30", "ends": "09:00"}
        return told | {"kind": "morning", "trainers": hr.staff_number, "people": named.staff_number} | more

    def test_one_for_each_worked_week_announced_once(self, client: Client, hr: User) -> None:
        named = UserFactory()
        CalendarDay.objects.create(day=date(2026, 11, 17), name={"en": "Closed"}, is_working=False)
        answer = client.post("/classroom/plan/", self.sent(hr, named, until="2026-11-26"), follow=True)
        sessions = TrainingSession.objects.order_by("starts_at")
        assert [(one.starts_at.day, one.starts_at.hour, one.minutes) for one in sessions] == [
            (3, 0, 30),
            (10, 0, 30),
            (24, 0, 30),
        ]
        assert all(list(one.people.all()) == [named] and list(one.trainers.all()) == [hr] for one in sessions)
        page = answer.content.decode()
        assert "3 sessions are planned. 1 week is left out: the day is not worked." in page
        told = Notice.objects.get(person=named)
        assert (told.kind, told.facts["day"], told.facts["last"]) == ("training.series", "2026-11-03", "2026-11-24")
        assert Notice.objects.get(person=hr).kind == "training.trainer_series"
        assert AuditEvent.objects.filter(action="courses.session_planned").count() == 3

    def test_each_is_changed_and_called_off_by_itself(self, client: Client, hr: User) -> None:
        named = UserFactory()
        client.post("/classroom/plan/", self.sent(hr, named, until="2026-11-17"))
        first, second, third = TrainingSession.objects.order_by("starts_at")
        assert 'name="until"' not in client.get(f"/classroom/{first.pk}/change/").content.decode()
        client.post(f"/classroom/{first.pk}/change/", self.sent(hr, named, room="302"))
        cancel_session(session=second, reason="Inspection", by=hr, at=NOW)
        assert list(TrainingSession.objects.order_by("starts_at").values_list("room", "cancelled_at")) == [
            ("302", None),
            ("301", NOW),
            ("301", None),
        ]
        assert third.state == "planned"

    @pytest.mark.parametrize("until", ["2026-11-02", "2027-12-01", "soon"])
    def test_an_end_before_the_beginning_or_years_away_is_refused(self, client: Client, hr: User, until: str) -> None:
        assert client.post("/classroom/plan/", self.sent(hr, hr, until=until)).status_code == 400
        assert not TrainingSession.objects.exists()
