"""The quick log and the session's page, posted to without JavaScript."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from mentors.models import CoachingSession, Mentorship
from mentors.services import withdraw_session
from tests.factories.authorisations import MatterFactory
from tests.factories.mentors import (
    NOW,
    MentorshipFactory,
    RubricFactory,
    logged,
)
from tests.factories.people import UserFactory
from tests.mentors.screens import address, entry, visitor

pytestmark = pytest.mark.django_db


class TestLog:
    def test_everything_is_preset_but_what_only_the_teacher_knows(
        self, mentorship: Mentorship, teacher: Client
    ) -> None:
        last = logged(mentorship, kind=CoachingSession.Kind.ROLE_PLAY)

        page = teacher.get(address("log", mentorship.pk))

        form = page.context["form"]
        assert form["matter"].value() == last.matter_id
        assert form["kind"].value() == CoachingSession.Kind.ROLE_PLAY
        assert form["minutes"].value() == 10
        assert "Today 10:40" in page.content.decode()
        assert f'data-last-matter="{last.matter_id}">as last time, rated 3 on' in page.content.decode()

    def test_another_matter_is_not_as_last_time(self) -> None:
        matters = [MatterFactory(), MatterFactory()]
        mentorship = MentorshipFactory(learnt=matters)
        last = logged(mentorship, matter=matters[1])

        page = (
            visitor(mentorship.teacher.person)
            .post(address("log", mentorship.pk), {"matter": matters[0].pk})
            .content.decode()
        )

        assert f'data-last-matter="{last.matter_id}" hidden>' in page
        assert f'data-said="matter">{matters[0]}<' in page

    def test_says_who_can_read_the_note(self, mentorship: Mentorship, teacher: Client) -> None:
        page = teacher.get(address("log", mentorship.pk)).content.decode()

        assert f"{mentorship.mentee.display_name}, you and the sign-off panel can read it." in page

    def test_a_level_and_save(self, mentorship: Mentorship, teacher: Client) -> None:
        chips = list(RubricFactory().criteria.all()[:2])

        answer = teacher.post(
            address("log", mentorship.pk), entry(mentorship, seen=[chip.pk for chip in chips], next_action="Sweep")
        )

        session = CoachingSession.objects.get()
        assert answer.url == f"{address('mentorship', mentorship.pk)}?saved={session.pk}"
        assert (session.level, session.minutes, session.next_action) == (3, 10, "Sweep")
        assert session.ratings.count() == 2

    def test_tapping_save_twice_saves_once(self, mentorship: Mentorship, teacher: Client) -> None:
        posted = entry(mentorship)

        first = teacher.post(address("log", mentorship.pk), posted)
        again = teacher.post(address("log", mentorship.pk), posted)

        assert first.url == again.url
        assert CoachingSession.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"level": ""}, "Tap a level, or that it was not observed."),
            ({"not_observed": "on"}, "not both"),
            ({"next_action_by": "2026-11-30"}, "Say what is to be done by that day"),
            ({"held_at": "2026-11-23T23:00"}, "The session lies ahead"),
            ({"minutes": "11"}, "not one of the available choices"),
        ],
    )
    def test_a_mistake_keeps_what_was_entered(
        self, mentorship: Mentorship, teacher: Client, given: dict[str, str], message: str
    ) -> None:
        page = teacher.post(address("log", mentorship.pk), entry(mentorship, note="Long text") | given)

        assert page.status_code == 200
        assert message in page.content.decode()
        assert "Long text" in page.content.decode()
        assert f'data-said="matter">{mentorship.matters.get()}<' in page.content.decode()
        assert "<title>Error:" in page.content.decode()
        assert not CoachingSession.objects.exists()

    def test_not_observed_is_an_answer(self, mentorship: Mentorship, teacher: Client) -> None:
        teacher.post(address("log", mentorship.pk), entry(mentorship, level="", not_observed="on"))

        assert CoachingSession.objects.get().level is None

    def test_undo_is_offered_for_ten_seconds(self, mentorship: Mentorship, teacher: Client) -> None:
        saved = teacher.post(address("log", mentorship.pk), entry(mentorship)).url
        undo = address("withdraw", CoachingSession.objects.get().pk)

        assert undo in teacher.get(saved).content.decode()
        with time_machine.travel(NOW + timedelta(seconds=11)):
            assert undo not in teacher.get(saved).content.decode()

    def test_undo_brings_back_the_form_with_everything(self, mentorship: Mentorship, teacher: Client) -> None:
        teacher.post(address("log", mentorship.pk), entry(mentorship, next_action="Sweep", minutes="30"))
        session = CoachingSession.objects.get()

        page = teacher.post(address("withdraw", session.pk), follow=True)

        form = page.context["form"]
        assert (form["next_action"].value(), form["minutes"].value(), form["level"].value()) == ("Sweep", 30, 3)
        assert form["client_uuid"].value() != session.client_uuid

    def test_going_back_after_undo_saves_another(self, mentorship: Mentorship, teacher: Client) -> None:
        posted = entry(mentorship)
        teacher.post(address("log", mentorship.pk), posted)
        session = CoachingSession.objects.get()
        withdraw_session(session=session, by=session.logged_by, at=NOW)

        page = teacher.post(address("log", mentorship.pk), posted)
        assert "You took this session back" in page.content.decode()
        teacher.post(
            address("log", mentorship.pk), posted | {"client_uuid": page.context["form"]["client_uuid"].value()}
        )

        assert CoachingSession.objects.standing().count() == 1

    def test_nobody_else_logs(self, mentorship: Mentorship, mentee: Client) -> None:
        assert mentee.get(address("log", mentorship.pk)).status_code == 403
        assert visitor(UserFactory(hr=True)).post(address("log", mentorship.pk)).status_code == 403
        assert visitor(UserFactory(teacher=True)).get(address("log", mentorship.pk)).status_code == 404

    def test_not_before_both_have_agreed(self) -> None:
        mentorship = MentorshipFactory(proposed=True)

        assert visitor(mentorship.teacher.person).get(address("log", mentorship.pk)).status_code == 404


class TestSession:
    def test_the_mentee_confirms(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship)

        mentee.post(address("countersign", session.pk), {"answer": "agree"})

        assert CoachingSession.objects.get().reply == "agreed"

    def test_disagreeing_says_with_what(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship)

        page = mentee.post(address("countersign", session.pk), {"answer": "disagree"})

        assert "Say with what you disagree." in page.content.decode()
        assert not CoachingSession.objects.get().reply

    def test_an_answer_is_final(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship)
        mentee.post(address("countersign", session.pk), {"answer": "agree"})

        page = mentee.post(address("countersign", session.pk), {"answer": "disagree", "note": "No"}, follow=True)

        assert "Nothing was changed" in page.content.decode()
        assert CoachingSession.objects.get().reply == "agreed"

    def test_the_teacher_does_not_answer(self, mentorship: Mentorship, teacher: Client) -> None:
        session = logged(mentorship)

        assert teacher.post(address("countersign", session.pk), {"answer": "agree"}).status_code == 403

    def test_the_mentee_does_not_take_back(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship)

        assert mentee.post(address("withdraw", session.pk)).status_code == 403
        assert CoachingSession.objects.get().withdrawn_at is None

    def test_one_taken_back_says_so_and_no_more(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship, note="Tears")
        withdraw_session(session=session, by=session.logged_by, at=NOW)

        page = mentee.get(address("session", session.pk)).content.decode()

        assert "took this session back" in page
        assert "Tears" not in page
