"""Appointing teachers, answering a proposal, ending a mentorship."""

from datetime import timedelta

import pytest

from mentors.models import Mentorship, Teacher
from mentors.services import (
    AlreadyDoneError,
    CoachingError,
    NotYoursError,
    agree,
    appoint_teacher,
    decline,
    end,
    end_teacher,
    propose,
)
from tests.factories.authorisations import MatterFactory
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, TeacherFactory, opened_case
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import Access, User
from training.people.services import NotAllowedError

pytestmark = pytest.mark.django_db


def appoint(person: User, by: User) -> Teacher:
    return appoint_teacher(
        person=person, matters=[MatterFactory()], capacity=2, starts_on=TODAY, until=None, by=by, at=NOW
    )


class TestAppointing:
    def test_gives_the_role(self) -> None:
        person = UserFactory()

        teacher = appoint(person, UserFactory(hr=True))

        assert list(Teacher.objects.appointed_on_day(TODAY)) == [teacher]
        assert "teacher" in User.objects.get(pk=person.pk).role_names
        assert AuditEvent.objects.get(action="mentors.teacher_appointed").person_id == person.pk

    def test_is_not_for_everybody_to_do(self) -> None:
        with pytest.raises(NotAllowedError):
            appoint(UserFactory(), UserFactory(editor=True))

        assert not Teacher.objects.exists()

    def test_is_not_done_twice(self) -> None:
        teacher = TeacherFactory()

        with pytest.raises(CoachingError, match="already"):
            appoint(teacher.person, UserFactory(hr=True))

    def test_ends_with_the_role(self) -> None:
        officer, person = UserFactory(hr=True), UserFactory()
        teacher = appoint(person, officer)

        end_teacher(teacher=teacher, on=TODAY, reason="Moved to the back office", by=officer, at=NOW)

        assert not Teacher.objects.appointed_on_day(TODAY).exists()
        assert "teacher" not in User.objects.get(pk=person.pk).role_names

    def test_and_may_be_done_anew(self) -> None:
        officer, person = UserFactory(hr=True), UserFactory()
        first = appoint(person, officer)
        end_teacher(teacher=first, on=TODAY, reason="Leave", by=officer, at=NOW)

        assert appoint(person, officer) == first
        assert Teacher.objects.appointed_on_day(TODAY).count() == 1

    def test_does_not_end_while_somebody_is_coached(self) -> None:
        mentorship = MentorshipFactory()

        with pytest.raises(CoachingError, match="1 mentorship is still running"):
            end_teacher(teacher=mentorship.teacher, on=TODAY, reason="", by="test", at=NOW)


class TestAnswering:
    def test_coaching_begins_once_both_have_agreed(self) -> None:
        mentorship = MentorshipFactory(proposed=True)

        agree(mentorship=mentorship, by=mentorship.mentee, at=NOW)
        assert not mentorship.is_agreed
        agree(mentorship=mentorship, by=mentorship.teacher.person, at=NOW + timedelta(days=1))

        saved = Mentorship.objects.get()
        assert saved.is_agreed
        assert saved.starts_on == TODAY + timedelta(days=1)
        assert Notice.objects.get(kind="mentorship.agreed").person == mentorship.mentee

    def test_nobody_agrees_twice(self) -> None:
        mentorship = MentorshipFactory(proposed=True)
        agree(mentorship=mentorship, by=mentorship.mentee, at=NOW)

        with pytest.raises(AlreadyDoneError):
            agree(mentorship=mentorship, by=mentorship.mentee, at=NOW)

        assert not Mentorship.objects.get().is_agreed

    def test_nobody_answers_for_others(self) -> None:
        mentorship = MentorshipFactory(proposed=True)
        officer = UserFactory(hr=True)

        with pytest.raises(NotYoursError):
            agree(mentorship=mentorship, by=officer, at=NOW)
        with pytest.raises(NotYoursError):
            decline(mentorship=mentorship, by=officer, reason="No", at=NOW)

    def test_declining_takes_the_access_away(self) -> None:
        mentorship = MentorshipFactory(proposed=True, starts_on=TODAY)

        decline(mentorship=mentorship, by=mentorship.mentee, reason="We share a flat", at=NOW)

        saved = Mentorship.objects.get()
        assert (saved.outcome, saved.ended_on, saved.end_reason) == ("declined", TODAY, "We share a flat")
        assert not Access.objects.in_force(TODAY).exists()
        assert Notice.objects.get(kind="mentorship.declined").person == mentorship.teacher.person
        event = AuditEvent.objects.get(action="mentors.declined")
        assert (event.person_id, event.reason) == (mentorship.mentee_id, "We share a flat")

    def test_what_both_agreed_to_is_not_declined(self) -> None:
        mentorship = MentorshipFactory()

        with pytest.raises(AlreadyDoneError, match="Ask HR"):
            decline(mentorship=mentorship, by=mentorship.mentee, reason="No", at=NOW)


class TestEnding:
    def test_the_access_goes_and_both_hear_of_it(self) -> None:
        mentorship = MentorshipFactory()

        end(mentorship=mentorship, reason="Moved to another hall", by=UserFactory(hr=True), at=NOW)

        assert Mentorship.objects.get().outcome == Mentorship.Outcome.BROKEN_OFF
        assert not Access.objects.in_force(TODAY).exists()
        assert Notice.objects.filter(kind="mentorship.broken_off").count() == 2

    def test_not_while_a_sign_off_is_open(self) -> None:
        mentorship = MentorshipFactory()
        opened_case(mentorship, UserFactory(hr=True))

        with pytest.raises(CoachingError, match="Decide it first"):
            end(mentorship=mentorship, reason="Moved", by="test", at=NOW)

    def test_not_twice(self) -> None:
        mentorship = MentorshipFactory()
        end(mentorship=mentorship, reason="Moved", by="test", at=NOW)

        with pytest.raises(AlreadyDoneError):
            end(mentorship=mentorship, reason="Moved again", by="test", at=NOW)

        assert Mentorship.objects.get().end_reason == "Moved"


def test_nobody_has_two_teachers() -> None:
    mentorship = MentorshipFactory()

    with pytest.raises(AlreadyDoneError):
        propose(
            mentee=mentorship.mentee,
            teacher=TeacherFactory(),
            matters=[],
            proposal=None,
            by="test",
            at=NOW,
            today=TODAY,
        )
