"""The code in the room: who marks themselves present by it, when, and why nobody does it from elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from courses.models import Attendance, TrainingSession
from courses.services import attendance
from courses.services.attendance import Mark
from courses.services.checking_in import code_at
from tests.factories.courses import session_on
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

BEGINS = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def session(person: User) -> TrainingSession:
    return session_on(BEGINS, people=[person])


def address(session: TrainingSession, at: datetime) -> str:
    return f"/classroom/{session.pk}/here/{code_at(session, at)}/"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.usefixtures("clock")
class TestInTheRoom:
    def test_opening_the_address_marks_nobody_and_confirming_marks_oneself(
        self, person: User, session: TrainingSession
    ) -> None:
        client = signed_in(person)
        shown = client.get(address(session, BEGINS))
        assert (shown.status_code, Attendance.objects.count()) == (200, 0)
        assert person.staff_number in shown.text
        client.post(address(session, BEGINS), {"person": UserFactory().pk})
        row = session.attendances.get()
        assert (row.person, row.marked_by, row.state, row.how, row.minutes) == (person, person, "present", "qr", 60)
        assert AuditEvent.objects.get(action="courses.checked_in").person_id == person.pk

    def test_a_second_time_says_so_and_changes_nothing(self, person: User, session: TrainingSession) -> None:
        client = signed_in(person)
        for _time in "12":
            answer = client.post(address(session, BEGINS))
        assert "already" in answer.text
        assert session.attendances.count() == 1

    def test_a_guest_is_told_and_may_join(self, session: TrainingSession) -> None:
        guest = UserFactory()
        client = signed_in(guest)
        assert "guest" in client.get(address(session, BEGINS)).text
        client.post(address(session, BEGINS))
        assert session.attendances.get().person == guest

    def test_a_guest_finds_no_seat_where_an_invited_person_does(self, person: User, session: TrainingSession) -> None:
        TrainingSession.objects.update(capacity=1)
        signed_in(UserFactory()).post(address(session, BEGINS))
        full = signed_in(UserFactory()).post(address(session, BEGINS))
        assert (full.status_code, session.attendances.count()) == (409, 1)
        signed_in(person).post(address(session, BEGINS))
        assert session.attendances.count() == 2

    def test_whoever_was_written_down_as_excused_and_comes_is_present(
        self, person: User, session: TrainingSession
    ) -> None:
        marks = {person.pk: Mark(Attendance.State.EXCUSED)}
        attendance.mark(session=session, marks=marks, how="manual", by=session.planned_by, at=BEGINS)
        signed_in(person).post(address(session, BEGINS))
        assert session.attendances.get().state == "present"

    def test_nobody_signed_out_gets_further_than_the_login(self, session: TrainingSession) -> None:
        answer = Client().get(address(session, BEGINS))
        assert answer.headers["Location"].startswith("/accounts/login/?next=")

    def test_a_code_that_is_typed_leads_to_its_session(self, person: User, session: TrainingSession) -> None:
        code = code_at(session, BEGINS)
        answer = signed_in(person).post("/classroom/here/", {"code": f"{code[:4].lower()} - {code[4:]}"})
        assert answer.headers["Location"] == address(session, BEGINS)


class TestTime:
    @pytest.mark.parametrize(("later", "status"), [(0, 302), (59, 302), (119, 302), (120, 410), (3600, 410), (-1, 410)])
    def test_a_code_is_good_for_its_minute_and_the_next(
        self, clock: time_machine.Traveller, person: User, session: TrainingSession, later: int, status: int
    ) -> None:
        sent = address(session, BEGINS)
        clock.move_to(BEGINS + timedelta(seconds=later))
        assert signed_in(person).post(sent).status_code == status
        assert session.attendances.exists() == (status == 302)

    @pytest.mark.parametrize(
        ("minutes", "found"),
        [(-31, None), (-30, "present"), (10, "present"), (11, "late"), (75, "late"), (76, None)],
    )
    def test_the_window_opens_before_the_beginning_and_shuts_after_the_end(
        self, clock: time_machine.Traveller, person: User, session: TrainingSession, minutes: int, found: str | None
    ) -> None:
        at = BEGINS + timedelta(minutes=minutes)
        clock.move_to(at)
        answer = signed_in(person).post(address(session, at))
        assert answer.status_code == (302 if found else 409)
        assert session.attendances.values_list("state", flat=True).first() == found


@pytest.mark.usefixtures("clock")
class TestNotByGuessing:
    def test_the_code_of_one_session_opens_no_other(self, person: User, session: TrainingSession) -> None:
        other = session_on(BEGINS, people=[person])
        sent = f"/classroom/{session.pk}/here/{code_at(other, BEGINS)}/"
        answer = signed_in(person).post(sent)
        assert (answer.status_code, Attendance.objects.count()) == (410, 0)
        assert "Morning meeting" not in answer.text

    def test_whoever_guesses_waits_even_with_the_right_code(self, person: User, session: TrainingSession) -> None:
        client = signed_in(person)
        for number in range(10):
            client.post("/classroom/here/", {"code": f"0000000{number}"})
        assert client.post(address(session, BEGINS)).status_code == 429
        assert signed_in(UserFactory()).post(address(session, BEGINS)).status_code == 302

    @pytest.mark.parametrize("change", [{"cancelled_at": BEGINS}, {"closed_at": BEGINS}])
    def test_nothing_is_taken_once_it_is_called_off_or_closed(
        self, person: User, session: TrainingSession, change: dict[str, datetime]
    ) -> None:
        TrainingSession.objects.update(**change)
        assert signed_in(person).post(address(session, BEGINS)).status_code == 409


@pytest.mark.usefixtures("clock")
class TestScreen:
    def test_shows_the_code_of_the_minute_to_who_keeps_the_session(self, person: User) -> None:
        trainer = UserFactory()
        session = session_on(BEGINS, people=[person], trainers=[trainer])
        shown = signed_in(trainer).get(f"/classroom/{session.pk}/code/").text
        code = code_at(session, BEGINS)
        assert f"{code[:4]}-{code[4:]}" in shown
        assert "<svg" in shown
        assert signed_in(person).get(f"/classroom/{session.pk}/code/").status_code == 404

    def test_shows_none_before_its_time(self) -> None:
        session = session_on(BEGINS + timedelta(hours=2), planned_by=(trainer := UserFactory()))
        code = code_at(session, BEGINS)
        assert code[:4] not in signed_in(trainer).get(f"/classroom/{session.pk}/code/").text
