"""Search over policies, matters, bundles and courses: found wherever it stands, and only what may be read."""

from datetime import UTC, date, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from courses.models import Course, CourseVersion
from tests.factories.cms import approve, change, clause, policy_page, translate
from tests.factories.courses import CourseFactory
from tests.factories.matters import bundle_draft, matter_draft, texts
from tests.factories.people import UserFactory
from training.matters.models import Bundle, ClauseVersion, MatterVersion, ServiceMatter
from training.matters.services import freeze_bundle, freeze_matter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(datetime(2026, 11, 26, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(editors: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def found(client: Client, query: str, **more: str) -> str:
    page = client.get("/search/", {"q": query, **more}).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def live_matter(**facts: Any) -> ServiceMatter:
    matter = matter_draft(**facts)
    freeze_matter(matter, by=None, at=AT)
    ServiceMatter.objects.filter(pk=matter.pk).update(live=True)
    return matter


def live_policy(editors: SimpleNamespace, text: str, **facts: Any) -> Any:
    return approve(policy_page(clause(text), by=editors.editor, **facts), editors=editors)


@pytest.mark.parametrize("query", ["居住证", "证", "持ID卡", "ｉｄ卡", "ＩＤ 申请人", "id", "window 办理"])
def test_it_finds_words_inside_sentences_single_characters_and_either_width(
    client: Client, editors: SimpleNamespace, query: str
) -> None:
    live_policy(editors, "申请人持ＩＤ卡或居住证在Window 7办理。")
    assert 'href="/policies/queues/#clause-' in found(client, query)
    assert "<mark>" in found(client, query)


def test_all_words_must_stand_in_one_text(client: Client, editors: SimpleNamespace) -> None:
    live_policy(editors, "申请人持居住证办理。")
    assert "Nothing found" in found(client, "居住证 护照")
    assert "Nothing found" in found(client, "%")
    assert "Nothing found" in found(client, "_")


def test_a_translation_is_found_and_the_passage_is_of_the_reader_s_language_where_it_can_be(
    client: Client, editors: SimpleNamespace
) -> None:
    page = live_policy(editors, "Bring the card.")
    blocks = [{**block.get_prep_value(), "type": "clause"} for block in page.clauses]
    blocks[0]["value"] = {**blocks[0]["value"], "text": "请持居住证办理。"}
    approve(translate(page, by=editors.editor, title="排队规定", clauses=blocks), editors=editors)
    assert "请持<mark>居住证</mark>办理。" in found(client, "居住证")
    assert "Bring the <mark>card</mark>." in found(client, "card")


def test_matters_bundles_and_courses_are_found_with_titles_first(client: Client) -> None:
    inside = live_matter(code="a", fee=texts("Permit costs nothing"))
    live_matter(code="b", name=texts("Residence permit", "居住证"), basic_code="000909")
    bundle = bundle_draft((inside, 1, 1), name=texts("Permit bundle"))
    freeze_bundle(bundle, by=None, at=AT)
    Bundle.objects.update(live=True)
    course = CourseFactory()
    version = course.versions.get()
    version.summary = texts("All about permits")
    version.save()
    page = found(client, "PERMIT")
    assert page.index("/matters/b/") < page.index("/matters/a/")
    assert 'href="/bundles/newborn/"' in page
    assert f'href="/courses/{course.slug}/"' in page
    assert "<mark>Permit</mark> costs nothing" in page
    assert "/matters/b/" in found(client, "000909")


def test_drafts_what_is_withdrawn_and_what_is_not_offered_are_not_found(
    client: Client, editors: SimpleNamespace
) -> None:
    policy_page(clause("secret draft"), by=editors.editor, slug="draft")
    live_policy(editors, "secret withdrawn").unpublish()
    matter_draft(code="draft", name=texts("secret draft"))
    live_matter(code="gone", name=texts("secret gone"))
    ServiceMatter.objects.filter(code="gone").update(live=False)
    course = CourseFactory()
    course.versions.update(folded="secret", folded_title="secret")
    Course.objects.update(is_offered=False)
    assert "Nothing found" in found(client, "secret")


def test_what_a_matter_said_before_is_not_found_any_more(client: Client) -> None:
    matter = live_matter(name=texts("Old name"))
    matter.name = texts("New name")
    freeze_matter(matter, by=None, at=AT)
    assert "Nothing found" in found(client, "old name")
    assert "/matters/move/" in found(client, "new name")


def test_a_clause_is_found_as_it_reads_today_and_an_expired_policy_is_marked(
    client: Client, editors: SimpleNamespace
) -> None:
    page = live_policy(editors, "today's text")
    uid = page.clauses[0].id
    later = change(
        page, by=editors.editor, effective_from=date(2027, 1, 1), clauses=[clause("tomorrow's text", uid=uid)]
    )
    approve(later, editors=editors)
    assert "/policies/queues/" in found(client, "today's")
    assert "Nothing found" in found(client, "tomorrow's")
    live_policy(editors, "an ended rule", slug="ended", expires_on=date(2026, 6, 30))
    live_policy(editors, "a coming rule", slug="coming", effective_from=date(2027, 1, 1))
    assert ">Past<" in found(client, "ended rule")
    assert ">Coming<" in found(client, "coming rule")


def test_one_kind_is_shown_page_by_page_and_the_address_keeps_the_query(client: Client) -> None:
    for number in range(23):
        live_matter(code=f"m{number:02}")
    everything = found(client, "address")
    assert everything.count('href="/matters/m') == 5
    assert "?q=address&amp;kind=matters" in everything
    last = found(client, "address", kind="matters", page="2")
    assert last.count('href="/matters/m') == 3


def test_the_queries_are_the_same_for_one_and_many(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        live_matter(code=f"m{number}")
    found(client, "address")
    with django_assert_max_num_queries(22):
        found(client, "address")


def test_without_a_query_it_says_what_it_does_and_nobody_else_may(client: Client) -> None:
    assert "Full and half width" in found(client, "")
    assert "Write at least one character" in found(client, "   ")
    assert "/accounts/login/" in Client().get("/search/").headers["Location"]


def test_what_was_published_before_is_folded_by_the_migrations(client: Client, editors: SimpleNamespace) -> None:
    live_policy(editors, "请持ＩＤ卡")
    live_matter()
    CourseFactory()
    for model in (ClauseVersion, MatterVersion, CourseVersion):
        model.objects.update(folded="", folded_title="")
    import_module("training.matters.migrations.0005_fold_what_is_searched").fold(apps, None)
    import_module("courses.migrations.0009_fold_what_is_searched").fold(apps, None)
    assert "id卡" in ClauseVersion.objects.get().folded
    assert "住址变更" in MatterVersion.objects.get().folded_title
    assert "title of course" in CourseVersion.objects.get().folded_title
