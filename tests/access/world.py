"""One clerk with a row of every kind, everybody who may come by, and somebody of another department."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from assessments.models import Attempt
from assessments.services import start_practice
from cms.models import HomePage, PolicyImport
from cms.services import policy_texts
from cms.services.policy_files import lines_of_text
from cms.setup import install_content_roles
from courses.models import HoursTarget
from courses.queries.required import Who
from courses.services import learning
from courses.services.checking_in import code_at
from courses.services.feeds import make_feed
from courses.services.requiring import make_rule
from mentors.services import open_round
from tests.access.bodies import bodies_for
from tests.access.exam_rows import exam_rows
from tests.factories.accountability import asked_erasure, assessment_facts, kept_copy
from tests.factories.assessments import (
    exam_with_items,
    scored,
    started,
)
from tests.factories.certificates import AchievementFactory, issued
from tests.factories.competencies import TargetFactory, evidence
from tests.factories.courses import CourseFactory, path_of, session_on
from tests.factories.matters import a_clause, bundle_draft, matter_draft
from tests.factories.media import show, shown_in
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
from tests.factories.operations import JobFactory, ProcessFactory
from tests.factories.people import (
    ApiKeyFactory,
    CentreFactory,
    DepartmentFactory,
    LeaveFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from tests.factories.practice import practice_exam
from training.accountability.models import ImpactAssessment
from training.certificates.services import ask_revocation
from training.lib.imports import import_of
from training.lib.tables import read_table
from training.matters.files import sample_documents, write_json
from training.matters.models import Bundle, ServiceMatter
from training.matters.services import file_runs, freeze_bundle, freeze_matter
from training.notices.confirming import token_of
from training.notices.models import AddressConfirmation
from training.notices.services import notify
from training.people.models import User
from training.people.services import save_view
from training.people.services.importing import begin_import

CANARY = "Canary-b7"
"""Stands in every name and note of the person in the other department."""
NOTE = f"{CANARY}, noted"
NOBODY = 999_999_999

# Who comes by, with the role they hold: over the clerk's own department, over the other one, over the whole centre.
HERE = {"colleague": "clerk", "head": "head", "hr": "hr"}
ELSEWHERE = {"head elsewhere": "head", "hr elsewhere": "hr"}
EVERYWHERE = {
    **{role: role for role in ("editor", "reviewer", "examiner", "invigilator", "marker")},
    **{role: role for role in ("director", "auditor", "administrator")},
    "suspended": "director",
}
# The clerk whose rows these are, their career teacher, another, and the one who decides on the sign-off with theirs.
RELATED = {"owner": "clerk", "teacher": "teacher", "other teacher": "teacher", "panel": "teacher"}
# Over the hall section in which the clerk stands, of whatever department.
IN_THE_HALL = {"section head": "head"}
ROLES = {**HERE, **ELSEWHERE, **EVERYWHERE, **RELATED, **IN_THE_HALL}
CAST = frozenset({"anonymous", *ROLES})

Address = dict[str, Any]


class World:
    """The rows behind every address of the platform.

    `people` are who comes by; `rows` gives for each kind of row what stands in its address, and `bodies` what a form
    sends there, by route.
    """

    def __init__(self) -> None:
        CentreFactory()
        install_content_roles()
        self.counter, self.archive = (DepartmentFactory(code=code) for code in ("counter", "archive"))
        self.section, self.other_section = (SectionFactory(code=code) for code in ("east", "west"))
        self.target = TargetFactory()
        self.window = WindowFactory(number=61, section=self.section)
        self.other_window = WindowFactory(number=62, section=self.other_section)
        self.rubric = RubricFactory(competency=self.target.competency)
        self.exam, self.course, self.asked = exam_with_items(), CourseFactory(), CourseFactory()
        self.practice = practice_exam(items=1, asked=1)
        self.matter = matter_draft(department=self.counter)
        freeze_matter(self.matter, by=None, at=NOW)
        ServiceMatter.objects.update(live=True)
        self.people = {**self._officers(), **self._related(), "section head": UserFactory()}
        RoleGrantFactory(person=self.people["section head"], role="head", section=self.section)
        for kind in ("worker", "tick"):
            ProcessFactory(kind=kind, seen_at=NOW)
        self.canary = UserFactory(department=self.archive, display_name=f"金丝雀{CANARY}", latin_name=CANARY)
        self.rows = {
            **self._of_everybody(),
            **self._of(self.people["owner"], self.people["teacher"], self.people["panel"], ""),
            "medium": self._medium(),
        }
        self.elsewhere = self._of(self.canary, self.people["other teacher"], self.people["head elsewhere"], NOTE)
        self.bodies = bodies_for(self)
        self.back_office = self._back_office()

    def _officers(self) -> dict[str, User]:
        return {
            name: UserFactory(department=at, **{role: True, f"{role}_grant__department": over})
            for group, at, over in (
                (HERE, self.counter, self.counter),
                (ELSEWHERE, self.archive, self.archive),
                (EVERYWHERE, DepartmentFactory(code="office"), None),
            )
            for name, role in group.items()
        }

    def _related(self) -> dict[str, User]:
        people = {name: UserFactory(**{role: True}) for name, role in RELATED.items()}
        people["owner"].department = self.counter
        people["owner"].save()
        for name in ("teacher", "other teacher"):
            TeacherFactory(person=people[name], taught=[self.matter])
        return people

    @staticmethod
    def _clause() -> Address:
        clause = a_clause().clause
        return {"slug": clause.policy.slug, "uid": clause.uid}

    def _policy_import(self) -> PolicyImport:
        """Return a text of the editor's; taking or throwing it away is tried on one of its own."""
        lines = lines_of_text("Rules\nArticle 1 Wait in turn.")
        facts = {"page": None, "language": "en", "by": self.people["editor"], "at": NOW}
        return policy_texts.begin_import(lines=lines, name="a.docx", **facts)

    def _matter_file(self) -> UUID:
        """Return a file of matters that the editor looks at; taking or calling it off is tried on it."""
        data = write_json(sample_documents(self.counter.code, ""))
        return file_runs.begin(data=data, name="matters.json", by=self.people["editor"], at=NOW).pk

    def _of_everybody(self) -> dict[str, Address]:
        """What is nobody's in particular."""
        bundle = bundle_draft((self.matter, 1, 1))
        freeze_bundle(bundle, by=None, at=NOW)
        Bundle.objects.update(live=True)
        document = Document.objects.create(title="Queues", file=ContentFile(b"Queues", name="queues.txt"))
        return {
            "matter": {"code": self.matter.code},
            "bundle": {"code": bundle.code},
            "matter snippet": {"pk": self.matter.pk},
            "clause": self._clause(),
            "matter file": {"pk": self._matter_file()},
            "cited clause": {"pk": a_clause().pk},
            "policy import": {"pk": self._policy_import().pk},
            "policy import row": {"pk": self._policy_import().pk, "place": 0},
            "bundle snippet": {"pk": bundle.pk},
            "course": {"slug": self.course.slug},
            "path": {"slug": path_of(self.course).slug},
            "rubric": {"code": self.rubric.code},
            "criterion": {"code": self.rubric.code, "criterion": "criterion-1"},
            **exam_rows(self),
            "department": {"code": self.counter.code},
            "hall section": {"code": self.section.code},
            "key": {"pk": ApiKeyFactory().pk},
            "saved view": {"pk": save_view(person=self.people["head"], name="Tax", query="q=tax").pk},
            "department part": {"code": self.counter.code, "kind": "departments"},
            "window": {"number": self.window.number},
            "position": {"code": self.target.position.code},
            "roster cell": {"number": self.window.number, "day": TODAY, "half": "morning"},
            "document": {"number": document.pk, "name": document.filename},
            "standing page": {"path": "policies/"},
            "setup step": {"step": "centre"},
            "channel": {"channel": "email"},
            "kind of row": {"kind": "leave"},
            "impact assessment": {"pk": ImpactAssessment.objects.create(**assessment_facts()).pk},
            "unsubscribing": {"token": "nobody-signed-this"},
            "closed door": {"rest": "signup"},
            "kind of list": {"kind": "staff"},
            "import": {"pk": self._import(self.people["hr"])},
            "passkey": {"pk": NOBODY},
            "restriction": {"restriction_id": NOBODY, "page_view_restriction_id": NOBODY, "page_id": NOBODY},
        }

    def _medium(self) -> Address:
        """A picture on the owner's open paper."""
        attempt = Attempt.objects.of(self.people["owner"]).open().get()
        return {"ref": show(attempt.items.select_related("item_version")[0].item_version).file.ref}

    def _import(self, by: User) -> UUID:
        """A staff list that waits for its confirmation, with a row that was refused."""
        file = io.BytesIO("工号,姓名,科室,岗位,到岗日期\nx,Somebody,archive,none,2026-01-01".encode())
        table = read_table(file, name="staff.csv")
        return begin_import(kind=import_of("staff"), file=file, table=table, by=by, at=NOW).pk

    def _of(self, person: User, teacher: User, second: User, note: str) -> dict[str, Address]:
        """A row of each kind that is about one person; `note` stands wherever words are kept."""
        # whoever stands beside somebody is known to them, so the two stand in different sections
        window = self.other_window if note else self.window
        PostingFactory(person=person, position=self.target.position, window=window, section=window.section)
        leave = LeaveFactory(person=person, starts_on=TODAY)
        ShiftFactory(person=person, window=window, day=TODAY)
        loan = PostingFactory(
            person=person,
            position=self.target.position,
            section=self.other_section,
            is_loan=True,
            starts_on=TODAY + timedelta(days=7),
            until=TODAY + timedelta(days=9),
        )
        role = RoleGrantFactory(person=person, role="clerk", department=person.department)
        result = scored(started(self.exam, person, at=NOW - timedelta(hours=2)), right=2)
        attempt = started(self.exam, person, at=NOW - timedelta(minutes=5))
        practice = start_practice(person=person, exam=self.practice, at=NOW, seed=1)
        learning.enrol(person=person, course=self.course, by=person, at=NOW)
        evidence(self.target.competency, value=0.2, observed_on=date(2026, 11, 1), person=person)
        facts = {"teacher": note, "mentee": note, "starts_on": TODAY}
        notice = notify(person=person, kind="mentorship.agreed", facts=facts, path="", at=NOW)
        return {
            "person": {"staff_number": person.staff_number},
            "career teacher": {"staff_number": teacher.staff_number},
            "loan": {"staff_number": person.staff_number, "pk": loan.pk},
            "role": {"staff_number": person.staff_number, "pk": role.pk},
            "leave": {"pk": leave.pk},
            "cell": {"staff_number": person.staff_number, "code": self.target.competency.code},
            "notice": {"pk": notice.pk},
            "address link": {"token": self._address_link(person)},
            "section": {"slug": self.course.slug, "unit": "lesson-1", "number": 1},
            "lesson file": {"ref": shown_in(self.course).ref},
            **self._asked(person, note),
            **self._invited(person, teacher, note),
            "calendar": {"secret": make_feed(person=person, at=NOW)},
            "attempt": {"pk": attempt.pk},
            "practice": {"pk": practice.pk},
            "practice question": {"pk": practice.pk, "position": 1},
            "question": {"pk": attempt.pk, "position": 1},
            "result": {"pk": result.pk},
            "authorisation": {"staff_number": person.staff_number, "matter": self.matter.code},
            **self._jobs(person, note),
            "copy": {"pk": kept_copy(person).pk},
            "erasure": {"pk": asked_erasure(person).pk},
            **self._certificates(person, note),
            **self._coaching(person, teacher, second, note),
        }

    def _address_link(self, person: User) -> str:
        link = AddressConfirmation.objects.create(
            person=person,
            address=f"{person.staff_number}@example.org",
            asked_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
        return token_of(link)

    def _asked(self, person: User, note: str) -> dict[str, Address]:
        rule = make_rule(
            course=self.asked,
            kind="case",
            who=Who(department=person.department, people=[person]),
            why={"en": f"Lessons of a case {note}"},
            due_on=TODAY + timedelta(days=3),
            by=UserFactory(hr=True),
            at=NOW,
        )
        return {"rule": {"pk": rule.pk}, "asked": {"pk": rule.requirements.get().pk}}

    @staticmethod
    def _invited(person: User, teacher: User, note: str) -> dict[str, Address]:
        title = {"en": f"Morning meeting {note}"}
        session = session_on(NOW, people=[person], trainers=[teacher], title=title)
        # the code is given to whoever is in the room, so the person elsewhere shows none
        code = "00000000" if note else code_at(session, NOW)
        set_now = {"hours": 30, "set_by": teacher, "set_at": NOW}  # one of a department, however many are of it
        target, _made = HoursTarget.objects.get_or_create(set_now, department=person.department, first_year=TODAY.year)
        return {
            "hours target": {"pk": target.pk},
            "training session": {"pk": session.pk},
            "room code": {"pk": session.pk, "code": code},
        }

    def _jobs(self, person: User, note: str) -> dict[str, Address]:
        of_person = {"started_by_id": person.pk, "started_by_name": str(person), "label": {"en": f"Export {note}"}}
        return {
            "running job": {"pk": JobFactory(running=True, **of_person).pk},
            "failed job": {"pk": JobFactory(failed=True, **of_person).pk},
            "done job": {"pk": JobFactory(done_with_file=True, **of_person).pk},
        }

    def _certificates(self, person: User, note: str) -> dict[str, Address]:
        kept, asked_back = (
            issued(holder=person, achievement=AchievementFactory(), on=BEGAN, earned_by={"en": note}) for _ in "12"
        )
        revocation = ask_revocation(
            certificate=asked_back, category="mistake", reason=f"Twice {note}", by=UserFactory(hr=True), at=NOW
        )
        return {
            "certificate": {"number": kept.number},
            "code": {"code": kept.code},
            "revocation": {"pk": revocation.pk},
        }

    def _coaching(self, person: User, teacher: User, second: User, note: str) -> dict[str, Address]:
        mentorship = MentorshipFactory(mentee=person, teacher=teacher.teacher, learnt=[self.matter])
        proposed = MentorshipFactory(
            mentee=UserFactory(department=person.department, latin_name=note),
            teacher=teacher.teacher,
            learnt=[self.matter],
            proposed=True,
        )
        session = logged(mentorship, note=note, strengths=note, next_action=note)
        observation = observed(mentorship, self.rubric, 3, 3, 3, 3, comment=note)
        case = opened_case(mentorship, second)
        opened = open_round(
            name=f"Autumn {note}", matters=[self.matter], department=person.department, by=person, at=NOW
        )
        return {
            "mentorship": {"pk": mentorship.pk},
            "proposed": {"pk": proposed.pk},
            "session": {"pk": session.pk},
            "observation": {"pk": observation.pk},
            "case": {"pk": case.pk},
            "round": {"pk": opened.pk},
        }

    def _back_office(self) -> Address:
        """What stands in the addresses of Wagtail's back office; the same names mean the same in all of them."""
        page = HomePage.objects.get(locale__language_code="en").pk
        pages = dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"), page)
        files = dict.fromkeys(("document_id", "doc_id", "image_id", "uploaded_file_id"), 1)
        steps = dict.fromkeys(("task_id", "task_state_id", "workflow_state_id", "workflow_pk", "revision_id"), 1)
        kinds = {"app_name": "taggit", "app_label": "wagtailcore", "model_name": "page", "object_id": page}
        page_kinds = {"content_type_app_name": "cms", "content_type_model_name": "policypage"}
        words = {"action": "delete", "action_name": "approve", "filter_spec": "original", "uidb64": "x", "token": "y"}
        numbers = {"pk": self.matter.pk, "collection_id": 1, "session_id": 1}
        return {**pages, **files, **steps, **kinds, **page_kinds, **words, **numbers}
