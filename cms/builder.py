"""Content from parsed TOML tables (see cms/demo), through the real path: drafted, submitted, approved by another.

Build in this order, because later content cites earlier: policies, matters, bundles, courses. Every identity comes from
the tables' own keys and every moment from `at`, so the same tables and dates make the same rows.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from modelcluster.models import get_all_child_relations
from wagtail.models import Page, Workflow

from assessments.models import Exam
from training.competencies.models import Competency
from training.lib.publishing import recorded_as_of
from training.matters.models import (
    Bundle,
    BundleMaterial,
    BundleMember,
    BundleStep,
    ClauseVersion,
    LegalBasis,
    MatterCondition,
    MatterMaterial,
    MatterQuestion,
    MatterStep,
    ServiceMatter,
)
from training.matters.queries import cited_clause
from training.people.models import Department, User

from .backdating import backdate
from .identity import stable_uid
from .lesson_tables import clause_uid, written_sections
from .models import CourseIndexPage, CoursePage, LessonPage, PolicyIndexPage, PolicyPage

Table = Mapping[str, Any]
# The language codes of the tables, and ours; the source language comes first.
LANGUAGES = {"en": "en", "zh": "zh-hans"}


def build_policy(table: Table, *, author: User, reviewer: User, at: datetime, today: date) -> PolicyPage:
    """Make a policy in both languages, in force `effective_days_ago` days before `today`; return the source page."""
    pages = []
    for key, language in LANGUAGES.items():
        page = PolicyPage(
            slug=table["code"],
            translation_key=stable_uid("policy", table["code"]),
            title=table["title"][key],
            summary=table["summary"][key],
            issuer=table["issuer"][key],
            document_number=table["document_number"],
            effective_from=today - timedelta(days=table["effective_days_ago"]),
            clauses=json.dumps(_clauses(table["code"], table["clause"], key)),
        )
        parent = PolicyIndexPage.objects.get(locale__language_code=language)
        pages.append(_publish_page(parent, page, author=author, reviewer=reviewer, at=at))
    return pages[0]


def revise_policy(table: Table, *, author: User, reviewer: User, built: datetime, at: datetime, today: date) -> None:
    """Publish the `later` version of a policy that was built at `built`; it takes effect some days after `today`.

    What cites the policy is built before, so that it rests on the version in force and the newer one comes after it.
    """
    later = table["later"]
    changed = {clause["key"]: clause for clause in later["clause"]}
    clauses = [clause | changed.get(clause["key"], {}) for clause in table["clause"]]
    for key, language in LANGUAGES.items():
        page = PolicyPage.objects.get(slug=table["code"], locale__language_code=language)
        page.document_number = later["document_number"]
        page.effective_from = today + timedelta(days=later["effective_in_days"])
        page.clauses = json.dumps(_clauses(table["code"], clauses, key))
        page.save_revision(user=author)
        with recorded_as_of(at):
            approve(page, author=author, reviewer=reviewer)
        backdate(page, at=at, built=built)


def build_course(table: Table, *, author: User, reviewer: User, at: datetime, exam: Exam | None = None) -> CoursePage:
    """Make a course with its lessons in both languages, as one version; return the source page.

    The lessons are approved before the course is, so that nothing is frozen before it is whole.
    """
    pages = []
    competencies = Competency.objects.filter(code__in=table["competencies"], framework__is_current=True)
    for key, language in LANGUAGES.items():
        objectives = [
            _block("objective", stable_uid("course", table["slug"], "objective", str(n)), text[key])
            for n, text in enumerate(table["objectives"])
        ]
        page = CoursePage(
            slug=table["slug"],
            translation_key=stable_uid("course", table["slug"]),
            title=table["title"][key],
            summary=table["summary"][key],
            objectives=json.dumps(objectives),
            exam=exam,
        )
        page.competencies = list(competencies)
        parent = CourseIndexPage.objects.get(locale__language_code=language)
        _draft_page(parent, page, author=author)
        for lesson in table["lesson"]:
            _publish_page(page, _lesson(table["slug"], lesson, key), author=author, reviewer=reviewer, at=at)
        with recorded_as_of(at):
            approve(page, author=author, reviewer=reviewer)
        backdate(page, at=at)
        pages.append(CoursePage.objects.get(pk=page.pk))
    return pages[0]


def revise_course(table: Table, *, author: User, reviewer: User, built: datetime, at: datetime) -> None:
    """Publish the `later` text of a course that was built at `built`: more sections of one of its lessons."""
    later = table["later"]
    (lesson,) = (row for row in table["lesson"] if row["slug"] == later["lesson"])
    words = (table["slug"], lesson["slug"])
    for key, language in LANGUAGES.items():
        uid = stable_uid("lesson", *words)
        page = LessonPage.objects.get(translation_key=uid, locale__language_code=language)
        page.body = json.dumps(written_sections([*lesson["section"], *later["section"]], words, key))
        page.save_revision(user=author)
        with recorded_as_of(at):
            approve(page, author=author, reviewer=reviewer)
        backdate(page, at=at, built=built)


def build_matter(table: Table, *, author: User, reviewer: User, at: datetime) -> ServiceMatter:
    """Make a service matter; the clauses of its legal basis must have been published."""
    matter = ServiceMatter(
        live=False,
        kind=table["kind"],
        department=Department.objects.get(code=table["department"]),
        **{name: table[name] for name in ("code", "basic_code", "implementing_code", "online_depth", "trips")},
        **{name: table[name] for name in ("statutory_days", "promised_days")},
        **{name: texts(table[name]) for name in ("name", "service_object", "fee", "result")},
    )
    matter.conditions = [MatterCondition(text=texts(text)) for text in table["conditions"]]
    matter.materials = [
        MatterMaterial(
            need=row["need"],
            form=row["form"],
            copies=row["copies"],
            **{name: texts(row[name]) for name in ("name", "source", "acceptance")},
        )
        for row in table["materials"]
    ]
    matter.steps = [
        MatterStep(limit_days=row["limit_days"], **{name: texts(row[name]) for name in ("name", "role", "criteria")})
        for row in table["steps"]
    ]
    matter.questions = [
        MatterQuestion(question=texts(row["question"]), answer=texts(row["answer"])) for row in table["faq"]
    ]
    matter.legal_bases = [
        LegalBasis(clause_version=published_clause(policy, key)) for policy, key in table["legal_basis"]
    ]
    return _publish_snippet(matter, author=author, reviewer=reviewer, at=at)


def build_bundle(table: Table, *, author: User, reviewer: User, at: datetime) -> Bundle:
    """Make a bundle of matters that have been built."""
    figures = ("days", "trips", "materials", "steps")
    bundle = Bundle(
        live=False,
        code=table["code"],
        name=texts(table["name"]),
        summary=texts(table["summary"]),
        lead_department=Department.objects.get(code=table["lead_department"]),
        **{f"{name}_before": table[f"{name}_before"] for name in figures},
        **{f"{name}_after": table[name] for name in figures},
    )
    bundle.materials = [BundleMaterial(name=texts(text)) for text in table["material_names"]]
    bundle.steps = [BundleStep(name=texts(text)) for text in table["step_names"]]
    bundle.members = [_member(row) for row in table["member"]]
    return _publish_snippet(bundle, author=author, reviewer=reviewer, at=at)


def texts(pair: Mapping[str, str]) -> dict[str, str]:
    """Return a table's pair {en, zh} as texts by our language codes."""
    return {language: pair[key] for key, language in LANGUAGES.items()}


