"""Who sees what: notes of coaching, and everything from outside the scope."""

import pytest

from mentors.models import CoachingSession, Mentorship
from mentors.services import decide
from tests.factories.mentors import (
    NOW,
    Hall,
    MentorshipFactory,
    RubricFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import DepartmentFactory, RoleGrantFactory, UserFactory
from tests.mentors.screens import address, visitor
from training.people.models import Role, User

pytestmark = pytest.mark.django_db


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
