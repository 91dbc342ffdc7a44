"""Training sessions: planned for whom, told to whom, marked by whom, and what attendance does to a course."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses import permissions
from courses.models import Attendance, Course, TrainingSession, UnitProgress
from courses.queries.sessions import Audience, invited, todo
from courses.services import attendance
from courses.services.attendance import Mark
from courses.services.learning import enrol, finish_section
from courses.services.sessions import SessionRefused, cancel_session, change_session, plan_session
from tests.factories.courses import CourseFactory, session_on
from tests.factories.people import DepartmentFactory, PostingFactory, RoleGrantFactory, SectionFactory, UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TODAY = NOW.date()
State, How = Attendance.State, Attendance.How
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def facts(**more: Any) -> dict[str, Any]:
    starts_at = more.pop("starts_at", NOW + timedelta(days=1))
    told = {"title": {"en": "Queueing"}, "kind": "classroom", "minutes": 60, "room": "301", "capacity": None}
    return {**told, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1), "unit": None, **more}


def marked(session: TrainingSession, person: User, state: str, **more: Any) -> None:
    by = more.pop("by", session.planned_by)
    marks = {person.pk: Mark(state, more.pop("minutes", None))}
    attendance.mark(session=session, marks=marks, how=How.MANUAL, by=by, at=more.pop("at", NOW), **more)


def kinds_told(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


class TestPlanning:
    def test_departments_with_all_below_sections_and_people_are_invited_and_told(self) -> None:
        top, hall = DepartmentFactory(), SectionFactory()
        below = top.add_child(code="below", name={"en": "Below"})
        of_department, named, _stranger = UserFactory(department=below), UserFactory(), UserFactory()
        gone = UserFactory(department=top, is_active=False)
        posted = PostingFactory(section=hall).person
        hr = UserFactory(hr=True)
        session = plan_session(
            trainers=[hr], audience=Audience([top], [hall], [named]), by=hr, at=NOW, **facts(kind="morning")
        )
        assert set(invited(session)) == {of_department, named, posted}
        assert [kinds_told(one) for one in (of_department, named, posted, hr, gone)] == [
            *[["training.invited"]] * 3,
            ["training.trainer"],
            [],
        ]
        assert AuditEvent.objects.get(action="courses.session_planned").actor_id == hr.pk

    def test_one_that_was_held_is_put_on_record_and_nobody_told(self) -> None:
        named, hr = UserFactory(), UserFactory(hr=True)
        past = facts(starts_at=NOW - timedelta(days=3))
        plan_session(trainers=[hr], audience=Audience(people=[named]), by=hr, at=NOW, **past)
        assert not Notice.objects.exists()

    def test_somebody_must_be_invited(self) -> None:
        hr = UserFactory(hr=True)
        with pytest.raises(SessionRefused):
            plan_session(trainers=[hr], audience=Audience(), by=hr, at=NOW, **facts())

    def test_a_change_tells_those_who_stay_come_and_go(self) -> None:
        stays, goes, comes, hr = UserFactory(), UserFactory(), UserFactory(), UserFactory(hr=True)
        session = plan_session(
            trainers=[hr], audience=Audience(people=[stays, goes]), by=hr, at=NOW, **(same := facts())
        )
        told = {"session": session, "trainers": [hr], "by": hr, "at": NOW}
        change_session(audience=Audience(people=[stays, comes]), **told, **{**same, "room": "302"})
        assert kinds_told(stays) == ["training.invited", "training.moved"]
        assert kinds_told(goes) == ["training.invited", "training.uninvited"]
        assert kinds_told(comes) == ["training.invited"]
        assert AuditEvent.objects.get(action="courses.session_changed").before["room"] == "301"

    def test_other_minutes_count_for_who_was_there_for_all_of_it(self) -> None:
        whole, part, hr = UserFactory(), UserFactory(), UserFactory(hr=True)
        session = session_on(NOW, people=[whole, part], planned_by=hr)
        marked(session, whole, State.PRESENT)
        marked(session, part, State.LATE, minutes=20)
        told = {"trainers": [hr], "audience": Audience(people=[whole, part]), "by": hr, "at": NOW}
        change_session(session=session, **told, **facts(starts_at=NOW, minutes=45))
        assert dict(session.attendances.values_list("person", "minutes")) == {whole.pk: 45, part.pk: 20}

    def test_calling_off_tells_why_and_ends_it(self) -> None:
        person, hr = UserFactory(), UserFactory(hr=True)
        session = session_on(NOW + timedelta(days=1), people=[person], planned_by=hr)
        cancel_session(session=session, reason="The trainer is ill", by=hr, at=NOW)
        session.refresh_from_db()
        assert (session.state, kinds_told(person)) == ("cancelled", ["training.cancelled"])
        assert AuditEvent.objects.get(action="courses.session_cancelled").reason == "The trainer is ill"
        with pytest.raises(SessionRefused):
            marked(session, person, State.EXCUSED)


class TestScope:
    def test_a_head_keeps_what_is_held_for_their_part_alone_and_sees_what_concerns_it(self) -> None:
        mine, other = DepartmentFactory(), DepartmentFactory()
        head = UserFactory(head=True, head_grant__department=mine)
        own, shared, foreign = (session_on(NOW, departments=rows) for rows in ([mine], [mine, other], [other]))
        named = session_on(NOW, people=[UserFactory(department=mine)])
        assert set(permissions.sessions_kept(head, today=TODAY)) == {own, named}
        assert set(permissions.sessions_seen(head, today=TODAY)) == {own, named, shared}
        assert foreign not in permissions.sessions_seen(head, today=TODAY)

    def test_a_section_head_keeps_what_is_held_for_their_section(self) -> None:
        hall = SectionFactory()
        head = UserFactory()
        RoleGrantFactory(person=head, role="head", section=hall)
        session = session_on(NOW, sections=[hall])
        assert list(permissions.sessions_kept(head, today=TODAY)) == [session]

    def test_a_clerk_sees_those_they_are_invited_to_or_were_at(self) -> None:
        top = DepartmentFactory()
        clerk = UserFactory(department=top.add_child(code="under", name={"en": "Under"}))
        invites, at, foreign = session_on(NOW, departments=[top]), session_on(NOW), session_on(NOW)
        marked(at, clerk, State.PRESENT)
        assert set(permissions.sessions_seen(clerk, today=TODAY)) == {invites, at}
        assert not permissions.sessions_kept(clerk, today=TODAY).exists()
        assert foreign.pk

    def test_a_trainer_marks_theirs_and_nobody_else_may(self, client: Client) -> None:
        trainer, clerk = UserFactory(), UserFactory()
        session = session_on(NOW, trainers=[trainer], people=[clerk])
        sent = {f"state-{clerk.pk}": "present"}
        client.force_login(clerk)
        assert client.post(f"/classroom/{session.pk}/attendance/", sent).status_code == 404
        client.force_login(trainer)
        assert client.post(f"/classroom/{session.pk}/attendance/", sent).status_code == 302
        assert session.attendances.get().marked_by == trainer


class TestMarking:
    def test_minutes_count_for_who_was_there_and_others_may_be_given(self) -> None:
        here, late, away = UserFactory(), UserFactory(), UserFactory()
        session = session_on(NOW, people=[here, late, away])
        marks = {here.pk: Mark(State.PRESENT), late.pk: Mark(State.LATE, 40), away.pk: Mark(State.EXCUSED, 40)}
        assert attendance.mark(session=session, marks=marks, how=How.MANUAL, by=here, at=NOW) == 3
        rows = session.attendances.order_by("person")
        assert list(rows.values_list("state", "minutes")) == [("present", 60), ("late", 40), ("excused", 0)]
        assert AuditEvent.objects.filter(action="courses.attendance_marked").count() == 3

    def test_marking_again_changes_and_taking_back_leaves_nothing(self) -> None:
        session, person = session_on(NOW), UserFactory()
        marked(session, person, State.ABSENT)
        marked(session, person, State.PRESENT)
        assert session.attendances.get().minutes == 60
        marked(session, person, "")
        assert not session.attendances.exists()
        before = AuditEvent.objects.get(action="courses.attendance_unmarked").before
        assert before == {"state": "present", "minutes": 60}

    def test_the_same_again_is_no_change(self) -> None:
        session, person = session_on(NOW), UserFactory()
        marked(session, person, State.PRESENT)
        marks = {person.pk: Mark(State.PRESENT)}
        assert attendance.mark(session=session, marks=marks, how=How.SHEET, by=person, at=NOW) == 0
        assert session.attendances.get().how == How.MANUAL

    def test_nobody_is_there_before_it_begins_but_excused(self) -> None:
        session, person = session_on(NOW + timedelta(days=1)), UserFactory()
        marked(session, person, State.EXCUSED)
        with pytest.raises(SessionRefused):
            marked(session, person, State.PRESENT)

    def test_closing_writes_the_others_down_as_absent(self) -> None:
        came, missing = UserFactory(), UserFactory()
        session = session_on(NOW - timedelta(hours=2), people=[came, missing])
        marked(session, came, State.PRESENT)
        assert attendance.close(session=session, by=came, at=NOW) == 1
        assert session.attendances.get(person=missing).state == State.ABSENT
        assert AuditEvent.objects.get(action="courses.session_closed").after == {"absent": 1}
        with pytest.raises(SessionRefused):
            attendance.close(session=session, by=came, at=NOW)

    def test_it_is_not_closed_before_its_end(self) -> None:
        with pytest.raises(SessionRefused):
            attendance.close(session=session_on(NOW), by=UserFactory(), at=NOW)

    def test_a_correction_needs_a_reason_and_is_possible_for_a_year(self) -> None:
        person = UserFactory()
        session = session_on(NOW - timedelta(hours=2), people=[person])
        attendance.close(session=session, by=person, at=NOW)
        with pytest.raises(SessionRefused, match="reason"):
            marked(session, person, State.PRESENT)
        marked(session, person, State.PRESENT, reason="Signed on paper")
        assert AuditEvent.objects.get(action="courses.attendance_corrected").reason == "Signed on paper"
        with pytest.raises(SessionRefused, match="year"):
            marked(session, person, State.LATE, reason="Late", at=NOW + timedelta(days=366))


class TestLesson:
    def learning(self, *units: int) -> tuple[User, Course, Any]:
        person, course = UserFactory(), CourseFactory(units=units)
        return person, course, enrol(person=person, course=course, by=person, at=NOW)

    def test_being_there_finishes_the_lesson_and_with_it_the_course(self) -> None:
        person, course, enrolment = self.learning(2)
        marked(session_on(NOW, unit=course.units.get()), person, State.LATE)
        enrolment.refresh_from_db()
        assert (UnitProgress.objects.get().done_at, enrolment.completed_at) == (NOW, NOW)

    def test_it_is_taken_back_where_nothing_else_finished_it(self) -> None:
        person, course, _enrolment = self.learning(2, 1)
        session = session_on(NOW, unit=course.units.first())
        marked(session, person, State.PRESENT)
        marked(session, person, State.ABSENT)
        assert UnitProgress.objects.get().done_at is None

    def test_it_stays_for_who_read_it_or_was_at_another_session(self) -> None:
        reader, course, enrolment = self.learning(1, 1)
        unit = enrolment.version.units.first()
        other = UserFactory()
        enrol(person=other, course=course, by=other, at=NOW)
        first, second = session_on(NOW, unit=unit.unit), session_on(NOW, unit=unit.unit)
        finish_section(enrolment=enrolment, unit=unit, number=1, at=NOW)
        for session, person in ((first, reader), (first, other), (second, other)):
            marked(session, person, State.PRESENT)
        for person in (reader, other):
            marked(first, person, "")
        assert UnitProgress.objects.exclude(done_at=None).count() == 2

    def test_a_finished_course_stays_finished(self) -> None:
        person, course, enrolment = self.learning(1)
        session = session_on(NOW, unit=course.units.get())
        marked(session, person, State.PRESENT)
        marked(session, person, "")
        enrolment.refresh_from_db()
        assert enrolment.completed_at == NOW
        assert UnitProgress.objects.get().done_at == NOW


class TestScreens:
    def test_what_is_typed_stays_when_the_plan_is_refused(self, client: Client) -> None:
        client.force_login(UserFactory(hr=True))
        sent = {"title_en": "Queueing", "room": "301", "day": "2026-11-03", "begins": "10:00", "ends": "09:00"}
        answer = client.post("/classroom/plan/", {**sent, "kind": "morning", "trainers": "nobody"})
        assert answer.status_code == 400
        assert b'value="Queueing"' in answer.content
        assert b"nobody" in answer.content

    def test_a_session_is_planned_and_changed(self, client: Client) -> None:
        hr, named = UserFactory(hr=True), UserFactory()
        client.force_login(hr)
        sent = {"title_en": "Queueing", "room": "301", "day": "2026-11-03", "begins": "08:30", "ends": "09:00"}
        sent |= {"kind": "morning", "trainers": hr.staff_number, "people": named.staff_number}
        assert client.post("/classroom/plan/", sent).status_code == 302
        session = TrainingSession.objects.get()
        assert (session.starts_at, session.minutes) == (datetime(2026, 11, 3, 0, 30, tzinfo=UTC), 30)
        client.post(f"/classroom/{session.pk}/change/", {**sent, "room": "302", "minutes": 25})
        session.refresh_from_db()
        assert (session.room, session.minutes) == ("302", 25)

    def test_others_of_the_page_are_marked_present_in_one_press(self, client: Client) -> None:
        hr, away, here = UserFactory(hr=True), UserFactory(), UserFactory()
        guest = UserFactory()
        session = session_on(NOW, people=[away, here])
        client.force_login(hr)
        sent = {f"state-{away.pk}": "absent", f"state-{here.pk}": "", "guests": guest.staff_number, "rest": "present"}
        client.post(f"/classroom/{session.pk}/attendance/", sent)
        found = dict(session.attendances.values_list("person", "state"))
        assert found == {away.pk: "absent", here.pk: "present", guest.pk: "present"}

    @pytest.mark.parametrize("address", ["/classroom/", "/classroom/{pk}/"])
    def test_costs_the_same_for_one_as_for_many(self, client: Client, address: str) -> None:
        hr, department = UserFactory(hr=True), DepartmentFactory()
        client.force_login(hr)
        costs = []
        for number in (1, 12):
            people = [UserFactory(department=department) for _ in range(number)]
            for _time in range(number):
                session = session_on(NOW, departments=[department], trainers=people[:2])
            for person in people:
                marked(session, person, State.PRESENT)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address.format(pk=session.pk)).status_code == 200
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestDesk:
    def test_those_invited_and_the_trainer_find_it_in_their_work(self) -> None:
        clerk, excused, trainer = UserFactory(), UserFactory(), UserFactory()
        coming = session_on(NOW + timedelta(days=2), people=[clerk, excused], trainers=[trainer])
        session_on(NOW + timedelta(days=30), people=[clerk])
        marked(coming, excused, State.EXCUSED)
        assert [one.title for one in todo(person=clerk, now=NOW)] == ["Come to the training: Morning meeting"]
        assert todo(person=excused, now=NOW) == []
        assert [one.title for one in todo(person=trainer, now=NOW)] == ["Give the training: Morning meeting"]

    def test_a_list_left_open_is_the_trainers_work(self) -> None:
        trainer = UserFactory()
        session = session_on(NOW - timedelta(days=3), trainers=[trainer])
        (line,) = todo(person=trainer, now=NOW)
        assert (line.url, line.due) == (f"/classroom/{session.pk}/", (NOW - timedelta(days=2)).date())
        attendance.close(session=session, by=trainer, at=NOW)
        assert todo(person=trainer, now=NOW) == []
