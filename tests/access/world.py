"""One clerk with a row of every kind, everybody who may come by, and somebody in another department."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from assessments.models import Attempt
from cms.models import HomePage
from cms.setup import install_content_roles
from courses.models import Course
from courses.services import learning
from mentors.models import EntrustmentCase, Mentorship
from mentors.services import open_round
from tests.factories.assessments import exam_with_items, scored, started
from tests.factories.authorisations import MatterFactory
from tests.factories.certificates import AchievementFactory, issued
from tests.factories.competencies import TargetFactory, evidence
from tests.factories.courses import CourseFactory
from tests.factories.matters import bundle_draft
from tests.factories.mentors import (
    BEGAN,
    NOW,
    TODAY,
    MentorshipFactory,
    RubricFactory,
    TeacherFactory,
    logged,
    observed,
    opened_case,
)
from tests.factories.people import CentreFactory, DepartmentFactory, PostingFactory, UserFactory
from training.certificates.services import ask_revocation
from training.matters.models import BundleVersion
from training.notices.services import notify
from training.people.models import Department, User

CANARY = "Canary-b7"
"""Stands in every name and note of the person in the other department."""
NOBODY = 999_999_999
"""The number of no row."""

# Who comes by, with the roles they hold: over the clerk's own department, over the other one, over the whole centre.
HERE = {"colleague": "clerk", "head": "head", "hr": "hr"}
ELSEWHERE = {"head elsewhere": "head", "hr elsewhere": "hr"}
EVERYWHERE = {
    name: name for name in ("editor", "reviewer", "examiner", "invigilator", "marker", "director", "auditor")
} | {"administrator": "administrator", "suspended": "director"}
ROLES = {
    **HERE,
    **ELSEWHERE,
    **EVERYWHERE,
    **{"owner": "clerk", "teacher": "teacher", "other teacher": "teacher", "panel": "teacher"},
}
CAST = ("anonymous", *ROLES)

Row = dict[str, Any]


class World:
    """The rows behind every address of the platform.

    `people` are who comes by, by the name they have in CAST; the `owner` is the clerk the rows are about. `rows` gives,
    for each kind of row, what stands in its address.
    """

    def __init__(self) -> None:
        CentreFactory()
        install_content_roles()
        self.counter: Department = DepartmentFactory(code="counter")
        self.archive: Department = DepartmentFactory(code="archive")
        self.target = TargetFactory()
        self.matter = MatterFactory(department=self.counter)
        self.rubric = RubricFactory(competency=self.target.competency)
        self.exam, self.course = exam_with_items(), CourseFactory()
        self.people: dict[str, User] = {"anonymous": None, **self._officers(), **self._learners()}
        self.rows: dict[str, Row] = {**self._of_everybody(), **self._of(self.people["owner"], "teacher", "")}
        self.canary = UserFactory(department=self.archive, display_name=f"金丝雀 {CANARY}", latin_name=CANARY)
        PostingFactory(person=self.canary, position=self.target.position)
        self.elsewhere = self._of(self.canary, "other teacher", CANARY)

    def _officers(self) -> dict[str, User]:
        return {
            name: UserFactory(department=department, **{role: True, f"{role}_grant__department": over})
            for group, department, over in (
                (HERE, self.counter, self.counter),
                (ELSEWHERE, self.archive, self.archive),
                (EVERYWHERE, self.archive, None),
            )
            for name, role in group.items()
        }

    def _learners(self) -> dict[str, User]:
        owner = UserFactory(clerk=True, department=self.counter)
        PostingFactory(person=owner, position=self.target.position)
        teachers = {name: UserFactory(teacher=True) for name in ("teacher", "other teacher", "panel")}
        for person in teachers.values():
            TeacherFactory(person=person, taught=[self.matter])
        return {"owner": owner, **teachers}

    def _of_everybody(self) -> dict[str, Row]:
        """What is nobody's in particular."""
        bundle = bundle_draft((self.matter, 1, 1))
        content = {"figures": {}, "materials": [], "steps": [], "members": []}
        BundleVersion.objects.create(bundle=bundle, number=1, name=bundle.name, content=content, published_at=NOW)
        item = self.exam.bank.items.first()
        document = Document.objects.create(title="Queues", file=ContentFile(b"Queues", name="queues.txt"))
        return {
            "matter": {"code": self.matter.code},
            "bundle": {"code": bundle.code},
            "course": {"slug": self.course.slug},
            "exam": {"code": self.exam.code},
            "item": {"bank": self.exam.bank.code, "code": item.code},
            "document": {"0": document.pk, "1": document.filename},
            "page": {"0": "policies/"},
            "department": {"code": self.counter.code},
        }

    def _of(self, person: User, teacher: str, note: str) -> dict[str, Row]:
        """A row of each kind that is about one person; `note` stands wherever words are kept."""
        attempt, result = self._attempts(person)
        learning.enrol(person=person, course=self.course, by=person, at=NOW)
        evidence(self.target.competency, value=0.2, observed_on=date(2026, 11, 1), person=person)
        notice = notify(person=person, kind="mentorship.agreed", facts={"mentee": note, "teacher": note}, path="", at=NOW)
        return {
            "person": {"staff_number": person.staff_number},
            "cell": {"staff_number": person.staff_number, "code": self.target.competency.code},
            "notice": {"pk": notice.pk},
            "enrolment": {"slug": self.course.slug, "unit": "lesson-1", "number": 1},
            "attempt": {"pk": attempt.pk, "position": 1},
            "result": {"pk": result.pk},
            **self._certificates(person, note),
            **self._coaching(person, teacher, note),
        }

    def _attempts(self, person: User) -> tuple[Attempt, Attempt]:
        """One handed in, one that runs."""
        result = scored(started(self.exam, person, at=NOW - timedelta(hours=2)), right=2)
        return started(self.exam, person, at=NOW - timedelta(minutes=5)), result

    def _certificates(self, person: User, note: str) -> dict[str, Row]:
        certificate, asked_back = (
            issued(holder=person, achievement=AchievementFactory(), on=BEGAN, earned_by={"en": note}) for _ in "12"
        )
        facts = {"category": "mistake", "reason": note or "Issued twice", "at": NOW}
        revocation = ask_revocation(certificate=asked_back, by=UserFactory(hr=True), **facts)
        return {
            "certificate": {"number": certificate.number},
            "code": {"code": certificate.code},
            "revocation": {"pk": revocation.pk},
        }

    def _coaching(self, person: User, teacher: str, note: str) -> dict[str, Row]:
        mentorship = self._mentorship(person, teacher)
        case: EntrustmentCase = opened_case(mentorship, self.people_on_panel(teacher))
        session = logged(mentorship, note=note, strengths=note, next_action=note)
        observation = observed(mentorship, self.rubric, 3, 3, 3, 3, comment=note)
        proposed = MentorshipFactory(
            mentee=UserFactory(department=person.department, latin_name=note or "Zhou Min"),
            teacher=mentorship.teacher,
            proposed=True,
        )
        round_ = open_round(
            name=f"Autumn {note}", matters=[self.matter], department=person.department, by=person, at=NOW
        )
        return {
            "mentorship": {"pk": mentorship.pk},
            "proposed": {"pk": proposed.pk},
            "session": {"pk": session.pk},
            "observation": {"pk": observation.pk},
            "case": {"pk": case.pk},
            "round": {"pk": round_.pk},
        }
