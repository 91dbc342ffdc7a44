"""What people do to people is one event each, and none when it is taken back (trust requirement R75)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction

from assessments.services import entitle, start_attempt
from courses.services import learning
from mentors import services as coaching
from tests.factories.accountability import asked_erasure
from tests.factories.assessments import exam_with_items
from tests.factories.authorisations import AuthorisationFactory
from tests.factories.certificates import AchievementFactory, issued
from tests.factories.competencies import CompetencyFactory, evidence
from tests.factories.courses import CourseFactory
from tests.factories.mentors import (
    NOW,
    TODAY,
    MentorshipFactory,
    RubricFactory,
    TeacherFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    HallFactory,
    LeaveFactory,
    PositionFactory,
    PostingFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.accountability import services as accountability
from training.authorisations.services import suspend
from training.certificates.services import ask_revocation, confirm_revocation, issue, refuse_revocation
from training.competencies.services import void_evidence
from training.notices.models import How
from training.notices.services import choose
from training.operations.models import AuditEvent
from training.operations.sentences import SENTENCES
from training.people import services as people
from training.people.models import ApiKey

pytestmark = pytest.mark.django_db
Act = Callable[[], Any]


class Scene:
    """Whoever is needed, made when asked for."""

    def __init__(self) -> None:
        CentreFactory()
        self.department, self.position = DepartmentFactory(), PositionFactory()
        self.hr, self.other_hr = UserFactory(hr=True), UserFactory(hr=True)
        self.person = UserFactory(department=self.department)
        self.posting = PostingFactory(person=self.person, department=self.department, position=self.position)
        self.by_hr = {"by": self.hr, "at": NOW}
        self.place = {"department": self.department, "position": self.position, "section": None, "window": None}

    def mentorship(self, **facts: Any) -> Any:
        mentorship = MentorshipFactory(mentee=self.person, **facts)
        self.teacher = mentorship.teacher.person
        return mentorship

    def asked(self) -> Any:
        facts = {"category": "mistake", "reason": "The name is wrong", "by": self.hr, "at": NOW}
        return ask_revocation(certificate=issued(holder=self.person), **facts)

    def erasure(self) -> Any:
        self.person.is_active = False
        self.person.save()
        return asked_erasure(self.person)


def hired(scene: Scene) -> Act:
    facts = {"staff_number": "N1", "display_name": "新人", "latin_name": "", "language": "en", "starts_on": TODAY}
    return partial(people.hire, **facts, **scene.place, **scene.by_hr)


def moved(scene: Scene) -> Act:
    place = {**scene.place, "position": PositionFactory()}
    return partial(people.move, person=scene.person, **place, starts_on=TODAY, **scene.by_hr)


def lent(scene: Scene) -> Act:
    days = {"starts_on": TODAY, "until": TODAY + timedelta(days=3)}
    return partial(people.lend, person=scene.person, section=SectionFactory(), window=None, **days, **scene.by_hr)


def loan_ended(scene: Scene) -> Act:
    loan = lent(scene)()
    return partial(people.end_loan, loan=loan, on=TODAY + timedelta(days=1), **scene.by_hr)


def returned(scene: Scene) -> Act:
    people.leave(person=scene.person, last_day=TODAY, **scene.by_hr)
    scene.person.refresh_from_db()
    return partial(people.come_back, person=scene.person, starts_on=TODAY, **scene.place, **scene.by_hr)


def role_given(scene: Scene) -> Act:
    facts = {"role": "editor", "department": scene.department, "starts_on": TODAY, "until": None}
    return partial(people.grant_role, person=scene.person, **facts, **scene.by_hr)


def role_ended(scene: Scene) -> Act:
    role_given(scene)()
    facts = {"role": "editor", "department": scene.department, "on": TODAY}
    return partial(people.end_role, person=scene.person, **facts, **scene.by_hr)


def access_given(scene: Scene) -> Act:
    facts = {"viewer": UserFactory(), "subject": scene.person, "why": "panel", "starts_on": TODAY, "until": None}
    return partial(people.give_access, **facts, **scene.by_hr)


def access_ended(scene: Scene) -> Act:
    access = access_given(scene)()
    return partial(people.end_access, access=access, on=TODAY, **scene.by_hr)


def factors_taken(scene: Scene) -> Act:
    Authenticator.objects.create(user=scene.person, type="totp", data={})
    return partial(people.remove_factors, person=scene.person, reason="Phone lost", **scene.by_hr)


def assigned(scene: Scene) -> Act:
    due = TODAY + timedelta(days=9)
    why = {"en": "New rules"}
    return partial(learning.assign, person=scene.person, course=CourseFactory(), why=why, due_on=due, **scene.by_hr)


def waived(scene: Scene) -> Act:
    assigned(scene)()
    return partial(learning.waive_open, person=scene.person, last_day=TODAY, **scene.by_hr)


def sitting(scene: Scene) -> Act:
    exam = exam_with_items()
    entitle(person=scene.person, exam=exam, why={"en": "x"}, **scene.by_hr)
    return partial(start_attempt, person=scene.person, exam=exam, now=NOW, language="en")


def voided(scene: Scene) -> Act:
    row = evidence(CompetencyFactory(), value=0.2, observed_on=TODAY, person=scene.person)
    return partial(void_evidence, evidence=row, reason="Another's", **scene.by_hr)


def agreed(scene: Scene) -> Act:
    mentorship = scene.mentorship(proposed=True)
    return partial(coaching.agree, mentorship=mentorship, by=scene.person, at=NOW)


def declined(scene: Scene) -> Act:
    mentorship = scene.mentorship(proposed=True)
    return partial(coaching.decline, mentorship=mentorship, by=scene.person, reason="No time", at=NOW)


def session_withdrawn(scene: Scene) -> Act:
    session = logged(scene.mentorship())
    return partial(coaching.withdraw_session, session=session, by=scene.teacher, at=NOW)


def countersigned(scene: Scene) -> Act:
    session = logged(scene.mentorship())
    return partial(coaching.countersign, session=session, by=scene.person, agreed=True, note="", at=NOW)


def case(scene: Scene) -> Any:
    return opened_case(scene.mentorship(), UserFactory(teacher=True))


def decided(scene: Scene, verdict: str) -> Act:
    opened = case(scene)
    return partial(coaching.decide, case=opened, decider=scene.teacher, verdict=verdict, note="Why", at=NOW)


def teacher_ended(scene: Scene) -> Act:
    teacher = TeacherFactory(person=scene.person)
    return partial(coaching.end_teacher, teacher=teacher, on=TODAY, reason="Moved", **scene.by_hr)


def certified(scene: Scene) -> Act:
    facts = {"achievement": AchievementFactory(), "facts": {}, "earned_by": {"en": "x"}, "today": TODAY}
    return partial(issue, holder=scene.person, **facts, **scene.by_hr)


def key_revoked(scene: Scene) -> Act:
    admin = UserFactory(administrator=True)
    people.make_key(name="Queue", department=None, expires_on=None, by=admin, at=NOW)
    return partial(people.revoke_key, key=ApiKey.objects.get(), by=admin, at=NOW)


def on_leave(scene: Scene, act: str) -> Act:
    leave = LeaveFactory(person=scene.person, starts_on=TODAY)
    if act == "withdraw":
        return partial(people.withdraw_leave, leave=leave, **scene.by_hr)
    days = {"kind": "sick", "starts_on": TODAY, "until": TODAY + timedelta(days=2)}
    return partial(people.change_leave, leave=leave, **days, **scene.by_hr)


CALLS: dict[str, Callable[[Scene], Act]] = {
    "people.hired": hired,
    "people.moved": moved,
    "people.left": lambda s: partial(people.leave, person=s.person, last_day=TODAY, **s.by_hr),
    "people.returned": returned,
    "people.lent": lent,
    "people.loan_ended": loan_ended,
    "people.role_granted": role_given,
    "people.role_ended": role_ended,
    "people.access_given": access_given,
    "people.access_ended": access_ended,
    "people.language_chosen": lambda s: partial(people.choose_language, person=s.person, language="zh-hans", at=NOW),
    "people.login_code_made": lambda s: partial(
        people.issue_codes, codes={s.person.pk: "code"}, valid_for=timedelta(days=1), **s.by_hr
    ),
    "people.second_factors_removed": factors_taken,
    "people.leave_entered": lambda s: partial(
        people.enter_leave, person=s.person, kind="annual", starts_on=TODAY, until=TODAY, **s.by_hr
    ),
    "people.leave_changed": lambda s: on_leave(s, "change"),
    "people.leave_withdrawn": lambda s: on_leave(s, "withdraw"),
    "people.key_revoked": key_revoked,
    "people.department_moved": lambda s: partial(
        people.move_department, department=s.department, parent=DepartmentFactory(), **s.by_hr
    ),
    "people.window_moved": lambda s: partial(
        people.move_window, window=WindowFactory(), section=SectionFactory(), starts_on=TODAY, **s.by_hr
    ),
    "people.working_days_set": lambda s: partial(people.set_working_days, weekdays={1, 2, 3}, **s.by_hr),
    "notices.chosen": lambda s: partial(choose, person=s.person, wanted={("exams", "email"): How.NEVER}, at=NOW),
    "courses.enrolled": lambda s: partial(learning.enrol, person=s.person, course=CourseFactory(), **s.by_hr),
    "courses.assigned": assigned,
    "courses.waived": waived,
    "assessments.entitled": lambda s: partial(
        entitle, person=s.person, exam=exam_with_items(), why={"en": "x"}, extra_minutes=10, **s.by_hr
    ),
    "assessments.started": sitting,
    "competencies.evidence_voided": voided,
    "mentors.agreed": agreed,
    "mentors.declined": declined,
    "mentors.broken_off": lambda s: partial(coaching.end, mentorship=s.mentorship(), reason="Moved away", **s.by_hr),
    "mentors.session_logged": lambda s: partial(logged, s.mentorship()),
    "mentors.session_withdrawn": session_withdrawn,
    "mentors.session_countersigned": countersigned,
    "mentors.observed": lambda s: partial(observed, s.mentorship(), RubricFactory(), 3, 3, 3, 3),
    "mentors.case_opened": lambda s: partial(opened_case, s.mentorship(), UserFactory(teacher=True)),
    "mentors.case_decided": lambda s: decided(s, "yes"),
    "mentors.case_refused": lambda s: decided(s, "no"),
    "mentors.teacher_appointed": lambda s: partial(
        coaching.appoint_teacher, person=s.person, matters=[], capacity=2, starts_on=TODAY, until=None, **s.by_hr
    ),
    "mentors.teacher_ended": teacher_ended,
    "authorisations.suspended": lambda s: partial(
        suspend, authorisation=AuthorisationFactory(person=s.person), reason="x", starts_on=TODAY, **s.by_hr
    ),
    "certificates.issued": certified,
    "certificates.revocation_asked": lambda s: s.asked,
    "certificates.revoked": lambda s: partial(confirm_revocation, revocation=s.asked(), by=s.other_hr, at=NOW),
    "certificates.revocation_refused": lambda s: partial(
        refuse_revocation, revocation=s.asked(), by=s.other_hr, at=NOW
    ),
    "accountability.copy_asked": lambda s: partial(accountability.ask_copy, person=s.person, language="en", **s.by_hr),
    "accountability.erasure_confirmed": lambda s: partial(
        accountability.confirm_erasure, erasure=s.erasure(), **s.by_hr
    ),
    "accountability.erasure_refused": lambda s: partial(accountability.refuse_erasure, erasure=s.erasure(), **s.by_hr),
}


@pytest.mark.parametrize("action", CALLS)
def test_one_event_for_each_act_and_none_when_it_is_taken_back(action: str) -> None:
    act = CALLS[action](Scene())
    events = AuditEvent.objects.filter(action=action)
    before = events.count()
    with transaction.atomic():
        act()
        assert events.count() == before + 1
        event = events.latest("pk")
        assert event.actor_id or action == "people.left"
        transaction.set_rollback(True)
    assert events.count() == before


MAKERS: dict[str, Any] = {
    "department": DepartmentFactory,
    "hall": HallFactory,
    "section": SectionFactory,
    "window": WindowFactory,
    "position": PositionFactory,
}


def added(kind: str, scene: Scene) -> Act:
    where = {
        "department": {"parent": None},
        "section": {"hall": HallFactory()},
        "window": {"section": SectionFactory()},
    }
    called = {"number": 77} if kind == "window" else {"code": "new"}
    facts = {**called, "name": {"en": "New"}, **where.get(kind, {})}
    return partial(getattr(people, f"add_{kind}"), **facts, **scene.by_hr)


def part_acts(kind: str, scene: Scene) -> dict[str, Act]:
    part, closed = MAKERS[kind](), MAKERS[kind](until=TODAY - timedelta(days=1))
    return {
        "added": added(kind, scene),
        "renamed": partial(people.rename_part, part=part, name={"en": "Another name"}, **scene.by_hr),
        "closed": partial(people.close_part, part=part, last_day=TODAY, **scene.by_hr),
        "reopened": partial(people.reopen_part, part=closed, **scene.by_hr),
    }


@pytest.mark.parametrize("what", ["added", "renamed", "closed", "reopened"])
@pytest.mark.parametrize("kind", MAKERS)
def test_parts_of_the_centre(kind: str, what: str) -> None:
    act = part_acts(kind, Scene())[what]
    with transaction.atomic():
        act()
        assert AuditEvent.objects.filter(action=f"people.{kind}_{what}").count() == 1
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(action=f"people.{kind}_{what}").exists()


TRIED_HERE = {
    *CALLS,
    *(f"people.{kind}_{what}" for kind in MAKERS for what in ("added", "renamed", "closed", "reopened")),
}
NEVER_HAPPENS = {
    *(f"people.{kind}_moved" for kind in ("hall", "section", "position")),
    *("imports.failed", "imports.discarded"),
}
"""Sentences that stand for the sake of the table: only departments and windows move, and a list that broke off or was
called off has written nothing; its run says so.
"""


def test_every_action_is_tried_somewhere() -> None:
    """Whoever adds an action adds a call to the table, or tries it where the rest of its subject is tried."""
    here = Path(__file__)
    elsewhere = "".join(path.read_text() for path in here.parents[1].rglob("test_*.py") if path != here)
    untried = [name for name in SENTENCES if name not in TRIED_HERE | NEVER_HAPPENS and f'"{name}"' not in elsewhere]
    assert untried == []
