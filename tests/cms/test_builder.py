"""The builder writes content through the real path, and the same tables make the same rows."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from wagtail.models import PageLogEntry, Revision, TaskState

from cms.builder import build_bundle, build_course, build_matter, build_policy, published_clause, revise_policy
from cms.models import CoursePage, LessonPage, PolicyPage
from courses.models import CourseVersion, UnitVersion
from tests.factories.people import DepartmentFactory
from training.matters.models import BundleVersion, ClauseVersion, MatterVersion, PolicyVersion
from training.operations.models import AuditEvent

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def pair(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh": chinese}


POLICY = {
    "code": "queues",
    "title": pair("Rules on Queues", "排队规定"),
    "summary": pair("How people wait.", "如何等候。"),
    "issuer": pair("The centre", "中心"),
    "document_number": "No. 1",
    "effective_days_ago": 100,
    "clause": [
        {
            "key": "turn",
            "label": pair("Article 1", "第一条"),
            "heading": pair("In turn", "依次"),
            "text": pair("People wait in turn.", "依次等候。"),
        }
    ],
}
LATER = {
    "document_number": "No. 2",
    "effective_in_days": 24,
    "clause": [{"key": "turn", "text": pair("People sit and are called.", "坐等叫号。"), "grade": "retrain"}],
}
MATTER: dict[str, Any] = {
    "code": "move",
    "basic_code": "0001",
    "implementing_code": "BH-0001",
    "name": pair("Change of address", "住址变更"),
    "kind": "permit",
    "department": "police",
    "service_object": pair("Residents", "居民"),
    "statutory_days": 5,
    "promised_days": 1,
    "online_depth": "whole",
    "trips": 0,
    "fee": pair("Free", "不收费"),
    "result": pair("A booklet", "户口簿"),
    "conditions": [pair("Lives here", "在本地居住")],
    "materials": [
        {
            "name": pair("Card", "身份证"),
            "form": "original",
            "copies": 0,
            "need": "required",
            "source": pair("Applicant", "申请人"),
            "acceptance": pair("Valid", "有效"),
        }
    ],
    "steps": [
        {"name": pair("Check", "审核"), "role": pair("Clerk", "窗口"), "limit_days": 0.3, "criteria": pair("All", "全")}
    ],
    "faq": [{"question": pair("Must I come?", "要来吗？"), "answer": pair("No.", "不用。")}],
    "legal_basis": [["queues", "turn"]],
}
BUNDLE = {
    "code": "newborn",
    "name": pair("Newborn bundle", "出生一件事"),
    "summary": pair("All at once.", "一次办好。"),
    "lead_department": "police",
    **dict.fromkeys(("days", "trips", "materials", "steps"), 2),
    **{f"{name}_before": 9 for name in ("days", "trips", "materials", "steps")},
    "material_names": [pair("Form", "申请表")],
    "step_names": [pair("Apply", "申请")],
    "member": [
        {
            "matter": "move",
            "department": "police",
            "starts_on_day": 1,
            "ends_on_day": 2,
            "hand_off_in": pair("Card", "身份证"),
            "hand_off_out": pair("Number", "编号"),
            "answers_if_late": pair("Head", "科长"),
        }
    ],
}
COURSE = {
    "slug": "queueing",
    "title": pair("Queueing", "排队"),
    "summary": pair("How to queue.", "怎样排队。"),
    "objectives": [pair("Keep calm", "保持冷静")],
    "competencies": [],
    "lesson": [
        {
            "slug": "first",
            "title": pair("First", "第一课"),
            "minutes": 10,
            "section": [
                {"type": "text", "heading": pair("Why", "为什么"), "html": pair("\n<p>So.</p>\n", "<p>因此。</p>")},
                {"type": "clause", "policy": "queues", "clause": "turn"},
                {
                    "type": "case",
                    "title": pair("A case", "案例"),
                    **{name: pair("x", "甲") for name in ("story", "question", "answer")},
                },
                {"type": "matter", "matter": "move"},
                {"type": "callout", "heading": pair("Mind", "注意"), "html": pair("<p>Be kind.</p>", "<p>友善。</p>")},
            ],
        }
    ],
}


@pytest.fixture
def built(editors: SimpleNamespace) -> SimpleNamespace:
    DepartmentFactory(code="police")
    people = {"author": editors.editor, "reviewer": editors.reviewer, "at": AT}
    build_policy(POLICY, today=TODAY, **people)
    build_matter(MATTER, **people)
    build_bundle(BUNDLE, **people)
    build_course(COURSE, **people)
    return editors


def test_each_table_makes_one_version_in_both_languages(built: SimpleNamespace) -> None:
    for kind in (PolicyVersion, MatterVersion, BundleVersion, CourseVersion):
        version = kind.objects.get()
        assert version.number == 1
        assert version.published_by == built.reviewer
        assert set(getattr(version, "title", None) or version.name) == {"en", "zh-hans"}
    assert PolicyVersion.objects.get().effective_from == date(2026, 8, 15)
    assert MatterVersion.objects.get().clauses.get() == published_clause("queues", "turn")
    assert ClauseVersion.objects.get().text == {"en": "People wait in turn.", "zh-hans": "依次等候。"}


def test_each_publication_and_each_translation_is_one_event(built: SimpleNamespace) -> None:
    for action in (
        "courses.course_published",
        "courses.course_translated",
        "matters.policy_published",
        "matters.policy_translated",
        "matters.bundle_published",
    ):
        assert AuditEvent.objects.filter(action=action).count() == 1, action


def test_a_text_or_a_case_begins_a_section_and_the_rest_is_read_with_it(built: SimpleNamespace) -> None:
    sections = UnitVersion.objects.get().sections
    assert [(part["title"], [block["type"] for block in part["blocks"]]) for part in sections["en"]] == [
        ("Why", ["text", "clause"]),
        ("A case", ["case", "matter", "callout"]),
    ]
    assert [part["id"] for part in sections["en"]] == [part["id"] for part in sections["zh-hans"]]
    assert sections["zh-hans"][0]["blocks"][1]["value"]["text"] == "依次等候。"


def test_it_went_through_the_workflow(built: SimpleNamespace) -> None:
    states = TaskState.objects.all()
    assert states.count() == 8
    assert all(state.status == "approved" and state.finished_by == built.reviewer for state in states)
    assert set(Revision.objects.exclude(user=None).values_list("user", flat=True)) == {built.editor.pk}


def test_every_moment_is_the_one_given(built: SimpleNamespace) -> None:
    for kind in (PolicyPage, CoursePage, LessonPage):
        for page in kind.objects.all():
            assert {page.first_published_at, page.last_published_at, page.latest_revision_created_at} == {AT}
            logged = PageLogEntry.objects.filter(page=page.pk).values_list("timestamp", flat=True)
            assert set(logged) == {AT}
    assert set(
        AuditEvent.objects.filter(action__regex="published|translated").values_list("happened_at", flat=True)
    ) == {AT}
    for kind in (PolicyVersion, MatterVersion, BundleVersion, CourseVersion):
        assert kind.objects.get().published_at == AT


def test_identities_come_from_the_tables(built: SimpleNamespace) -> None:
    page = PolicyPage.objects.get(locale__language_code="en")
    assert str(page.translation_key) == "726948bb-81f2-546f-ba51-0243a106f769"
    assert page.clauses[0].id == "5dddf1e7-a09a-526f-8236-113733078549"
    sections = [section["id"] for section in UnitVersion.objects.get().sections["en"]]
    assert sections == [block.id for block in LessonPage.objects.get(locale__language_code="en").body]


def test_citing_a_clause_that_is_not_published_is_an_error(built: SimpleNamespace) -> None:
    with pytest.raises(LookupError, match="queues/other"):
        published_clause("queues", "other")


def test_a_later_version_comes_after_what_rests_on_the_one_in_force(built: SimpleNamespace) -> None:
    later = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    people = {"author": built.editor, "reviewer": built.reviewer}
    revise_policy({**POLICY, "later": LATER}, built=AT, at=later, today=TODAY, **people)
    first, second = PolicyVersion.objects.order_by("number")
    assert (first.published_at, second.published_at) == (AT, later)
    assert (second.document_number, second.effective_from) == ("No. 2", date(2026, 12, 17))
    old, new = ClauseVersion.objects.order_by("number")
    assert (old.grade, new.grade) == ("notice", "retrain")
    assert new.heading == {"en": "In turn", "zh-hans": "依次"}
    assert new.text == {"en": "People sit and are called.", "zh-hans": "坐等叫号。"}
    assert MatterVersion.objects.get().clauses.get() == old
    for page in PolicyPage.objects.all():
        assert (page.first_published_at, page.last_published_at) == (AT, later)
        assert set(Revision.objects.for_instance(page).values_list("created_at", flat=True)) == {AT, later}
        assert set(PageLogEntry.objects.filter(page=page.pk).values_list("timestamp", flat=True)) == {AT, later}