def published_clause(policy: str, key: str) -> ClauseVersion:
    """Return the newest version of a clause of the tables; raises LookupError when it was not published."""
    version = cited_clause(f"{policy}/{clause_uid(policy, key)}")
    if version is None:
        raise LookupError(f"no published clause {policy}/{key}")
    return version


def approve(item: Any, *, author: User, reviewer: User) -> None:
    """Take a draft through the workflow: `author` submits it, `reviewer` approves and so publishes it."""
    workflow: Workflow = item.get_workflow()
    state = workflow.start(item, author)
    task_state = state.current_task_state
    task_state.task.specific.on_action(task_state, reviewer, "approve")


def _publish_page(parent: Page, page: Page, *, author: User, reviewer: User, at: datetime) -> Any:
    _draft_page(parent, page, author=author)
    with recorded_as_of(at):
        approve(page, author=author, reviewer=reviewer)
    backdate(page, at=at)
    return type(page).objects.get(pk=page.pk)


def _draft_page(parent: Page, page: Page, *, author: User) -> None:
    page.live, page.owner, page.locale = False, author, parent.locale
    parent.add_child(instance=page)
    page.save_revision(user=author)


def _publish_snippet(item: Any, *, author: User, reviewer: User, at: datetime) -> Any:
    _number_rows(item)
    item.save()
    item.save_revision(user=author)
    with recorded_as_of(at):
        approve(item, author=author, reviewer=reviewer)
    backdate(item, at=at)
    return type(item).objects.get(pk=item.pk)


def _clauses(policy: str, tables: Sequence[Table], key: str) -> list[dict[str, Any]]:
    """Return the clauses as blocks; each says how much its newest change asks for, "notice" unless it says else."""
    return [
        _block(
            "clause",
            clause_uid(policy, table["key"]),
            {name: table[name][key] for name in ("label", "heading", "text")} | {"grade": table.get("grade", "notice")},
        )
        for table in tables
    ]


def _member(row: Table) -> BundleMember:
    member = BundleMember(
        matter=ServiceMatter.objects.get(code=row["matter"]),
        department=Department.objects.get(code=row["department"]),
        starts_on_day=row["starts_on_day"],
        ends_on_day=row["ends_on_day"],
        **{name: texts(row[name]) for name in ("hand_off_in", "hand_off_out", "answers_if_late")},
    )
    member.depends_on = list(ServiceMatter.objects.filter(code=row.get("depends_on")))
    return member


def _lesson(course: str, table: Table, key: str) -> LessonPage:
    words = (course, table["slug"])
    return LessonPage(
        slug=table["slug"],
        translation_key=stable_uid("lesson", *words),
        title=table["title"][key],
        minutes=table["minutes"],
        body=json.dumps(written_sections(table["section"], words, key)),
    )


def _block(kind: str, uid: Any, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uid), "value": value}


def _number_rows(item: Any) -> None:
    """Say in which order the rows stand, as the editor's form does; a database keeps no other order."""
    for relation in get_all_child_relations(type(item)):
        for place, row in enumerate(getattr(item, relation.get_accessor_name()).all()):
            row.sort_order = place
