"""Words of a lesson that lead to a clause: kept by the editor's form, frozen with its version, found by who depends."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import RichText

from cms.models import CoursePage
from cms.queries import citing, dependents_of
from courses.models import UnitVersion
from tests.cms.conftest import browser
from tests.factories.cms import approve, change, clause, course_page, lesson_page, policy_page, section, translate
from tests.factories.mentors import TODAY
from tests.factories.people import UserFactory
from training.lib.blocks import TEXT_FEATURES
from training.matters.models import Clause, ClauseVersion
from training.matters.services import PublishingError

pytestmark = pytest.mark.django_db


def link(key: str, words: str = "wait their turn") -> str:
    return f'<p>People <a linktype="clause" id="{key}">{words}</a>.</p>'


def cited(editors: SimpleNamespace) -> tuple[Any, str]:
    """Publish a policy; return its page and the key of its only clause."""
    only = clause("People wait in turn.", label="Article 7")
    return approve(policy_page(only, by=editors.editor), editors=editors), f"queues/{only['id']}"


def published(editors: SimpleNamespace, *parts: tuple[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """Publish a lesson of one section with these blocks; return its page and what each block was frozen to."""
    course = course_page(by=editors.editor)
    lesson = lesson_page(course, by=editors.editor, body=json.dumps([section("All", *parts)]))
    approve(lesson, editors=editors)
    approve(course, editors=editors)
    return lesson, [block["value"] for block in UnitVersion.objects.latest("pk").sections["en"][0]["blocks"]]


def reworded(page: Any, editors: SimpleNamespace, **facts: str) -> None:
    block = page.clauses.raw_data[0]
    changed = [clause("People sit in turn.", uid=block["id"], label="Article 7", **facts)]
    approve(change(page, by=editors.editor, clauses=changed), editors=editors)


def read(person: Any) -> str:
    client = browser(person)
    client.post("/courses/queueing/enrol/")
    return client.get("/courses/queueing/lesson/1/").content.decode()


# ---------------------------------------------------------------- the editor's form


def test_a_link_comes_through_the_form_as_it_was(editors: SimpleNamespace) -> None:
    _page, key = cited(editors)
    converter = ContentstateConverter(TEXT_FEATURES)
    state = json.loads(converter.from_database_format(link(key)))
    (entity,) = state["entityMap"].values()
    assert (entity["type"], entity["mutability"]) == ("CLAUSE", "MUTABLE")
    assert entity["data"] == {
        "id": key,
        "url": f"/policies/queues/#clause-{key.partition('/')[2][:8]}",
        "label": "Article 7",
    }
    kept = converter.to_database_format(json.dumps(state))
    assert f'<a linktype="clause" id="{key}">wait their turn</a>' in kept
    assert json.loads(converter.from_database_format(kept))["entityMap"] == state["entityMap"]


def test_the_form_tells_of_a_clause_there_is_not(editors: SimpleNamespace) -> None:
    state = json.loads(ContentstateConverter(TEXT_FEATURES).from_database_format(link("queues/none")))
    assert [one["data"]["label"] for one in state["entityMap"].values()] == ["Not published"]


def test_the_dialog_finds_clauses_by_words_inside_sentences(editors: SimpleNamespace) -> None:
    page, key = cited(editors)
    chinese = clause("群众依次等候，不得插队。", uid=key.partition("/")[2], label="第七条")
    approve(translate(page, by=editors.editor, title="排队规定", clauses=[chinese]), editors=editors)
    client = browser(editors.editor)
    for words in ("", "turn", "Article 7", "Rules on Queues", "依次等候", "排队 第七条"):
        answer = client.get("/cms/clause-links/", {"q": words}).json()
        assert answer["step"] == "choose"
        assert f'data-key="{key}" data-label="Article 7"' in answer["html"], words
    none = client.get("/cms/clause-links/", {"q": "插队 nowhere"}).json()["html"]
    assert "data-key" not in none
    assert "0 clauses" in none


def test_only_who_writes_chooses(editors: SimpleNamespace) -> None:
    for person in (editors.editor, editors.reviewer, editors.administrator):
        assert browser(person).get("/cms/clause-links/").status_code == 200
    for person in (UserFactory(), UserFactory(examiner=True)):
        assert browser(person).get("/cms/clause-links/").status_code == 403


# ---------------------------------------------------------------- publishing


def test_a_link_is_frozen_with_the_version_of_the_day(editors: SimpleNamespace) -> None:
    page, key = cited(editors)
    accordion = {"rows": [{"heading": "More", "text": link(key, "in <b>turn</b>")}]}
    callout = {"heading": "Mind", "text": link(key)}
    _lesson, (text, called, folded) = published(
        editors, ("text", link(key)), ("callout", callout), ("accordion", accordion)
    )
    version = ClauseVersion.objects.get()
    html = f'<p>People <a data-clause="{version.pk}">wait their turn</a>.</p>'
    anchor = f"clause-{key.partition('/')[2][:8]}"
    facts = {"clause_version": version.pk, "policy": "queues", "anchor": anchor, "named": "Article 7"}
    assert text == {"html": html, "clauses": [facts]}
    assert called == {"heading": "Mind", "html": html, "clauses": [facts]}
    assert folded["rows"][0]["clauses"] == [facts]
    assert [one.clause_version for one in UnitVersion.objects.latest("pk").citations.all()] == [version]
    reworded(page, editors)
    shown = read(editors.other_reviewer)
    assert shown.count(f'href="/policies/queues/#{anchor}" data-clause="/lesson-clauses/{version.pk}/"') == 3
    assert 'wait their turn<span class="cited-as vh"> (Article 7)</span></a>' in shown
    assert "in <b>turn</b><span" in shown


def test_an_accordion_alone_cites_too(editors: SimpleNamespace) -> None:
    _page, key = cited(editors)
    published(editors, ("accordion", {"rows": [{"heading": "More", "text": link(key)}]}))
    assert UnitVersion.objects.latest("pk").citations.count() == 1


def test_a_link_to_what_is_not_published_keeps_the_course_back(editors: SimpleNamespace) -> None:
    with pytest.raises(PublishingError, match="“wait their turn” leads to a clause that is not published: queues/none"):
        published(editors, ("text", link("queues/none")))


@pytest.mark.parametrize(
    "source",
    [
        '<p><a linktype="clause" id="&quot; onclick=&quot;x()">a</a></p>',
        '<p><a linktype="clause" id="&gt;&lt;script&gt;x()&lt;/script&gt;">a</a></p>',
        '<p><a linktype="clause" id="javascript:x()/00000000-0000-0000-0000-000000000000">a</a></p>',
    ],
)
def test_markup_in_a_key_does_nothing(editors: SimpleNamespace, source: str) -> None:
    converter = ContentstateConverter(TEXT_FEATURES)
    state = converter.from_database_format(source)
    assert [one["data"]["url"] for one in json.loads(state)["entityMap"].values()] == [""]
    for shown in (str(RichText(source)), converter.to_database_format(state)):
        tags = BeautifulSoup(shown, "html.parser").find_all(True)
        assert {tag.name for tag in tags} <= {"p", "a"}
        names = {"href", "data-cites", "linktype", "id", "data-block-key"}
        assert {name for tag in tags for name in tag.attrs} <= names
    with pytest.raises(PublishingError):
        published(editors, ("text", source))


def test_a_version_cannot_be_named_by_hand(editors: SimpleNamespace) -> None:
    _lesson, (text,) = published(editors, ("text", '<p><a data-clause="1" href="https://a.example">a</a></p>'))
    assert text == {"html": '<p><a href="https://a.example">a</a></p>'}


def test_a_mark_without_its_clause_is_plain_words() -> None:
    value = {"html": '<p>Do <a data-clause="7">this</a>.</p>'}
    assert render_to_string("courses/blocks/text.html", {"value": value}).strip() == "<p>Do this.</p>"


# ---------------------------------------------------------------- who depends, what is old


def test_a_link_counts_among_what_rests_on_the_clause_and_goes_stale(editors: SimpleNamespace) -> None:
    page, key = cited(editors)
    lesson, _values = published(editors, ("text", link(key)))
    assert [row.name for row in dependents_of(Clause.objects.get(), editors.editor, TODAY).lessons] == ["A lesson"]
    form = f"/cms/pages/{lesson.pk}/edit/"
    client = browser(editors.editor)
    assert "Cited clauses to look at" not in client.get(form).content.decode()
    reworded(page, editors, grade="retrain")
    assert [(row.kind, row.is_stale) for row in citing(editors.editor, only_old=True)] == [("lesson", True)]
    assert "Cited clauses to look at: Article 7 (stale)." in client.get(form).content.decode()
    approve(change(lesson, by=editors.editor, title="A lesson, read again"), editors=editors)
    assert citing(editors.editor, only_old=True) == []


def test_a_translation_leads_to_the_clause_too(editors: SimpleNamespace) -> None:
    _page, key = cited(editors)
    lesson, (source,) = published(editors, ("text", link(key)))
    course = CoursePage.objects.get(slug="queueing", locale__language_code="en")
    approve(translate(course, by=editors.editor), editors=editors)
    copy = translate(lesson, by=editors.editor)
    assert copy.body.raw_data[0]["value"]["content"][0]["value"] == link(key)
    approve(copy, editors=editors)
    translated = UnitVersion.objects.latest("pk").sections["zh-hans"][0]["blocks"][0]["value"]
    assert translated["clauses"] == source["clauses"]
    with translation.override("zh-hans"):
        shown = render_to_string("courses/blocks/text.html", {"value": translated})
    assert 'wait their turn<span class="cited-as vh">（Article 7）</span></a>' in shown


def test_what_a_translation_alone_leads_to_counts_as_long_as_it_does(editors: SimpleNamespace) -> None:
    _page, key = cited(editors)
    lesson, _values = published(editors, ("text", "<p>People wait.</p>"))
    course = CoursePage.objects.get(slug="queueing", locale__language_code="en")
    approve(translate(course, by=editors.editor), editors=editors)
    copy = translate(lesson, by=editors.editor)
    plain = [dict(block) for block in copy.body.raw_data]
    linked = json.loads(json.dumps(plain))
    linked[0]["value"]["content"][0]["value"] = link(key)

    def lessons() -> list[str]:
        return [row.name for row in dependents_of(Clause.objects.get(), editors.editor, TODAY).lessons]

    for body, found in ((linked, ["A lesson"]), (plain, []), (linked, ["A lesson"])):
        approve(change(copy, by=editors.editor, body=body), editors=editors)
        assert lessons() == found
    approve(change(lesson, by=editors.editor, minutes=20), editors=editors)
    assert UnitVersion.objects.latest("pk").minutes == 20
    assert lessons() == ["A lesson"]
