"""The screens of mentorships and sign-offs, posted to without JavaScript."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mentors.models import EntrustmentCase, Mentorship, Observation, Rubric
from mentors.services import agree
from tests.factories.mentors import (
    NOW,
    Hall,
    MentorshipFactory,
    RubricFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import UserFactory
from tests.mentors.screens import address, visitor
from training.authorisations.models import Authorisation, Entrustment
from training.people.models import User

pytestmark = pytest.mark.django_db


class TestList:
    def test_a_teacher_logs_from_here(self, mentorship: Mentorship, teacher: Client) -> None:
        page = teacher.get("/coaching/")

        assert address("log", mentorship.pk) in page.content.decode()
        assert mentorship.mentee.display_name in page.content.decode()

    def test_a_mentee_confirms_from_here(self, mentorship: Mentorship, mentee: Client) -> None:
        session = logged(mentorship)

        page = mentee.get("/coaching/")

        assert page.context["to_confirm"] == [session]
        assert address("session", session.pk) in page.content.decode()

    def test_a_head_finds_those_of_the_department(self) -> None:
        hall = Hall()
        here = MentorshipFactory(mentee=hall.clerk())
        MentorshipFactory()

        page = visitor(hall.head()).get("/coaching/")

        assert [card.mentorship for card in page.context["overseen"]] == [here]

    def test_others_read_why_there_is_nothing(self) -> None:
        assert "No coaching at present" in visitor(UserFactory()).get("/coaching/").content.decode()

    def test_as_many_queries_for_six_mentees_as_for_two(self, mentorship: Mentorship, teacher: Client) -> None:
        MentorshipFactory(teacher=mentorship.teacher, mentee=UserFactory(posted=True))
        teacher.get("/coaching/")
        with CaptureQueriesContext(connection) as few:
            teacher.get("/coaching/")
        for _number in range(4):
            logged(MentorshipFactory(teacher=mentorship.teacher, mentee=UserFactory(posted=True)))

        with CaptureQueriesContext(connection) as many:
            page = teacher.get("/coaching/")

        assert len(page.context["teaching"]) == 6
        assert len(many) == len(few)

    def test_as_many_queries_for_forty_as_for_two(self) -> None:
        officer = visitor(UserFactory(hr=True))
        rubric = RubricFactory()

        def grow(number: int) -> None:
            for _place in range(number):
                made = MentorshipFactory(mentee=UserFactory(posted=True))
                logged(made)
                observed(made, rubric, 3, 4)

        grow(2)
        officer.get("/coaching/")
        with CaptureQueriesContext(connection) as few:
            officer.get("/coaching/")
        grow(38)

        with CaptureQueriesContext(connection) as many:
            page = officer.get("/coaching/")

        assert page.context["page"].paginator.count == 40
        assert len(many) == len(few)


class TestAnswering:
    def test_agree(self) -> None:
        mentorship = MentorshipFactory(proposed=True)

        answer = visitor(mentorship.mentee).post(address("agree", mentorship.pk))

        assert answer.status_code == 302
        assert Mentorship.objects.get().agreed_by_mentee_at == NOW

    def test_declining_asks_for_a_reason(self) -> None:
        mentorship = MentorshipFactory(proposed=True)
        client = visitor(mentorship.teacher.person)

        page = client.post(address("decline", mentorship.pk), {"reason": " "})
        assert "There is a problem" in page.content.decode()
        client.post(address("decline", mentorship.pk), {"reason": "Too far apart"})

        assert Mentorship.objects.get().end_reason == "Too far apart"

    def test_hr_looks_on(self) -> None:
        mentorship = MentorshipFactory(proposed=True)
        officer = visitor(UserFactory(hr=True))

        assert officer.get(address("mentorship", mentorship.pk)).status_code == 200
        assert officer.post(address("agree", mentorship.pk)).status_code == 403

    def test_hr_ends_it_with_a_reason(self, mentorship: Mentorship) -> None:
        visitor(UserFactory(hr=True)).post(address("end", mentorship.pk), {"reason": "Moved"})

        assert Mentorship.objects.get().outcome == "broken_off"

    def test_the_teacher_does_not(self, mentorship: Mentorship, teacher: Client) -> None:
        assert teacher.post(address("end", mentorship.pk), {"reason": "Tired"}).status_code == 403
        assert Mentorship.objects.get().is_running


def test_a_proposal_is_agreed_on_its_page() -> None:
    mentorship = MentorshipFactory(proposed=True)
    page = visitor(mentorship.mentee).get(address("mentorship", mentorship.pk)).content.decode()
    assert address("agree", mentorship.pk) in page

    agree(mentorship=mentorship, by=mentorship.mentee, at=NOW)

    page = visitor(mentorship.mentee).get(address("mentorship", mentorship.pk)).content.decode()
    assert address("agree", mentorship.pk) not in page
    assert "You have agreed" in page


class TestObserving:
    def post(self, client: Client, mentorship: Mentorship, rubric: Rubric, **given: Any) -> Any:
        posted = {"matter": mentorship.matters.get().code, "observed_on": "2026-11-23", "comment": ""}
        posted |= {f"criterion-{one.code}": "0" for one in rubric.criteria.all()}
        return client.post(f"{address('observe', mentorship.pk)}?rubric={rubric.code}", posted | given)

    def test_the_anchors_are_in_sight(self, mentorship: Mentorship, teacher: Client) -> None:
        rubric = RubricFactory()

        page = teacher.get(address("observe", mentorship.pk)).content.decode()

        assert all(f"Step {step} of {rubric.criteria.count()}" in page for step in range(1, 6))

    def test_by_the_teacher(self, mentorship: Mentorship, teacher: Client) -> None:
        rubric = RubricFactory()

        answer = self.post(teacher, mentorship, rubric, **{"criterion-criterion-1": "4"})

        observation = Observation.objects.get()
        assert answer.url == address("observation", observation.pk)
        assert (observation.kind, observation.mentorship) == (Observation.Kind.TEACHER, mentorship)
        assert list(observation.ratings.order_by("pk").values_list("rating", flat=True)) == [4, None, None, None]

    def test_hr_says_as_whom(self, mentorship: Mentorship) -> None:
        rubric, officer = RubricFactory(), visitor(UserFactory(hr=True))

        self.post(officer, mentorship, rubric, **{"criterion-criterion-1": "4"})
        assert not Observation.objects.exists()
        self.post(officer, mentorship, rubric, kind="visit", **{"criterion-criterion-1": "4"})

        assert Observation.objects.get().kind == Observation.Kind.VISIT

    @pytest.mark.parametrize(
        ("given", "message"),
        [({}, "Rate at least one criterion"), ({"observed_on": "2026-11-24"}, "The day lies ahead")],
    )
    def test_a_mistake_is_told(
        self, mentorship: Mentorship, teacher: Client, given: dict[str, str], message: str
    ) -> None:
        page = self.post(teacher, mentorship, RubricFactory(), **given)

        assert message in page.content.decode()
        assert not Observation.objects.exists()

    def test_the_day_reaches_the_browser_in_every_language(self, mentorship: Mentorship) -> None:
        RubricFactory()
        User.objects.filter(pk=mentorship.teacher.person_id).update(language="zh-hans")

        page = visitor(mentorship.teacher.person).get(address("observe", mentorship.pk)).content.decode()

        assert 'value="2026-11-23"' in page

    def test_not_by_the_mentee(self, mentorship: Mentorship, mentee: Client) -> None:
        RubricFactory()

        assert mentee.get(address("observe", mentorship.pk)).status_code == 403


class TestSignOff:
    def test_from_proposal_to_authorisation(self, mentorship: Mentorship, teacher: Client) -> None:
        officer = UserFactory(hr=True)
        matter = mentorship.matters.get()

        page = teacher.post(
            address("open_case", mentorship.pk),
            {"matter": matter.code, "entrustment": "3", "panel": [officer.staff_number]},
            follow=True,
        )
        case = EntrustmentCase.objects.get()
        assert page.context["case"] == case
        teacher.post(address("decide", case.pk), {"verdict": "yes"})
        visitor(officer).post(address("decide", case.pk), {"verdict": "yes", "note": "Seen twice"})

        authorisation = Authorisation.objects.get()
        assert (authorisation.person, authorisation.matter) == (mentorship.mentee, matter)
        assert authorisation.entrustment == Entrustment.INDIRECT

    def test_asks_for_a_second_person(self, mentorship: Mentorship, teacher: Client) -> None:
        posted = {"matter": mentorship.matters.get().code, "entrustment": "3"}

        teacher.post(address("open_case", mentorship.pk), posted)
        teacher.post(address("open_case", mentorship.pk), posted | {"panel": [mentorship.teacher.person.staff_number]})

        assert not EntrustmentCase.objects.exists()

    def test_the_mentee_neither_proposes_nor_decides(self, mentorship: Mentorship, mentee: Client) -> None:
        case = opened_case(mentorship, UserFactory(hr=True))

        assert mentee.get(address("open_case", mentorship.pk)).status_code == 403
        assert mentee.get(address("case", case.pk)).status_code == 200
        assert mentee.post(address("decide", case.pk), {"verdict": "yes"}).status_code == 403

    def test_a_no_needs_a_reason(self, mentorship: Mentorship, teacher: Client) -> None:
        case = opened_case(mentorship, UserFactory(hr=True))

        page = teacher.post(address("decide", case.pk), {"verdict": "no"})

        assert "Say what is missing" in page.content.decode()
        assert EntrustmentCase.objects.get().state == EntrustmentCase.State.OPEN

    def test_the_first_verdict_is_not_told_to_the_second(self, mentorship: Mentorship, teacher: Client) -> None:
        officer = UserFactory(hr=True)
        case = opened_case(mentorship, officer)
        teacher.post(address("decide", case.pk), {"verdict": "yes", "note": "Ready since May"})

        before = visitor(officer).get(address("case", case.pk)).content.decode()
        mine = teacher.get(address("case", case.pk)).content.decode()

        assert "has decided" in before
        assert "Ready since May" not in before
        assert "Ready since May" in mine

    def test_the_panel_may_open_it_until_it_is_closed_and_after(self, mentorship: Mentorship) -> None:
        other = MentorshipFactory().teacher.person
        case = opened_case(mentorship, other)
        client = visitor(other)

        assert client.get(address("mentorship", mentorship.pk)).status_code == 200
        client.post(address("decide", case.pk), {"verdict": "no", "note": "Not yet"})

        assert client.get(address("mentorship", mentorship.pk)).status_code == 404
        assert client.get(address("case", case.pk)).status_code == 200
