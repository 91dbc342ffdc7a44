"""One's dates in a calendar program: read by a secret address, as RFC 5545 has it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from courses.models import CalendarFeed
from courses.services.feeds import end_feed, make_feed
from courses.services.learning import assign
from tests.factories.assessments import EntitlementFactory, ExamSessionFactory
from tests.factories.courses import CourseFactory, session_on
from tests.factories.people import UserFactory
from training.lib.ics import Entry, calendar
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class TestFile:
    def read(self, *entries: Entry) -> tuple[Calendar, bytes]:
        written = calendar(entries, name="培训", host="training.example", at=NOW)
        return Calendar.from_ical(written.decode()), written

    def test_what_is_written_is_read_back(self) -> None:
        awkward = "学完; 课程, 一\\二\n第二行"
        read, _written = self.read(Entry("a-1", awkward, date(2026, 11, 9), url="https://training.example/courses/x/"))
        (event,) = read.walk("VEVENT")
        assert str(event["SUMMARY"]) == awkward
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 11, 9), date(2026, 11, 10))
        assert (str(event["UID"]), event.decoded("DTSTAMP")) == ("a-1@training.example", NOW)
        assert not event.errors

    def test_times_are_the_same_moment_wherever_they_are_read(self) -> None:
        begins = datetime.fromisoformat("2026-11-09T09:00:00+08:00")
        read, _written = self.read(Entry("a", "Exam", begins, begins + timedelta(minutes=45), place="Room 3"))
        (event,) = read.walk("VEVENT")
        assert event.decoded("DTSTART") == begins
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=45)
        assert str(event["LOCATION"]) == "Room 3"

    def test_long_lines_are_folded_between_characters(self) -> None:
        title = "一次性告知" * 40
        read, written = self.read(Entry("a", title, date(2026, 11, 9)))
        assert max(len(line) for line in written.split(b"\r\n")) <= 75
        assert str(read.walk("VEVENT")[0]["SUMMARY"]) == title
        assert b"\n" not in written.replace(b"\r\n", b"")

    def test_a_calendar_without_entries_is_one(self) -> None:
        assert self.read()[0].walk("VEVENT") == []


@pytest.mark.django_db
class TestAddress:
    def asked(self, person: User, due: date) -> None:
        facts = {"why": {"en": "New rules", "zh-hans": "新规定"}, "by": UserFactory(hr=True), "at": NOW}
        assign(person=person, course=CourseFactory(), due_on=due, **facts)

    def titles(self, client: Client, secret: str) -> list[str]:
        answer = client.get(f"/calendar/{secret}.ics")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content.decode()).walk("VEVENT")]

    def test_it_has_what_is_due_and_where_one_is_awaited(self, client: Client) -> None:
        person = UserFactory(language="zh-hans")
        self.asked(person, date(2026, 11, 20))
        self.asked(UserFactory(), date(2026, 11, 21))
        session = ExamSessionFactory()
        EntitlementFactory(person=person, exam=session.exam, session=session)
        ExamSessionFactory(cancelled_at=NOW, exam=session.exam).invigilators.add(person)
        titles = self.titles(client, make_feed(person=person, at=NOW))
        assert len(titles) == 2
        assert titles[0].startswith("学完课程：课程course-")
        assert titles[1].startswith("参加考试：")

    def test_it_has_the_training_one_is_invited_to_or_gives(self, client: Client) -> None:
        person, later = UserFactory(), NOW + timedelta(days=1)
        session_on(later, people=[person])
        session_on(later, trainers=[person])
        session_on(later, people=[person], cancelled_at=NOW)
        session_on(later, people=[UserFactory()])
        titles = self.titles(client, make_feed(person=person, at=NOW))
        assert titles == ["Training: Morning meeting", "Give the training: Morning meeting"]

    def test_another_address_ends_the_one_before_and_only_a_digest_is_kept(self, client: Client) -> None:
        person = UserFactory()
        old = make_feed(person=person, at=NOW)
        new = make_feed(person=person, at=NOW)
        assert client.get(f"/calendar/{old}.ics").status_code == 404
        assert client.get(f"/calendar/{new}.ics").status_code == 200
        assert new not in str(CalendarFeed.objects.values().get())
        assert AuditEvent.objects.filter(action="courses.feed_made", person_id=person.pk).count() == 2

    def test_ended_or_left_it_opens_nothing(self, client: Client) -> None:
        person, gone = UserFactory(), UserFactory()
        secret, theirs = make_feed(person=person, at=NOW), make_feed(person=gone, at=NOW)
        assert end_feed(person=person, at=NOW)
        assert not end_feed(person=person, at=NOW)
        assert AuditEvent.objects.filter(action="courses.feed_ended").count() == 1
        User.objects.filter(pk=gone.pk).update(is_active=False)
        for one in (secret, theirs, "x" * 32):
            assert client.get(f"/calendar/{one}.ics").status_code == 404

    def test_the_address_is_shown_once(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert "No address yet" in client.get("/calendar/").content.decode()
        shown = client.post("/calendar/make/").content.decode()
        assert ".ics" in shown
        assert ".ics" not in client.get("/calendar/").content.decode()
        client.post("/calendar/end/")
        assert not CalendarFeed.objects.exists()
