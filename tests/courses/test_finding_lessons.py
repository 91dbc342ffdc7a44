"""The words of lessons are found by who may read them, at their place; nobody else learns that they are there."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from courses.models import Course, Enrolment, UnitVersion
from courses.words import words_in, words_of_section
from tests.factories.courses import CourseFactory, publish
from tests.factories.people import UserFactory
from training.people.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, tzinfo=UTC)
CANARY = "金丝雀canaryb7"


@pytest.fixture
def person(client: Client) -> User:
    person = UserFactory()
    client.force_login(person)
    return person


def text(html: str) -> dict[str, Any]:
    return {"type": "text", "value": {"html": html}}


def saying(*blocks: dict[str, Any], title: str = "Lesson 1", number: int = 1, **languages: Any) -> Course:
    """Return a course of one lesson with an empty section before the one of these blocks."""
    course = CourseFactory(units=(number,))
    lesson = UnitVersion.objects.get(course_version__course=course)
    before = {"id": "s0", "title": "Before", "blocks": [text("<p>Nothing.</p>")]}
    lesson.sections = {"en": [before, {"id": "s1", "title": "The section", "blocks": list(blocks)}], **languages}
    lesson.title = {"en": title}
    lesson.save()
    return course


def learns(person: User, course: Course, **facts: Any) -> Enrolment:
    version = course.versions.order_by("-number")[0]
    return Enrolment.objects.create(person=person, course=course, version=version, enrolled_at=NOW, **facts)


def found(client: Client, query: str, **more: str) -> str:
    page = client.get("/search/", {"q": query, **more}).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def place_of(course: Course, section: int, passage: int = 0) -> str:
    url = reverse("courses:section", args=[course.slug, "lesson-1", section])
    return f'href="{url}#passage-{passage}"' if passage else f'href="{url}"'


@pytest.mark.parametrize("query", ["居住证", "证", "ｉｄ卡", "window 居住", "居住证申请"])
def test_words_inside_sentences_lead_to_the_lesson_at_their_place(client: Client, person: User, query: str) -> None:
    course = saying(text("<p>Other.</p>"), text("<p>请持ID卡到Window 7办理居住<b>证</b>申请。</p>"))
    learns(person, course)
    page = found(client, query)
    assert place_of(course, 2, 2) in page
    assert "<mark>" in page
    reader = client.get(reverse("courses:section", args=[course.slug, "lesson-1", 2])).content.decode()
    assert 'id="passage-2"' in reader


def test_a_cited_clause_stands_where_it_is_shown(client: Client, person: User) -> None:
    clause = {"clause_version": 1, "policy": "hidden-slug", "policy_title": "Rules", "anchor": "x", "label": "Art. 3",
              "heading": "", "text": "Wait in turn."}  # fmt: skip
    course = saying(text("<p>Read.</p>"), {"type": "clause", "value": clause})
    learns(person, course)
    assert place_of(course, 2, 1) in found(client, "wait in turn")
    assert "Nothing found" in found(client, "hidden-slug")


def test_a_section_and_a_lesson_are_found_by_their_titles(client: Client, person: User) -> None:
    course = saying(text("<p>Read.</p>"), title="How people queue")
    learns(person, course)
    assert place_of(course, 2) in found(client, "the section")
    assert "How people <mark>queue</mark>" in found(client, "queue")


def test_the_reader_s_language_comes_first_and_the_other_is_found_too(client: Client, person: User) -> None:
    chinese = [{"id": "s0", "title": "前", "blocks": [text("<p>空。ID</p>")]}]
    course = saying(text("<p>An ID card.</p>"), **{"zh-hans": chinese})
    learns(person, course)
    assert place_of(course, 2, 1) in found(client, "id")
    assert place_of(course, 1, 1) in found(client, "空")
    User.objects.update(language="zh-hans")
    assert place_of(course, 1, 1) in found(client, "id")


class TestTheWall:
    def test_of_a_course_not_begun_only_what_its_page_shows_is_found(self, client: Client, person: User) -> None:
        course = saying(text(f"<p>{CANARY}</p>"), title="The lesson's own title")
        learns(UserFactory(), course)
        for query in ("金丝雀", "canaryb7", "雀"):
            page = found(client, query)
            assert "Nothing found" in page
            assert "0 found" in page
            assert "0 found" in found(client, query, kind="lessons")
        page = found(client, "own title")
        assert f'href="{reverse("courses:course", args=[course.slug])}"' in page
        assert "canaryb7" not in page

    def test_of_a_course_begun_only_the_version_learned_is_found(self, client: Client, person: User) -> None:
        course = saying(text("<p>the words of old</p>"))
        learns(person, course, completed_at=NOW)
        newer = publish(course, (1,)).units.get()
        newer.sections = {"en": [{"id": "s1", "title": "New", "blocks": [text(f"<p>{CANARY}</p>")]}]}
        newer.save()
        assert place_of(course, 2, 1) in found(client, "words of old")
        assert "0 found" in found(client, "canaryb7")

    def test_of_what_is_not_offered_nothing_is_found_but_by_its_learners(self, client: Client, person: User) -> None:
        course = saying(text("<p>kept words</p>"), title="Kept title")
        Course.objects.update(is_offered=False)
        assert "0 found" in found(client, "kept")
        learns(person, course)
        assert "1 found" in found(client, "kept words")

    def test_questions_to_practise_and_files_are_no_words(self, client: Client, person: User) -> None:
        practice = {"type": "practice", "value": {"items": ["bank/question-9"], "competency": "comp-7", "number": 3}}
        picture = {"type": "figure", "value": {"file": "ref-123", "width": 9, "alt": "A queue", "caption": ""}}
        learns(person, saying(practice, picture))
        assert "1 found" in found(client, "a queue")
        for query in ("question-9", "comp-7", "ref-123"):
            assert "0 found" in found(client, query)


def test_the_queries_are_the_same_for_one_and_many(
    client: Client, person: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    learns(person, saying(text("<p>needle</p>")))
    with django_assert_max_num_queries(40) as one:
        assert "1 found" in found(client, "needle")
    for _more in range(8):
        learns(person, saying(text("<p>needle</p>")))
    with django_assert_num_queries(len(one)):
        assert "9 found" in found(client, "needle")


def test_what_was_published_before_is_folded_by_the_migration(person: User) -> None:
    saying(text("<p>请持ＩＤ卡</p>"))
    UnitVersion.objects.update(folded="", folded_title="")
    import_module("courses.migrations.0013_lessons_are_found").fold(apps, None)
    assert UnitVersion.objects.get().folded == "lesson 1\nbefore\nnothing.\nthe section\n请持id卡"


def test_the_words_of_every_kind_of_block() -> None:
    assert list(words_in({"html": "<p>a &amp; b<br>c</p><ul><li>d</li></ul>"}, "x")) == ["\na & b\nc\n\n\nd\n\n"]
    table = {"caption": "c", "head": ["h"], "rows": [["x", "y"]]}
    steps = {"code": "no", "version": 2, "name": "n", "steps": [{"name": "s", "role": "r", "limit_unit": "no"}]}
    told = {"title": "t", "blocks": [{"type": "table", "value": table}, {"type": "steps", "value": steps}]}
    assert list(words_of_section(told)) == ["t", "c", "h", "x", "y", "n", "s", "r"]
