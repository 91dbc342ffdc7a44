"""Wagtail's back office as our people find it."""

from types import SimpleNamespace

import pytest
from django.test import Client
from wagtail.models import Locale

from cms.models import CoursePage, PolicyIndexPage, PolicyPage
from tests.cms.conftest import browser
from tests.cms.test_one_path import policy_form
from tests.factories.cms import approve, clause, course_page, lesson_page, policy_page
from tests.factories.matters import bundle_draft, clause_draft, matter_draft, policy_draft
from tests.factories.people import UserFactory
from training.matters.services import publish_policy


@pytest.mark.parametrize("role", ["editor", "reviewer", "administrator"])
def test_those_who_edit_may_enter(editors: SimpleNamespace, role: str) -> None:
    assert browser(getattr(editors, role)).get("/cms/").status_code == 200


def test_nobody_else_may_and_is_told_so_without_going_in_circles(editors: SimpleNamespace) -> None:
    assert browser(UserFactory(hr=True)).get("/cms/").status_code == 403
    assert Client().get("/cms/").headers["Location"] == "/accounts/login/?next=/cms/"


@pytest.mark.parametrize("address", ["/cms/login/", "/_util/login/"])
def test_there_is_one_login(editors: SimpleNamespace, address: str) -> None:
    response = Client().get(address, {"next": "/cms/pages/"})
    assert response.headers["Location"] == "/accounts/login/?next=%2Fcms%2Fpages%2F"


def test_wagtail_s_logout_and_account_lead_to_ours(editors: SimpleNamespace) -> None:
    client = browser(editors.editor)
    assert client.get("/cms/logout/").headers["Location"] == "/accounts/logout/"
    assert client.get("/cms/account/").headers["Location"] == "/people/me/"
    assert client.get("/cms/").status_code == 200


@pytest.mark.parametrize("address", ["/cms/users/", "/cms/groups/", "/cms/users/add/"])
def test_users_and_groups_are_kept_elsewhere_even_for_administrators(editors: SimpleNamespace, address: str) -> None:
    client = browser(editors.administrator)
    assert client.get(address).status_code in (302, 404)
    assert "/cms/users/" not in client.get("/cms/").content.decode()


def test_the_menu_has_matters_and_bundles(editors: SimpleNamespace) -> None:
    menu = browser(editors.editor).get("/cms/").content.decode()
    assert "/cms/snippets/matters/servicematter/" in menu
    assert "/cms/snippets/matters/bundle/" in menu


