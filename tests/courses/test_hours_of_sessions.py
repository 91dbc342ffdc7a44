"""Training attended counts as learning hours by kind; how many are asked of whom, and who falls short of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Attendance, HoursTarget, TrainingSession
from courses.queries.hours import Hours, own_hours
from courses.services.learning import enrol
from courses.services.targets import TargetRefused, remove_target, set_target
from tests.factories.courses import CourseFactory, session_on
from tests.factories.people import DepartmentFactory, PositionFactory, PostingFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(settings: Any) -> Any:
    settings.LEARNING_HOURS_TARGET = 10
    with time_machine.travel(NOW, tick=False):
        yield


def own(person: User, year: int = 2026) -> Hours:
    return own_hours(person, year, today=NOW.date())


def was_at(session: TrainingSession, person: User, minutes: int, state: str = "present") -> None:
    Attendance.objects.create(
        session=session, person=person, state=state, minutes=minutes, how="qr", marked_by=person, marked_at=NOW
    )


def asked(hours: int, **group: Any) -> HoursTarget:
    told = {"department": None, "position": None, "kind": "", "first_year": 2026, **group}
    return HoursTarget.objects.create(hours=hours, set_by=UserFactory(), set_at=NOW, **told)


class TestHours:
    def test_minutes_attended_count_by_kind_in_the_year_of_the_session(self) -> None:
        person = UserFactory()
        was_at(session_on(NOW), person, 90)
        was_at(session_on(NOW, kind="morning"), person, 30)
        was_at(session_on(NOW, kind="morning"), person, 15, "late")
        was_at(session_on(NOW - timedelta(days=366)), person, 45)
        was_at(session_on(NOW), person, 0, "excused")
        was_at(session_on(NOW), UserFactory(), 45)
        hours = own(person)
        assert (hours.of_kind("classroom"), hours.of_kind("morning")) == (Decimal("2.0"), Decimal("1.0"))
        assert (hours.total, own(person, 2025).total) == (Decimal("3.0"), Decimal("1.0"))

    def test_a_lesson_learned_in_a_room_counts_once(self) -> None:
        person, course = UserFactory(), CourseFactory(units=(1,))
        enrolment = enrol(person=person, course=course, by=person, at=NOW)
        was_at(session_on(NOW, unit=course.units.get()), person, 90)
        assert own(person).total == Decimal("2.0")
        enrolment.version.minutes = 180
        enrolment.version.save()
        enrolment.completed_at = NOW
        enrolment.save()
        assert own(person).total == Decimal("4.0")


class TestTargets:
    def test_the_narrowest_that_fits_counts(self) -> None:
        top = DepartmentFactory()
        below = top.add_child(code="below", name={"en": "Below"})
        position = PositionFactory()
        stranger, of_top, of_below = UserFactory(), UserFactory(department=top), UserFactory(department=below)
        holder = UserFactory(department=below)
        PostingFactory(person=holder, position=position, department=below)
        assert own(stranger).target == 10
        asked(20)
        asked(30, department=top)
        asked(40, department=below)
        asked(50, position=position)
        assert [own(one).target for one in (stranger, of_top, of_below, holder)] == [20, 30, 40, 50]

    def test_the_latest_year_s_counts_from_its_year_on(self) -> None:
        person = UserFactory()
        asked(20, first_year=2025)
        asked(24)
        assert [own(person, year).target for year in (2024, 2025, 2026)] == [10, 20, 24]

    def test_a_kind_of_its_own_must_be_met_too(self, client: Client) -> None:
        person = UserFactory()
        asked(1)
        asked(2, kind="morning")
        was_at(session_on(NOW), person, 450)
        assert not own(person).is_met
        client.force_login(UserFactory(hr=True))

        def kept(state: str) -> set[str]:
            return {one.staff_number for one, _hours in client.get("/hours/", {"state": state}).context["rows"]}

        assert person.staff_number in kept("short")
        was_at(session_on(NOW, kind="morning"), person, 90)
        assert own(person).is_met
        assert person.staff_number in kept("met")

    def test_are_set_once_for_a_group_and_year_and_recorded(self) -> None:
        hr = UserFactory(hr=True)
        told = {"department": None, "position": None, "kind": "", "first_year": 2026, "by": hr, "at": NOW}
        set_target(hours=20, **told)
        row = set_target(hours=30, **told)
        assert HoursTarget.objects.get().hours == 30
        event = AuditEvent.objects.filter(action="courses.hours_target_set").latest("pk")
        assert (event.before, event.after["hours"]) == ({"hours": 20}, 30)
        remove_target(target=row, by=hr, at=NOW)
        assert AuditEvent.objects.filter(action="courses.hours_target_removed").exists()

    def test_of_past_years_stay_as_they_were(self) -> None:
        row, hr = asked(20, first_year=2025), UserFactory(hr=True)
        with pytest.raises(TargetRefused):
            remove_target(target=row, by=hr, at=NOW)


class TestScreens:
    def test_hr_of_a_department_asks_only_of_theirs(self, client: Client) -> None:
        mine, other = DepartmentFactory(code="mine"), DepartmentFactory(code="other")
        client.force_login(UserFactory(hr=True, hr_grant__department=mine))
        foreign = asked(40, department=other)
        sent = {"hours": 30, "first_year": 2026}
        assert client.post("/hours/targets/", {**sent, "department": "other"}).status_code == 400
        assert client.post("/hours/targets/", sent).status_code == 400
        assert client.post("/hours/targets/", {**sent, "department": "mine"}).status_code == 302
        assert HoursTarget.objects.get(department=mine).hours == 30
        assert client.post(f"/hours/targets/{foreign.pk}/remove/").status_code == 404

    def test_cost_the_same_with_many_targets_and_sessions(self, client: Client) -> None:
        client.force_login(UserFactory(hr=True))

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/hours/").status_code == 200
            return len(queries)

        def add() -> None:
            person = UserFactory(department=DepartmentFactory())
            asked(30, department=person.department, position=PositionFactory())
            was_at(session_on(NOW), person, 45)

        add()
        cost()
        one = cost()
        for _time in range(5):
            add()
        assert cost() == one
