"""What coaching puts on the desk."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from mentors.queries import todo
from mentors.services import agree, countersign, decide
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, logged, opened_case
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 27)


def test_a_proposal_to_answer() -> None:
    mentorship = MentorshipFactory(proposed=True)

    for person in (mentorship.mentee, mentorship.teacher.person):
        (one,) = todo(person=person, now=NOW)
        assert (one.url, one.due) == (f"/coaching/{mentorship.pk}/", TODAY + timedelta(days=3))
        agree(mentorship=mentorship, by=person, at=NOW)

    assert todo(person=mentorship.mentee, now=NOW) == []


def test_a_session_to_confirm_by_the_next_day() -> None:
    session = logged(MentorshipFactory())
    mentee = session.mentorship.mentee

    (one,) = todo(person=mentee, now=NOW)
    assert (one.url, one.due) == (f"/coaching/sessions/{session.pk}/", TODAY + timedelta(days=1))
    countersign(session=session, by=mentee, agreed=True, note="", at=NOW)

    assert todo(person=mentee, now=NOW) == []


def test_a_sign_off_to_decide() -> None:
    officer = UserFactory(hr=True)
    case = opened_case(MentorshipFactory(), officer)

    (one,) = todo(person=officer, now=NOW)
    assert one.url == f"/coaching/cases/{case.pk}/"
    decide(case=case, decider=officer, verdict="yes", note="", at=NOW)

    assert todo(person=officer, now=NOW) == []


def test_a_session_to_hold_this_week() -> None:
    mentorship = MentorshipFactory()
    teacher = mentorship.teacher.person
    logged(mentorship, held_at=NOW - timedelta(days=3))

    (one,) = todo(person=teacher, now=NOW)
    assert (one.url, one.due) == (f"/coaching/{mentorship.pk}/log/", FRIDAY)
    logged(mentorship)

    assert todo(person=teacher, now=NOW) == []


def test_on_a_sunday_it_is_due_that_day() -> None:
    teacher = MentorshipFactory().teacher.person

    (one,) = todo(person=teacher, now=NOW + timedelta(days=6))

    assert one.due == TODAY + timedelta(days=6)


def test_as_many_queries_however_much_there_is(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    officer = UserFactory(hr=True)
    for _number in range(5):
        mentorship = MentorshipFactory()
        logged(mentorship)
        opened_case(mentorship, officer)

    assert officer.current_grants  # the page has asked for these before
    with django_assert_num_queries(4):  # one is for HR alone: whose teacher has left
        assert len(todo(person=officer, now=NOW)) == 5
    teacher = mentorship.teacher.person
    assert teacher.current_grants
    with django_assert_num_queries(3):
        todo(person=teacher, now=NOW)
