"""Somebody leaves: coaching ends, the other side hears of it, HR finds the mentee on the desk until paired again."""

from datetime import timedelta

import pytest

from assessments.models import Attempt
from assessments.services import finalise_due
from courses.services.learning import assign
from mentors.models import EntrustmentCase, Mentorship
from mentors.queries import todo
from tests.factories.assessments import exam_with_items, started
from tests.factories.courses import CourseFactory
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, opened_case
from tests.factories.people import DepartmentFactory, UserFactory
from training.people.models import User
from training.people.services import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentorship() -> Mentorship:
    return MentorshipFactory()


def titles(person: User) -> list[str]:
    return [one.title for one in todo(person=person, now=NOW)]


def goes(person: User) -> None:
    leave(person=person, last_day=TODAY, by="tests", at=NOW)


def test_the_mentees_of_a_teacher_are_handed_over(mentorship: Mentorship) -> None:
    mentee, teacher = mentorship.mentee, mentorship.teacher
    officer = UserFactory(hr=True, hr_grant__department=mentee.department)
    case = opened_case(mentorship, UserFactory(head=True))
    goes(teacher.person)
    for row in (mentorship, case, teacher, mentorship.access):
        row.refresh_from_db()
    assert (mentorship.outcome, mentorship.ended_on) == ("orphaned", TODAY)
    assert case.state == EntrustmentCase.State.DROPPED
    assert teacher.until == TODAY
    assert mentorship.access.until == TODAY - timedelta(days=1)
    assert mentee.notices.get(kind="mentorship.teacher_left").facts["teacher"] == str(teacher)
    assert titles(officer) == [f"Find a new teacher for {mentee}"]


def test_only_hr_of_the_mentee_finds_the_task(mentorship: Mentorship) -> None:
    strangers = [
        UserFactory(hr=True, hr_grant__department=DepartmentFactory()),
        UserFactory(head=True, head_grant__department=mentorship.mentee.department),
    ]
    goes(mentorship.teacher.person)
    assert [titles(stranger) for stranger in strangers] == [[], []]


def test_the_task_is_done_once_the_mentee_is_coached_again_or_gone(mentorship: Mentorship) -> None:
    officer = UserFactory(hr=True)
    other = MentorshipFactory(teacher=mentorship.teacher)
    goes(mentorship.teacher.person)
    assert titles(officer) == ["Find new teachers for 2 people"]
    MentorshipFactory(mentee=mentorship.mentee)
    assert titles(officer) == [f"Find a new teacher for {other.mentee}"]
    goes(other.mentee)
    assert titles(officer) == []


def test_a_mentee_who_leaves_frees_the_teacher(mentorship: Mentorship) -> None:
    goes(mentorship.mentee)
    mentorship.refresh_from_db()
    assert mentorship.outcome == "broken_off"
    assert mentorship.teacher.person.notices.filter(kind="mentorship.mentee_left").exists()
    assert not mentorship.mentee.notices.exists()
    assert titles(UserFactory(hr=True)) == []


def test_a_course_asked_for_is_waived_and_an_open_exam_ends_by_the_clock() -> None:
    person = UserFactory()
    why = {"en": "New here"}
    asked = assign(person=person, course=CourseFactory(), why=why, due_on=TODAY, by="tests", at=NOW)
    attempt = started(exam_with_items(), person, at=NOW)
    goes(person)
    asked.refresh_from_db()
    assert (asked.state, asked.waive_reason) == ("waived", f"Left on {TODAY}")
    finalise_due(now=attempt.deadline + timedelta(minutes=1))
    assert Attempt.objects.get(pk=attempt.pk).state == Attempt.State.SCORED
