"""The pages people read: home, policies, and the addresses that lead to the courses."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from cms.models import HomePage
from tests.cms.conftest import browser
from tests.factories.cms import approve, change, clause, course_page, lesson_page, policy_page, translate
from tests.factories.people import UserFactory


@pytest.fixture
def reader(editors: SimpleNamespace) -> Client:
    return browser(UserFactory())


@pytest.fixture
def chinese_reader(editors: SimpleNamespace) -> Client:
    return browser(UserFactory(language="zh-hans"))


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def test_anybody_may_see_the_home_page_and_nothing_of_the_policies(editors: SimpleNamespace) -> None:
    approve(policy_page(by=editors.editor), editors=editors)
    page = text(Client(), "/")
    assert "Sign in" in page
    assert 'href="/verify/"' in page
    assert "Rules on Queues" not in page


def test_the_home_page_speaks_the_browser_s_language(editors: SimpleNamespace) -> None:
    page = Client().get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "岗位培训与能力" in page
    assert '<html lang="zh-hans"' in page


@pytest.mark.parametrize("address", ["/policies/", "/policies/queues/", "/course-pages/", "/nothing/"])
def test_every_other_page_asks_for_a_login(editors: SimpleNamespace, address: str) -> None:
    approve(policy_page(by=editors.editor), editors=editors)
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_staff_see_the_policies_in_force_on_the_home_page(editors: SimpleNamespace, reader: Client) -> None:
    approve(policy_page(by=editors.editor, summary="How people wait."), editors=editors)
    coming = {"effective_from": timezone.localdate() + timedelta(days=9), "title": "Not yet", "slug": "later"}
    approve(policy_page(by=editors.editor, **coming), editors=editors)
    page = text(reader, "/")
    assert 'href="/policies/queues/"' in page
    assert "Not yet" not in page
    assert text(reader, "/policies/").count('class="task"') == 1


def test_a_policy_page_shows_clauses_with_addresses_of_their_own(editors: SimpleNamespace, reader: Client) -> None:
    block = clause("People wait in turn.", label="Article 7")
    approve(policy_page(block, by=editors.editor, document_number="No. 6"), editors=editors)
    page = text(reader, "/policies/queues/")
    assert f'id="clause-{block["id"][:8]}"' in page
    for shown in ("Article 7", "People wait in turn.", "In force", "No. 6", "The centre"):
        assert shown in page


def test_a_policy_page_shows_the_version_in_force_and_names_the_coming_one(
    editors: SimpleNamespace, reader: Client
) -> None:
    block = clause("People wait in turn.")
    policy = approve(policy_page(block, by=editors.editor), editors=editors)
    later = timezone.localdate() + timedelta(days=9)
    change(policy, by=editors.editor, effective_from=later, clauses=[clause("People sit.", uid=block["id"])])
    approve(policy, editors=editors)
    page = text(reader, "/policies/queues/")
    assert "People wait in turn." in page
    assert "People sit." not in page
    assert "A newer version takes effect on" in page
    assert "in 9 days" in page


def test_one_address_serves_both_languages(editors: SimpleNamespace, reader: Client, chinese_reader: Client) -> None:
    block = clause("People wait in turn.")
    policy = approve(policy_page(block, by=editors.editor), editors=editors)
    words = [clause("依次等候。", uid=block["id"], label="第一条")]
    approve(translate(policy, by=editors.editor, title="排队规定", clauses=words), editors=editors)
    assert "People wait in turn." in text(reader, "/policies/queues/")
    page = text(chinese_reader, "/policies/queues/")
    assert "依次等候。" in page
    assert "排队规定" in page
    assert "排队规定" in text(chinese_reader, "/policies/")


def test_what_is_not_translated_is_shown_in_the_source_language(
    editors: SimpleNamespace, chinese_reader: Client
) -> None:
    policy = approve(policy_page(by=editors.editor), editors=editors)
    translate(policy, by=editors.editor, title="排队规定")
    assert "People wait in turn." in text(chinese_reader, "/policies/queues/")
    assert chinese_reader.get("/policies/nothing/").status_code == 404


def test_a_policy_whose_home_is_only_a_draft_in_chinese_is_still_found(
    editors: SimpleNamespace, chinese_reader: Client
) -> None:
    approve(policy_page(by=editors.editor), editors=editors)
    HomePage.objects.get(locale__language_code="zh-hans").unpublish()
    assert "People wait in turn." in text(chinese_reader, "/policies/queues/")


def test_course_and_lesson_pages_lead_to_the_course(editors: SimpleNamespace, reader: Client) -> None:
    course = course_page(by=editors.editor)
    lesson = approve(lesson_page(course, by=editors.editor), editors=editors)
    course = approve(course, editors=editors)
    assert reader.get(course.url).headers["Location"] == "/courses/queueing/"
    assert reader.get(lesson.url).headers["Location"] == "/courses/queueing/"
    assert reader.get("/course-pages/").headers["Location"] == "/courses/"
    assert reader.get("/courses/queueing/").status_code == 200


def test_our_pages_forbid_foreign_and_inline_code_and_being_framed(reader: Client) -> None:
    policy = reader.get("/policies/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'nonce-" in policy
