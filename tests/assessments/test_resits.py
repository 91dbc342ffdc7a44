"""Sitting again: days to wait, new learning after failed resits, and who may say otherwise."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from assessments import queries, services
from assessments.models import Attempt, Entitlement, Exam
from assessments.rules import Resit, resit_after
from courses.services import learning
from tests.factories.assessments import NOW, exam_with_items
from tests.factories.courses import CourseFactory
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db
WHY = {"en": "Course finished"}
BEFORE_MIDNIGHT = datetime(2026, 11, 26, 15, 50, tzinfo=UTC)  # 26 November 23:50 in the centre
THIRD_OF_DECEMBER = datetime(2026, 12, 2, 16, 0, tzinfo=UTC)  # its midnight in the centre
A_SECOND = timedelta(seconds=1)


def exam_of(**terms: Any) -> Exam:
    return exam_with_items(competencies=1, items_each=3, asked_each=3, **terms)


def place(exam: Exam, person: User, at: datetime, **facts: Any) -> Entitlement:
    return services.entitle(person=person, exam=exam, why=WHY, by="test", at=at, **facts)


def start(exam: Exam, person: User, at: datetime) -> Attempt:
    return services.start_attempt(person=person, exam=exam, now=at, language="en", seed=1)


def fail(exam: Exam, person: User, at: datetime, *, handed_in: datetime | None = None) -> Attempt:
    """Sit the exam without an answer and hand it in."""
    attempt = start(exam, person, at)
    done = services.hand_in(person=person, attempt_id=attempt.pk, now=handed_in or at + timedelta(minutes=1))
    assert done.passed is False
    return done


def give(exam: Exam, person: User, at: datetime, **facts: Any) -> None:
    told = {"attempts": 1, "until": None, "extra_minutes": 0, **facts}
    services.entitle_many(people=[person], exam=exam, why=WHY, by=UserFactory(examiner=True), at=at, **told)


class TestWaiting:
    def test_seven_days_from_the_26th_is_the_3rd_in_the_centres_time(self) -> None:
        exam, person = exam_of(wait_days=7), UserFactory()
        place(exam, person, NOW, attempts=2)
        fail(exam, person, BEFORE_MIDNIGHT)
        with pytest.raises(services.MustWait, match="3 December 2026"):
            start(exam, person, THIRD_OF_DECEMBER - A_SECOND)
        assert start(exam, person, THIRD_OF_DECEMBER).is_open

    def test_handing_in_after_midnight_waits_a_day_longer(self) -> None:
        exam, person = exam_of(wait_days=7), UserFactory()
        place(exam, person, NOW, attempts=2)
        fail(exam, person, BEFORE_MIDNIGHT, handed_in=BEFORE_MIDNIGHT + timedelta(minutes=10))
        with pytest.raises(services.MustWait, match="4 December 2026"):
            start(exam, person, THIRD_OF_DECEMBER)

    def test_however_late_the_clock_hands_in_the_deadline_counts(self) -> None:
        exam, person = exam_of(wait_days=7, minutes=5), UserFactory()
        place(exam, person, NOW, attempts=2)
        start(exam, person, BEFORE_MIDNIGHT)
        services.finalise_due(now=BEFORE_MIDNIGHT + timedelta(hours=3))
        assert start(exam, person, THIRD_OF_DECEMBER).is_open

    def test_nobody_waits_without_days_nor_after_a_void_attempt(self) -> None:
        exam, person = exam_of(), UserFactory()
        place(exam, person, NOW, attempts=2)
        fail(exam, person, NOW)
        assert start(exam, person, NOW + timedelta(hours=1)).is_open
        exam, person = exam_of(wait_days=7), UserFactory()
        place(exam, person, NOW)
        Attempt.objects.filter(pk=fail(exam, person, NOW).pk).update(state="void")
        assert start(exam, person, NOW + timedelta(hours=1)).is_open

    def test_a_waiver_given_afterwards_lets_its_own_place_be_used(self) -> None:
        exam, person = exam_of(wait_days=7), UserFactory()
        place(exam, person, NOW, attempts=2)
        Entitlement.objects.update(waiver="Given before, so it says nothing of this failure")
        fail(exam, person, NOW)
        with pytest.raises(services.MustWait):
            start(exam, person, NOW + timedelta(hours=1))
        give(exam, person, NOW + timedelta(hours=1), waiver="The power failed")
        assert start(exam, person, NOW + timedelta(hours=2)).entitlement.waiver == "The power failed"
        event = AuditEvent.objects.get(action="assessments.wait_waived")
        assert (event.reason, event.person_id) == ("The power failed", person.pk)


class TestNewLearning:
    def test_after_so_many_failed_resits_an_ordinary_place_is_no_use(self) -> None:
        exam, person = exam_of(resits_allowed=1), UserFactory()
        place(exam, person, NOW, attempts=9, learned=WHY)
        fail(exam, person, NOW + timedelta(hours=1))
        fail(exam, person, NOW + timedelta(hours=2))
        with pytest.raises(services.NeedsLearning):
            start(exam, person, NOW + timedelta(hours=3))
        give(exam, person, NOW + timedelta(hours=4))
        with pytest.raises(services.NeedsLearning):
            start(exam, person, NOW + timedelta(hours=5))
        give(exam, person, NOW + timedelta(hours=6), learned={"en": "Went through the rules on gifts with Ms Wu"})
        retake = start(exam, person, NOW + timedelta(hours=7))
        assert retake.entitlement.learned["en"].startswith("Went through")

    def test_after_the_retake_the_resits_are_counted_anew(self) -> None:
        exam, person = exam_of(resits_allowed=1), UserFactory()
        place(exam, person, NOW, attempts=9)
        for hours in (1, 2):
            fail(exam, person, NOW + timedelta(hours=hours))
        give(exam, person, NOW + timedelta(hours=3), learned=WHY)
        fail(exam, person, NOW + timedelta(hours=4))
        fail(exam, person, NOW + timedelta(hours=5))
        with pytest.raises(services.NeedsLearning):
            start(exam, person, NOW + timedelta(hours=6))

    def test_finishing_the_course_anew_gives_a_place_that_counts(self) -> None:
        exam, person = exam_of(resits_allowed=0), UserFactory()
        place(exam, person, NOW, attempts=5)
        fail(exam, person, NOW + timedelta(hours=1))
        with pytest.raises(services.NeedsLearning):
            start(exam, person, NOW + timedelta(hours=2))
        enrolment = learning.enrol(person=person, course=CourseFactory(exam=exam), by=person, at=NOW)
        enrolment.version.units.all().delete()  # a course of no lessons is done as soon as somebody looks
        learning.complete_if_done(enrolment, NOW + timedelta(hours=3))
        assert start(exam, person, NOW + timedelta(hours=4)).entitlement.learned

    def test_the_rule_alone(self) -> None:
        def at(hour: int) -> tuple[datetime, date]:
            moment = NOW + timedelta(hours=hour)
            return moment, moment.date()

        facts: dict[str, Any] = {"wait_days": 0, "resits": 0}
        assert resit_after([], [], **facts) == Resit()
        assert resit_after([at(1)], [], **facts).needs_learning
        assert not resit_after([at(1)], [], wait_days=0, resits=None).needs_learning
        assert resit_after([at(1), at(2), at(3)], [at(2)[0] + A_SECOND], **facts).failed == 1


class TestTold:
    @pytest.fixture(autouse=True)
    def _now(self) -> Iterator[None]:
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            yield

    def test_the_person_reads_from_which_day(self, client: Client) -> None:
        exam, person = exam_of(wait_days=7, resits_allowed=2), UserFactory()
        place(exam, person, NOW, attempts=2)
        fail(exam, person, NOW)
        client.force_login(person)
        said = "You may sit it again from Monday 30 November 2026."
        page = client.get(f"/exams/{exam.code}/").content.decode()
        assert said in page
        assert "7 days after the day of handing in" in page
        assert "When 2 resits did not pass either" in page
        assert said in client.get("/exams/").content.decode()
        assert said in [one.why for one in queries.todo(person=person, now=NOW + timedelta(days=1))]
        answer = client.post(f"/exams/{exam.code}/start/", {"language": "en"}, follow=True).content.decode()
        assert said in answer
        assert Attempt.objects.count() == 1

    def test_examiners_see_it_in_the_list_of_places_and_say_otherwise(self, client: Client) -> None:
        exam, person = exam_of(wait_days=7, resits_allowed=0), UserFactory()
        place(exam, person, NOW, attempts=2)
        fail(exam, person, NOW)
        client.force_login(UserFactory(examiner=True))
        address = f"/exams/manage/{exam.code}/places/"
        assert "after new learning" in client.get(address).content.decode()
        sent = {"numbers": person.staff_number, "attempts": 1, "extra_minutes": 0, "why": "Retake"}
        client.post(address, sent | {"learned": "Read the notice rules again"})
        page = client.get(address).content.decode()
        assert "Learned: Read the notice rules again" in page
        assert "from Mon 30 Nov" in page
        client.post(address, sent | {"learned": "Read them again", "waiver": "Leaves on leave"})
        page = client.get(address).content.decode()
        assert "Need not wait: Leaves on leave" in page
        assert "from Mon 30 Nov" not in page
        assert start(exam, person, NOW + timedelta(days=1)).entitlement.waiver

    def test_the_list_asks_as_much_for_many_as_for_one(
        self, client: Client, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        exam = exam_of(wait_days=7)
        client.force_login(UserFactory(examiner=True))
        for number in (1, 5):
            for _more in range(number):
                person = UserFactory()
                place(exam, person, NOW)
                fail(exam, person, NOW)
            with django_assert_max_num_queries(11):
                assert client.get(f"/exams/manage/{exam.code}/places/").status_code == 200
