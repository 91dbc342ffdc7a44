"""The screens of coaching, posted to without JavaScript."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentors.models import CoachingSession, EntrustmentCase, Mentorship, Observation, PairingRound, Rubric
from mentors.services import Choice, agree, decide, solve_round, withdraw_session
from tests.factories.mentors import (
    NOW,
    TODAY,
    Hall,
    MentorshipFactory,
    RoundFactory,
    RubricFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import DepartmentFactory, RoleGrantFactory, UserFactory
from training.authorisations.models import Authorisation, Entrustment
from training.people.models import Role, User

pytestmark = pytest.mark.django_db


def visitor(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def mentorship() -> Mentorship:
    return MentorshipFactory()


@pytest.fixture
def teacher(mentorship: Mentorship) -> Client:
    return visitor(mentorship.teacher.person)


@pytest.fixture
def mentee(mentorship: Mentorship) -> Client:
    return visitor(mentorship.mentee)


def address(name: str, pk: int) -> str:
    return reverse(f"mentors:{name}", args=[pk])


def entry(mentorship: Mentorship, **given: Any) -> dict[str, Any]:
    """What the browser sends when the teacher taps a level and Save."""
    usual = {
        "client_uuid": str(uuid4()),
        "held_at": "2026-11-23T10:30",
        "kind": "supervised",
        "matter": mentorship.matters.get().pk,
        "level": "3",
        "minutes": "10",
    }
    return usual | given


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
        assert "as last time, rated 3 on" in page.content.decode()

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


SECRETS = {
    "note": "Tears after the third case",
    "strengths": "Kind to the old man",
    "next_action": "Breathe before speaking",
}


class TestNotesArePrivate:
    """Heads and HR see when, how long, what and how far; never what was said."""

    @pytest.fixture
    def hall(self) -> Hall:
        return Hall()

    @pytest.fixture
    def session(self, hall: Hall) -> CoachingSession:
        mentorship = MentorshipFactory(mentee=hall.clerk())
        chips = list(RubricFactory().criteria.all()[:1])
        return logged(mentorship, seen=chips, not_responding=True, **SECRETS)

    def told(self, person: User, session: CoachingSession) -> list[str]:
        """What of the secrets any page of the mentorship tells this person."""
        client = visitor(person)
        pages = [
            client.get(address("session", session.pk)),
            client.get(address("mentorship", session.mentorship_id)),
            client.get("/coaching/"),
        ]
        assert [page.status_code for page in pages] == [200, 200, 200]
        text = "".join(page.content.decode() for page in pages)
        assert "Prompted now and then" in text
        return [secret for secret in (*SECRETS.values(), "Chip 1", "No change after coaching") if secret in text]

    def test_heads_hr_and_directors_read_results_only(self, hall: Hall, session: CoachingSession) -> None:
        for person in (hall.head(), UserFactory(hr=True), UserFactory(director=True), UserFactory(auditor=True)):
            assert self.told(person, session) == []

    def test_mentee_and_teacher_read_everything(self, session: CoachingSession) -> None:
        for person in (session.mentorship.mentee, session.mentorship.teacher.person):
            assert len(self.told(person, session)) == 5

    def test_the_panel_reads_them_while_the_case_is_open(self, session: CoachingSession) -> None:
        officer = UserFactory(hr=True)

        case = opened_case(session.mentorship, officer)
        assert len(self.told(officer, session)) == 5
        decide(case=case, decider=officer, verdict="no", note="Not yet", at=NOW)
        assert self.told(officer, session) == []

    def test_nor_the_comment_of_an_observation(self, hall: Hall, session: CoachingSession) -> None:
        observation = observed(session.mentorship, RubricFactory(), 3, comment="Between us: nervous")
        page = address("observation", observation.pk)

        for person in (hall.head(), UserFactory(hr=True)):
            answer = visitor(person).get(page)
            assert answer.status_code == 200
            assert "nervous" not in answer.content.decode()
        assert "nervous" in visitor(session.mentorship.mentee).get(page).content.decode()


class TestNothingIsThereForOthers:
    @pytest.fixture
    def addresses(self, mentorship: Mentorship) -> list[str]:
        session = logged(mentorship)
        observation = observed(mentorship, RubricFactory(), 3)
        case = opened_case(mentorship, UserFactory(hr=True))
        return [
            *(address(name, mentorship.pk) for name in ("mentorship", "log", "observe", "open_case")),
            address("session", session.pk),
            address("observation", observation.pk),
            address("case", case.pk),
        ]

    @pytest.mark.parametrize("roles", [{}, {"teacher": True}, {"editor": True}, {"examiner": True}])
    def test_outside_the_scope(self, addresses: list[str], roles: dict[str, bool]) -> None:
        client = visitor(UserFactory(**roles))

        assert {client.get(page).status_code for page in addresses} == {404}

    def test_for_the_head_of_another_department(self, addresses: list[str]) -> None:
        head = UserFactory()
        RoleGrantFactory(person=head, role=Role.HEAD, department=DepartmentFactory())

        assert {visitor(head).get(page).status_code for page in addresses} == {404}

    def test_posting_neither(self, mentorship: Mentorship) -> None:
        session, case = logged(mentorship), opened_case(mentorship, UserFactory(hr=True))
        client = visitor(UserFactory(teacher=True))
        pages = [
            *(address(name, mentorship.pk) for name in ("agree", "decline", "end", "log", "observe", "open_case")),
            *(address(name, session.pk) for name in ("countersign", "withdraw")),
            address("decide", case.pk),
        ]

        assert {client.post(page).status_code for page in pages} == {404}

    def test_what_does_not_exist_answers_the_same(self) -> None:
        client = visitor(UserFactory())

        assert client.get(address("mentorship", 4711)).status_code == 404


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


class TestRounds:
    @pytest.fixture
    def hall(self) -> Hall:
        return Hall()

    @pytest.mark.parametrize("role", ["clerk", "teacher", "head", "auditor", "editor", "administrator"])
    def test_are_for_hr_and_directors(self, role: str) -> None:
        opened = RoundFactory()
        client = visitor(UserFactory(**{role: True}))

        assert client.get("/coaching/rounds/").status_code == 403
        assert client.get(address("round", opened.pk)).status_code == 403
        assert client.post(address("publish", opened.pk)).status_code == 403

    def test_from_opening_to_publishing(self, hall: Hall) -> None:
        clerk, other, teacher, second = hall.clerk(), hall.clerk(), hall.teacher(), hall.teacher()
        officer = visitor(UserFactory(hr=True))

        officer.post("/coaching/rounds/", {"name": "Autumn", "matters": [hall.matter.code]})
        opened = PairingRound.objects.get()
        officer.post(address("solve", opened.pk))
        proposal = opened.proposals.get(mentee=clerk)
        page = officer.get(address("round", opened.pk))
        assert len(page.context["lines"]) == 2
        assert "Room and record of the teacher" in page.content.decode()

        wanted = teacher if proposal.teacher == second else second
        officer.post(
            address("solve", opened.pk), {f"choice-{proposal.pk}": f"pin:{wanted.person.staff_number}", "page": "1"}
        )
        officer.post(address("publish", opened.pk))

        assert Mentorship.objects.get(mentee=clerk).teacher == wanted
        assert Mentorship.objects.filter(mentee=other).exists()

    def test_a_wrong_pin_is_told(self, hall: Hall) -> None:
        clerk = hall.clerk()
        hall.teacher()
        head = hall.head()
        boss = hall.teacher(person=head)
        opened = RoundFactory(taught=[hall.matter])
        solve_round(round=opened, by="test", at=NOW, today=TODAY)
        proposal = opened.proposals.get(mentee=clerk)

        page = visitor(UserFactory(hr=True)).post(
            address("solve", opened.pk), {f"choice-{proposal.pk}": f"pin:{boss.person.staff_number}"}, follow=True
        )

        assert "heads the mentee&#x27;s department" in page.content.decode()

    def test_hr_of_a_part_sees_the_rounds_of_that_part(self, hall: Hall) -> None:
        officer = UserFactory()
        RoleGrantFactory(person=officer, role=Role.HR, department=hall.department)
        here, centre = RoundFactory(department=hall.department), RoundFactory()
        elsewhere = RoundFactory(department=DepartmentFactory())
        client = visitor(officer)

        assert list(client.get("/coaching/rounds/").context["page"]) == [here]
        assert client.get(address("round", here.pk)).status_code == 200
        assert client.get(address("round", centre.pk)).status_code == 404
        assert client.post(address("publish", elsewhere.pk)).status_code == 404

    def test_and_opens_none_for_the_centre(self, hall: Hall) -> None:
        officer = UserFactory()
        RoleGrantFactory(person=officer, role=Role.HR, department=hall.department)
        client = visitor(officer)

        client.post("/coaching/rounds/", {"name": "All", "matters": [hall.matter.code]})
        client.post("/coaching/rounds/", {"name": "Theirs", "matters": [hall.matter.code], "department": "nowhere"})
        assert not PairingRound.objects.exists()
        client.post(
            "/coaching/rounds/",
            {"name": "Ours", "matters": [hall.matter.code], "department": hall.department.code},
        )

        assert PairingRound.objects.get().department == hall.department

    def test_as_many_queries_for_forty_as_for_two(self, hall: Hall) -> None:
        opened = RoundFactory(taught=[hall.matter])
        officer = visitor(opened.opened_by)
        teachers = [hall.teacher(capacity=30) for _number in range(2)]

        def queries() -> int:
            out = Choice(opened.proposals.get(mentee=first).mentee_id, "forbid", teachers[0].person_id)
            solve_round(round=opened, choices=[out], by="test", at=NOW, today=TODAY)
            officer.get(address("round", opened.pk))
            with CaptureQueriesContext(connection) as captured:
                officer.get(address("round", opened.pk))
            return len(captured)

        first = hall.clerk()
        hall.clerk()
        solve_round(round=opened, by="test", at=NOW, today=TODAY)
        few = queries()
        for _number in range(38):
            hall.clerk()

        assert queries() == few
        assert opened.proposals.count() == 40


def test_a_proposal_is_agreed_on_its_page() -> None:
    mentorship = MentorshipFactory(proposed=True)
    page = visitor(mentorship.mentee).get(address("mentorship", mentorship.pk)).content.decode()
    assert address("agree", mentorship.pk) in page

    agree(mentorship=mentorship, by=mentorship.mentee, at=NOW)

    page = visitor(mentorship.mentee).get(address("mentorship", mentorship.pk)).content.decode()
    assert address("agree", mentorship.pk) not in page
    assert "You have agreed" in page
