"""Sign-off: two people, frozen evidence, an authorisation and at the end a certificate; all or nothing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mentors.models import EntrustmentCase, EntrustmentDecision, Mentorship
from mentors.services import (
    AlreadyDoneError,
    CoachingError,
    NotYoursError,
    countersign,
    decide,
    open_case,
)
from mentors.services import completion as completing
from tests.factories.authorisations import AuthorisationFactory, MatterFactory
from tests.factories.certificates import AchievementFactory
from tests.factories.mentors import (
    NOW,
    TODAY,
    Hall,
    MentorshipFactory,
    RubricFactory,
    TeacherFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import RoleGrantFactory, UserFactory
from training.authorisations.models import Authorisation, Entrustment
from training.certificates.models import Achievement, Certificate
from training.matters.models import MatterVersion
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import Access, Role, User

pytestmark = pytest.mark.django_db

YES, NO = EntrustmentDecision.Verdict.YES, EntrustmentDecision.Verdict.NO


@pytest.fixture
def mentorship() -> Mentorship:
    return MentorshipFactory()


@pytest.fixture
def officer() -> User:
    return UserFactory(hr=True)


def verdict(case: EntrustmentCase, decider: User, verdict: str = YES, note: str = "") -> EntrustmentCase:
    return decide(case=case, decider=decider, verdict=verdict, note=note, at=NOW)


class TestOpening:
    def test_freezes_what_is_known(self, mentorship: Mentorship, officer: User) -> None:
        rubric = RubricFactory()
        observed(mentorship, rubric, 4, 2, comment="Between us: nervous")
        session = logged(mentorship, note="Tears after the third case", next_action="Breathe")
        countersign(session=session, by=mentorship.mentee, agreed=True, note="", at=NOW)

        pack = opened_case(mentorship, officer).evidence_pack
        observed(mentorship, rubric, 5, 5)

        assert EntrustmentCase.objects.get().evidence_pack == pack
        assert pack["criteria"] == {"acceptable": 1, "observed": 2, "percent": 50}
        assert [rating["rating"] for rating in pack["observations"][0]["ratings"]] == [4, 2]
        assert pack["sessions"] == {
            "count": 1, "minutes": 20, "agreed": 1, "disagreed": 0, "on_matter": 1, "latest_levels": [3]
        }  # fmt: skip

    def test_holds_no_word_of_the_coaching(self, mentorship: Mentorship, officer: User) -> None:
        observed(mentorship, RubricFactory(), 4, comment="Between us: nervous")
        logged(mentorship, note="Tears after the third case", strengths="Kind", next_action="Breathe")

        told = str(opened_case(mentorship, officer).evidence_pack)

        assert not [word for word in ("nervous", "Tears", "Kind", "Breathe") if word in told]

    def test_lets_the_panel_see_the_mentee_and_tells_them(self, mentorship: Mentorship) -> None:
        other = TeacherFactory().person

        case = opened_case(mentorship, other)

        assert set(case.panel.values_list("person", flat=True)) == {other.pk, mentorship.teacher.person_id}
        assert Access.objects.in_force(TODAY).filter(viewer=other, subject=mentorship.mentee).exists()
        assert Notice.objects.get(kind="case.opened").person == other

    def test_asks_the_nearest_head_when_nobody_is_named(self) -> None:
        hall = Hall()
        RoleGrantFactory(person=UserFactory(), role=Role.HEAD, department=hall.department.add_child(code="below"))
        head = hall.head()
        mentorship = MentorshipFactory(mentee=hall.clerk())

        case = open_case(
            mentorship=mentorship,
            matter=mentorship.matters.get(),
            entrustment=Entrustment.INDIRECT,
            by=mentorship.teacher.person,
            at=NOW,
        )

        assert set(case.panel.values_list("person", flat=True)) == {head.pk, mentorship.teacher.person_id}

    def test_needs_somebody_beside_the_teacher(self, mentorship: Mentorship) -> None:
        with pytest.raises(CoachingError, match="Name who decides"):
            open_case(
                mentorship=mentorship,
                matter=mentorship.matters.get(),
                entrustment=Entrustment.INDIRECT,
                by=mentorship.teacher.person,
                at=NOW,
            )

    def test_not_anybody_decides(self, mentorship: Mentorship) -> None:
        elsewhere = UserFactory()
        RoleGrantFactory(person=elsewhere, role=Role.HEAD, department=elsewhere.department)

        for person in (UserFactory(), elsewhere, mentorship.mentee, mentorship.teacher.person):
            with pytest.raises(CoachingError, match="cannot decide"):
                opened_case(mentorship, person)

    def test_not_anybody_proposes(self, mentorship: Mentorship, officer: User) -> None:
        for person in (mentorship.mentee, TeacherFactory().person):
            with pytest.raises(NotYoursError):
                opened_case(mentorship, officer, by=person)

    def test_one_at_a_time(self, mentorship: Mentorship, officer: User) -> None:
        opened_case(mentorship, officer)

        with pytest.raises(AlreadyDoneError):
            opened_case(mentorship, officer)

    def test_only_its_own_matters(self, mentorship: Mentorship, officer: User) -> None:
        with pytest.raises(CoachingError, match="not part"):
            opened_case(mentorship, officer, matter=MatterFactory())


class TestDeciding:
    def test_one_yes_is_not_enough(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)

        verdict(case, mentorship.teacher.person)

        assert EntrustmentCase.objects.get().state == EntrustmentCase.State.OPEN
        assert not Authorisation.objects.exists()

    def test_the_teacher_cannot_decide_twice(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, mentorship.teacher.person)

        with pytest.raises(AlreadyDoneError, match="second person"):
            verdict(case, mentorship.teacher.person)

        assert not Authorisation.objects.exists()
        assert EntrustmentDecision.objects.count() == 1

    def test_nor_the_database_take_it(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, officer)

        with pytest.raises(IntegrityError), transaction.atomic():
            EntrustmentDecision.objects.create(case=case, decider=officer, verdict=YES, decided_at=NOW)

    def test_the_mentee_never_decides(self, officer: User) -> None:
        mentorship = MentorshipFactory(mentee=UserFactory(hr=True, head=True, teacher=True))
        case = opened_case(mentorship, officer)

        with pytest.raises(NotYoursError):
            verdict(case, mentorship.mentee)

    def test_nor_somebody_off_the_panel(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)

        for person in (TeacherFactory().person, UserFactory(auditor=True), UserFactory(editor=True)):
            with pytest.raises(NotYoursError):
                verdict(case, person)

    def test_nor_somebody_suspended_meanwhile(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        officer.is_active = False
        officer.save()

        with pytest.raises(NotYoursError):
            verdict(case, officer)

    def test_the_second_yes_enters_the_authorisation(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, mentorship.teacher.person)

        verdict(case, officer)

        authorisation = Authorisation.objects.get()
        assert EntrustmentCase.objects.get().authorisation == case.authorisation == authorisation
        assert (authorisation.person, authorisation.matter) == (mentorship.mentee, mentorship.matters.get())
        assert (authorisation.starts_on, authorisation.until) == (TODAY, date(2027, 11, 22))
        assert [one["id"] for one in authorisation.decided_by] == [mentorship.teacher.person_id, officer.pk]
        assert authorisation.evidence_pack == case.evidence_pack
        assert AuditEvent.objects.filter(action="mentors.case_granted", person_id=mentorship.mentee_id).exists()

    def test_a_head_off_the_panel_may_stand_in(self, officer: User) -> None:
        hall = Hall()
        head = hall.head()
        mentorship = MentorshipFactory(mentee=hall.clerk())
        case = opened_case(mentorship, officer)
        verdict(case, mentorship.teacher.person)

        verdict(case, head)

        assert case.state == EntrustmentCase.State.GRANTED

    def test_a_no_closes_it(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, mentorship.teacher.person)

        verdict(case, officer, NO, "Two more complaints to handle alone")

        assert EntrustmentCase.objects.get().state == EntrustmentCase.State.REFUSED
        assert not Authorisation.objects.exists()
        assert Mentorship.objects.get().is_running
        with pytest.raises(AlreadyDoneError, match="closed"):
            verdict(case, TeacherFactory().person)

    def test_a_no_says_why(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)

        with pytest.raises(CoachingError, match="Say what is missing"):
            verdict(case, officer, NO, " ")

        assert not EntrustmentDecision.objects.exists()

    def test_the_panel_sees_the_mentee_no_longer(self, mentorship: Mentorship) -> None:
        other = TeacherFactory().person
        case = opened_case(mentorship, other)

        verdict(case, other, NO, "Not yet")

        assert not Access.objects.in_force(TODAY).filter(viewer=other).exists()
        told = Notice.objects.filter(kind="case.closed").values_list("person", flat=True)
        assert set(told) == {mentorship.mentee_id, mentorship.teacher.person_id}

    def test_another_case_keeps_its_panel(self) -> None:
        matters = [MatterFactory(), MatterFactory()]
        mentorship, other = MentorshipFactory(learnt=matters), TeacherFactory().person
        first, second = (opened_case(mentorship, other, matter=matter) for matter in matters)

        verdict(first, other, NO, "Not yet")

        assert second.panel.filter(person=other).exists()
        assert Access.objects.in_force(TODAY).filter(viewer=other, subject=mentorship.mentee).count() == 1

    def test_an_unpublished_matter_enters_nothing(self, mentorship: Mentorship, officer: User) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, officer)
        MatterVersion.objects.all().delete()

        with pytest.raises(CoachingError, match="never published"):
            verdict(case, mentorship.teacher.person)

        assert EntrustmentDecision.objects.count() == 1


class TestCompleting:
    @pytest.fixture(autouse=True)
    def achievement(self) -> Achievement:
        return AchievementFactory(kind=Achievement.Kind.MENTORSHIP)

    def sign_off(self, mentorship: Mentorship, officer: User, **given: object) -> EntrustmentCase:
        case = opened_case(mentorship, officer, **given)
        verdict(case, mentorship.teacher.person)
        return verdict(case, officer)

    def test_with_the_last_matter_comes_the_certificate(self, officer: User) -> None:
        matters = [MatterFactory(), MatterFactory()]
        mentorship = MentorshipFactory(learnt=matters)
        logged(mentorship)

        self.sign_off(mentorship, officer, matter=matters[0])
        assert not Certificate.objects.exists()
        self.sign_off(mentorship, officer, matter=matters[1])

        saved, certificate = Mentorship.objects.get(), Certificate.objects.get()
        assert (saved.outcome, saved.ended_on, saved.certificate) == ("completed", TODAY, certificate)
        assert AuditEvent.objects.get(action="mentors.completed").person_id == saved.mentee_id
        assert certificate.holder == mentorship.mentee
        assert certificate.facts["given"]["sessions"] == 1
        assert {one["matter"] for one in certificate.facts["scope"]} == {matter.code for matter in matters}
        assert not Access.objects.in_force(TODAY).filter(viewer=mentorship.teacher.person).exists()

    def test_a_matter_held_before_counts(self, officer: User) -> None:
        held, missing = MatterFactory(), MatterFactory()
        mentorship = MentorshipFactory(learnt=[held, missing])
        AuthorisationFactory(person=mentorship.mentee, matter=held, entrustment=Entrustment.INDIRECT)

        self.sign_off(mentorship, officer, matter=missing)

        assert Certificate.objects.exists()

    def test_without_an_achievement_there_is_no_certificate(
        self, achievement: Achievement, mentorship: Mentorship, officer: User
    ) -> None:
        achievement.delete()

        self.sign_off(mentorship, officer)

        assert Mentorship.objects.get().outcome == Mentorship.Outcome.COMPLETED
        assert not Certificate.objects.exists()

    def test_a_failing_certificate_leaves_nothing(
        self, mentorship: Mentorship, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = opened_case(mentorship, officer)
        verdict(case, officer)
        events = AuditEvent.objects.count()

        def fail(**_facts: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(completing, "issue", fail)
        with pytest.raises(OSError, match="disk full"):
            verdict(case, mentorship.teacher.person)

        assert EntrustmentCase.objects.get().state == EntrustmentCase.State.OPEN
        assert EntrustmentDecision.objects.count() == 1
        assert not Authorisation.objects.exists()
        assert Mentorship.objects.get().is_running
        assert Access.objects.in_force(TODAY).filter(viewer=mentorship.teacher.person).exists()
        assert AuditEvent.objects.count() == events

    def test_the_evidence_of_yesterday_stays(self, mentorship: Mentorship, officer: User) -> None:
        observed(mentorship, RubricFactory(), 3, on=TODAY - timedelta(days=1))
        case = self.sign_off(mentorship, officer)

        assert Authorisation.objects.get().evidence_pack["observations"] == case.evidence_pack["observations"]
        assert len(case.evidence_pack["observations"]) == 1
