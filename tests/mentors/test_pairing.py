"""A pairing round from opening to publication, on real rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from mentors.models import Mentorship, PairingRound, Proposal
from mentors.queries.candidates import candidates
from mentors.services import (
    AlreadyDoneError,
    Choice,
    CoachingError,
    OutOfDateError,
    PinImpossibleError,
    open_round,
    publish_round,
    solve_round,
)
from tests.factories.authorisations import AuthorisationFactory, SuspensionFactory
from tests.factories.competencies import evidence
from tests.factories.mentors import NOW, TODAY, Hall, MentorshipFactory, RoundFactory, TeacherFactory
from tests.factories.people import DepartmentFactory, PostingFactory, RoleGrantFactory, UserFactory, WindowFactory
from training.authorisations.models import Entrustment
from training.matters.models import WindowMatter
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import Access, Role, User, Window

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def opened(hall: Hall) -> PairingRound:
    return RoundFactory(taught=[hall.matter])


def solve(opened: PairingRound, *choices: Choice) -> dict[User, Proposal]:
    solve_round(round=opened, choices=choices, by=opened.opened_by, at=NOW, today=TODAY)
    return {row.mentee: row for row in opened.proposals.select_related("mentee", "teacher__person")}


def refusals(proposal: Proposal) -> list[str]:
    assert proposal.teacher is None
    return [reason["refusal"] for reason in proposal.reasons]


class TestWhoIsInTheRound:
    def mentees(self, opened: PairingRound) -> list[int]:
        return [mentee.ident for mentee in candidates(opened, today=TODAY).mentees]

    def test_a_clerk_whose_window_serves_the_matter(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()

        (mentee,) = candidates(opened, today=TODAY).mentees

        assert mentee.ident == clerk.pk
        assert mentee.matters == {hall.matter.pk}
        assert mentee.gaps == {hall.target.competency_id: 3}

    def test_a_level_held_narrows_the_gap(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        evidence(hall.target.competency, value=-1.2, observed_on=TODAY, person=clerk)

        (mentee,) = candidates(opened, today=TODAY).mentees

        assert mentee.gaps == {hall.target.competency_id: 1}

    def test_not_one_at_another_window(self, hall: Hall, opened: PairingRound) -> None:
        PostingFactory(position=hall.position, window=WindowFactory())

        assert self.mentees(opened) == []

    def test_not_one_whose_window_served_it_until_yesterday(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk()
        WindowMatter.objects.update(until=TODAY - timedelta(days=1))

        assert self.mentees(opened) == []

    def test_not_one_whose_window_closed_yesterday(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk()
        Window.objects.update(until=TODAY - timedelta(days=1))

        assert self.mentees(opened) == []

    @pytest.mark.parametrize(("entrustment", "stays"), [(Entrustment.DIRECT, True), (Entrustment.INDIRECT, False)])
    def test_not_one_who_may_handle_it_alone(
        self, hall: Hall, opened: PairingRound, entrustment: int, stays: bool
    ) -> None:
        clerk = hall.clerk()
        AuthorisationFactory(person=clerk, matter=hall.matter, entrustment=entrustment)

        assert (clerk.pk in self.mentees(opened)) is stays

    def test_not_one_with_a_teacher(self, hall: Hall, opened: PairingRound) -> None:
        MentorshipFactory(mentee=hall.clerk(), proposed=True)

        assert self.mentees(opened) == []

    def test_not_a_teacher(self, hall: Hall, opened: PairingRound) -> None:
        TeacherFactory(person=hall.clerk())

        assert self.mentees(opened) == []

    def test_not_one_suspended(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk(suspended=True)

        assert self.mentees(opened) == []

    def test_only_those_of_the_department(self, hall: Hall) -> None:
        clerk = hall.clerk()
        here = RoundFactory(taught=[hall.matter], department=hall.department)
        elsewhere = RoundFactory(taught=[hall.matter], department=DepartmentFactory())

        assert self.mentees(here) == [clerk.pk]
        assert self.mentees(elsewhere) == []

    def test_as_many_queries_for_forty_as_for_one(
        self, hall: Hall, opened: PairingRound, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        hall.clerk()
        hall.teacher()
        with CaptureQueriesContext(connection) as few:
            candidates(opened, today=TODAY)
        for _number in range(20):
            hall.clerk()
            hall.teacher()

        with django_assert_num_queries(len(few)):
            candidates(opened, today=TODAY)


class TestHardRules:
    def test_the_teacher_appointed_for_the_matter(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()

        assert solve(opened)[clerk].teacher == teacher

    @pytest.mark.parametrize(
        ("entrustment", "refused"), [(Entrustment.DISTANT, []), (Entrustment.INDIRECT, ["not_certified"])]
    )
    def test_or_one_who_handles_it_alone(
        self, hall: Hall, opened: PairingRound, entrustment: int, refused: list[str]
    ) -> None:
        clerk, teacher = hall.clerk(), hall.teacher(taught=[])
        AuthorisationFactory(person=teacher.person, matter=hall.matter, entrustment=entrustment)

        proposal = solve(opened)[clerk]

        assert (proposal.teacher is None) is bool(refused)
        assert [reason["refusal"] for reason in proposal.reasons] == refused

    def test_not_while_that_authorisation_is_suspended(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher(taught=[])
        authorisation = AuthorisationFactory(person=teacher.person, matter=hall.matter)
        SuspensionFactory(authorisation=authorisation)

        assert refusals(solve(opened)[clerk]) == ["not_certified"]

    def test_nobody_without_a_place(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher(capacity=1)
        MentorshipFactory(teacher=teacher)

        assert refusals(solve(opened)[clerk]) == ["no_capacity"]

    def test_nobody_suspended(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        hall.teacher(person=UserFactory(teacher=True, suspended=True))

        assert refusals(solve(opened)[clerk]) == ["inactive"]

    def test_nobody_who_heads_the_department(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()
        RoleGrantFactory(person=teacher.person, role=Role.HEAD, department=hall.department)

        assert refusals(solve(opened)[clerk]) == ["chain_of_command"]

    def test_nor_one_above_it(self, opened: PairingRound) -> None:
        above = DepartmentFactory()
        hall = Hall()
        hall.department = DepartmentFactory(parent=above)
        opened.matters.set([hall.matter])
        clerk, teacher = hall.clerk(), hall.teacher()
        RoleGrantFactory(person=teacher.person, role=Role.HEAD, department=above)

        assert refusals(solve(opened)[clerk]) == ["chain_of_command"]

    @pytest.mark.parametrize("outcome", [Mentorship.Outcome.DECLINED, Mentorship.Outcome.BROKEN_OFF])
    def test_nobody_with_whom_it_failed(self, hall: Hall, opened: PairingRound, outcome: str) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()
        MentorshipFactory(mentee=clerk, teacher=teacher, ended_on=TODAY, outcome=outcome)

        assert refusals(solve(opened)[clerk]) == ["failed_before"]

    def test_a_lack_of_places_leaves_one_out_and_says_so(self, hall: Hall, opened: PairingRound) -> None:
        clerks = [hall.clerk(), hall.clerk()]
        hall.teacher(capacity=1)

        found = solve(opened)

        (left_out,) = [found[clerk] for clerk in clerks if found[clerk].teacher is None]
        assert refusals(left_out) == ["taken"]


class TestSoftScore:
    def test_the_teacher_strong_where_the_mentee_is_short(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        hall.teacher()
        strong = hall.teacher()
        evidence(hall.target.competency, value=3.0, observed_on=TODAY, person=strong.person)

        proposal = solve(opened)[clerk]

        assert proposal.teacher == strong
        pieces = {piece["name"]: piece for piece in proposal.pieces}
        assert pieces["gap"]["fit"] == 1.0
        assert proposal.score == pytest.approx(sum(piece["fit"] * piece["weight"] for piece in proposal.pieces))

    def test_the_teacher_of_the_same_section(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        hall.teacher()
        near = hall.teacher(person=hall.clerk(teacher=True))

        assert solve(opened)[clerk].teacher == near

    def test_load_is_spread(self, hall: Hall, opened: PairingRound) -> None:
        clerks = [hall.clerk(), hall.clerk()]
        hall.teacher()
        hall.teacher()

        found = solve(opened)

        assert len({found[clerk].teacher for clerk in clerks}) == 2


class TestHrDecides:
    def test_a_fixed_teacher_stays_fixed(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        strong, wanted = hall.teacher(person=hall.clerk(teacher=True)), hall.teacher()
        assert solve(opened)[clerk].teacher == strong

        pinned = solve(opened, Choice(clerk.pk, "pin", wanted.person_id))[clerk]
        again = solve(opened)[clerk]

        assert (pinned.teacher, pinned.pinned) == (again.teacher, again.pinned) == (wanted, True)

    def test_a_teacher_ruled_out_stays_out_until_cleared(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()

        out = solve(opened, Choice(clerk.pk, "forbid", teacher.person_id))[clerk]
        still_out = solve(opened)[clerk]
        cleared = solve(opened, Choice(clerk.pk, "clear"))[clerk]

        assert refusals(out) == refusals(still_out) == ["forbidden"]
        assert cleared.teacher == teacher
        chosen = AuditEvent.objects.filter(person_id=clerk.pk, action__startswith="mentors.pairing")
        assert [event.action for event in chosen.order_by("pk")] == ["mentors.pairing_forbid", "mentors.pairing_clear"]
        assert AuditEvent.objects.filter(action="mentors.round_solved").count() == 3

    def test_fixing_one_who_may_not_changes_nothing(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()
        head = hall.teacher()
        RoleGrantFactory(person=head.person, role=Role.HEAD, department=hall.department)
        solve(opened)

        with pytest.raises(PinImpossibleError, match="heads the mentee's department") as caught:
            solve(opened, Choice(clerk.pk, "pin", head.person_id))

        assert caught.value.mentee == clerk.pk
        assert opened.proposals.get(mentee=clerk).teacher == teacher

    def test_each_choice_is_recorded(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()

        solve(opened, Choice(clerk.pk, "pin", teacher.person_id))

        event = AuditEvent.objects.get(action="mentors.pairing_pin")
        assert (event.person_id, event.after) == (clerk.pk, {"teacher": teacher.person_id})


class TestPublishing:
    def publish(self, opened: PairingRound) -> int:
        return publish_round(round=opened, by=opened.opened_by, at=NOW, today=TODAY)

    def test_every_pair_becomes_a_mentorship_to_be_answered(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()
        solve(opened)

        assert self.publish(opened) == 1

        mentorship = Mentorship.objects.get()
        assert (mentorship.mentee, mentorship.teacher) == (clerk, teacher)
        assert list(mentorship.matters.all()) == [hall.matter]
        assert mentorship.answer_by == TODAY + timedelta(days=3)
        assert not mentorship.is_agreed
        assert opened.state == PairingRound.State.PUBLISHED
        assert AuditEvent.objects.get(action="mentors.round_published").after == {"mentorships": 1}

    def test_the_teacher_sees_the_mentee_and_both_are_told(self, hall: Hall, opened: PairingRound) -> None:
        clerk, teacher = hall.clerk(), hall.teacher()
        solve(opened)

        self.publish(opened)

        access = Access.objects.in_force(TODAY).get()
        assert (access.viewer, access.subject) == (teacher.person, clerk)
        assert set(Notice.objects.values_list("person", "kind")) == {
            (clerk.pk, "mentorship.proposed"),
            (teacher.person_id, "mentorship.proposed"),
        }
        assert AuditEvent.objects.filter(action="mentors.proposed", person_id=clerk.pk).exists()

    def test_nobody_is_paired_twice(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk()
        hall.teacher()
        solve(opened)
        self.publish(opened)

        with pytest.raises(AlreadyDoneError):
            self.publish(opened)

    def test_not_before_it_is_solved(self, opened: PairingRound) -> None:
        with pytest.raises(CoachingError, match="Solve the round first"):
            self.publish(opened)

    def test_not_when_the_place_was_taken_meanwhile(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk()
        teacher = hall.teacher(capacity=1)
        solve(opened)
        MentorshipFactory(teacher=teacher)

        with pytest.raises(OutOfDateError):
            self.publish(opened)

        assert Mentorship.objects.count() == 1
        assert PairingRound.objects.get().state == PairingRound.State.SOLVED

    def test_not_when_the_mentee_found_a_teacher_meanwhile(self, hall: Hall, opened: PairingRound) -> None:
        clerk = hall.clerk()
        hall.teacher()
        solve(opened)
        MentorshipFactory(mentee=clerk)

        with pytest.raises(OutOfDateError):
            self.publish(opened)

    def test_a_published_round_is_not_solved_again(self, hall: Hall, opened: PairingRound) -> None:
        hall.clerk()
        hall.teacher()
        solve(opened)
        self.publish(opened)

        with pytest.raises(AlreadyDoneError):
            solve(opened)


def test_a_round_is_opened_for_its_matters(hall: Hall) -> None:
    officer = UserFactory(hr=True)

    opened = open_round(name="Spring", matters=[hall.matter], by=officer, at=NOW)

    assert opened.state == PairingRound.State.OPEN
    assert list(opened.matters.all()) == [hall.matter]
    assert AuditEvent.objects.get(action="mentors.round_opened").actor_id == officer.pk