def test_an_editor_s_screens_open(editors: SimpleNamespace) -> None:
    policy = approve(policy_page(by=editors.editor), editors=editors)
    course = course_page(by=editors.editor)
    lesson = lesson_page(course, by=editors.editor)
    matter = matter_draft()
    bundle = bundle_draft((matter, 1, 1))
    index = PolicyIndexPage.objects.get(locale__language_code="en")
    client = browser(editors.editor)
    for address in (
        f"/cms/pages/{index.pk}/",
        f"/cms/pages/{policy.pk}/edit/",
        f"/cms/pages/{course.pk}/edit/",
        f"/cms/pages/{lesson.pk}/edit/",
        f"/cms/pages/{policy.pk}/view_draft/",
        f"/cms/pages/{course.pk}/view_draft/",
        f"/cms/pages/{lesson.pk}/view_draft/",
        f"/cms/pages/{policy.pk}/history/",
        f"/cms/pages/add/cms/policypage/{index.pk}/",
        f"/cms/pages/add/cms/lessonpage/{course.pk}/",
        "/cms/snippets/matters/servicematter/",
        "/cms/snippets/matters/servicematter/add/",
        f"/cms/snippets/matters/servicematter/edit/{matter.pk}/",
        f"/cms/snippets/matters/bundle/edit/{bundle.pk}/",
        "/cms/snippets/matters/bundle/",
        "/cms/clause_chooser/",
        "/cms/reports/workflow/",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("kind", ["matter", "bundle"])
def test_drafts_of_matters_and_bundles_can_be_previewed(editors: SimpleNamespace, kind: str) -> None:
    item = matter = matter_draft()
    if kind == "bundle":
        item = bundle_draft((matter, 1, 2))
    item.save_revision(user=editors.editor)
    model = item._meta.model_name
    revision = item.get_latest_revision()
    address = f"/cms/snippets/matters/{model}/history/{item.pk}/revisions/{revision.pk}/view/"
    page = browser(editors.editor).get(address).content.decode()
    assert "Change of address" in page


def test_a_lesson_s_preview_says_what_keeps_it_from_being_published(editors: SimpleNamespace) -> None:
    body = '[{"type": "section", "id": "s", "value": {"title": "T", "content": [{"type": "matter", "value": "no"}]}}]'
    lesson = lesson_page(course_page(by=editors.editor), by=editors.editor, body=body)
    page = browser(editors.editor).get(f"/cms/pages/{lesson.pk}/view_draft/").content.decode()
    assert "not published: no" in page


def test_the_clause_chooser_offers_each_clause_as_it_reads_now(editors: SimpleNamespace) -> None:
    draft = policy_draft(clause_draft("Wait in turn.", label="Article 9"), slug="queues")
    for text in ("Wait in turn.", "Wait sitting."):
        changed = clause_draft(text, uid=draft.clauses[0].uid, label="Article 9")
        at = editors.editor.date_joined
        publish_policy(draft=policy_draft(changed, uid=draft.uid, slug="queues"), language="en", by=None, at=at)
    page = browser(editors.editor).get("/cms/clause_chooser/").content.decode()
    assert page.count("Article 9") == 1
    assert "queues" in page
    assert browser(UserFactory()).get("/cms/clause_chooser/").status_code == 403


def test_an_editor_submits_with_one_button(editors: SimpleNamespace) -> None:
    parent = PolicyIndexPage.objects.get(locale__language_code="en")
    form = policy_form(slug="new") | {"action-submit": "1"}
    browser(editors.editor).post(f"/cms/pages/add/cms/policypage/{parent.pk}/", form)
    page = PolicyPage.objects.get(slug="new")
    assert (page.live, page.workflow_in_progress) == (False, True)


def test_an_editor_translates_a_page_and_its_blocks_keep_their_ids(editors: SimpleNamespace) -> None:
    policy = approve(policy_page(clause("Wait."), by=editors.editor), editors=editors)
    chinese = Locale.objects.get(language_code="zh-hans")
    client = browser(editors.editor)
    address = f"/cms/translation/submit/page/{policy.pk}/"
    assert address in client.get(f"/cms/pages/{policy.pk}/edit/").content.decode()
    client.post(address, {"locales": [chinese.pk]})
    copy = PolicyPage.objects.get(locale=chinese)
    assert (copy.slug, copy.live, copy.translation_key) == (policy.slug, False, policy.translation_key)
    assert copy.clauses[0].id == policy.clauses[0].id


def test_a_wrong_date_is_told_at_the_field(editors: SimpleNamespace) -> None:
    parent = PolicyIndexPage.objects.get(locale__language_code="en")
    form = policy_form(slug="new") | {"action-submit": "1", "expires_on": "2025-01-01"}
    page = browser(editors.editor).post(f"/cms/pages/add/cms/policypage/{parent.pk}/", form).content.decode()
    assert "The last day is before the first." in page
    assert not PolicyPage.objects.filter(slug="new").exists()


def test_its_policy_allows_wagtail_s_inline_code_and_its_own_frames_only(editors: SimpleNamespace) -> None:
    policy = browser(editors.editor).get("/cms/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "nonce" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'self'" in policy


def test_a_preview_may_be_framed_by_the_back_office_and_nobody_else(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.editor)
    policy = browser(editors.editor).get(f"/cms/pages/{page.pk}/view_draft/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy


def test_the_back_office_speaks_the_person_s_language(editors: SimpleNamespace) -> None:
    chinese = UserFactory(editor=True, language="zh-hans")
    assert '<html lang="zh-hans"' in browser(chinese).get("/cms/").content.decode()


def test_a_course_page_offers_the_competencies_and_exams(editors: SimpleNamespace) -> None:
    course = course_page(by=editors.editor)
    page = browser(editors.editor).get(f"/cms/pages/{course.pk}/edit/").content.decode()
    assert 'name="exam"' in page
    assert CoursePage.objects.count() == 1
