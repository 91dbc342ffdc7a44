"""A centre whose source language is Chinese and that writes nothing in English."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from assessments.models import ItemVersion
from cms.models import CourseIndexPage, CoursePage, LessonPage, PolicyIndexPage, PolicyPage
from cms.setup import install_content_roles
from tests.cms.conftest import browser
from tests.factories.assessments import BankFactory
from tests.factories.cms import approve, change, clause, draft, section
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import CentreFactory, UserFactory
from training.lib.names import address_of
from training.matters.models import PolicyVersion

CHINESE = "zh-hans"
LESSON = json.dumps([section("接待群众", ("text", "<p>先听完再回答。</p>"))])
CLAUSES = json.dumps([clause("窗口应当一次告知全部材料。", label="第一条")])


@pytest.fixture
def office(db: None) -> SimpleNamespace:
    """A centre of Chinese alone, with an editor and a reviewer."""
    name, short = {CHINESE: "海东区政务服务中心"}, {CHINESE: "海东政务"}
    CentreFactory(name=name, short_name=short, source_language=CHINESE)
    install_content_roles()
    people = {role: UserFactory(**{role: True, "language": CHINESE}) for role in ("editor", "reviewer")}
    return SimpleNamespace(**people, clerk=browser(UserFactory(language=CHINESE)), guest=browser(UserFactory()))


def course(office: SimpleNamespace, title: str = "首问责任制度") -> CoursePage:
    """A course of one lesson, published, each written without an address."""
    index = CourseIndexPage.objects.get(locale__language_code=CHINESE)
    page = draft(CoursePage(title=title, summary="谁先接待，谁负责到底。"), index, by=office.editor)
    approve(draft(LessonPage(title="接待", minutes=10, body=LESSON), page, by=office.editor), editors=office)
    return approve(page, editors=office)


def policy(office: SimpleNamespace, **facts: Any) -> PolicyPage:
    index = PolicyIndexPage.objects.get(locale__language_code=CHINESE)
    written = {"title": "一次性告知规定", "issuer": "区政府办公室", "effective_from": date(2026, 1, 1), **facts}
    return approve(draft(PolicyPage(clauses=CLAUSES, **written), index, by=office.editor), editors=office)


def seen(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("首问责任", "shou-wen-ze-ren"),
        ("2025年政务服务办法（试行）", "2025-nian-zheng-wu-fu-wu-ban-fa-shi-xing"),
        ("Rules on Queues", "rules-on-queues"),
        ("……", ""),
    ],
)
def test_a_text_becomes_an_address_by_its_sound(text: str, address: str) -> None:
    assert address_of(text) == address


def test_a_long_text_s_address_ends_with_a_whole_syllable() -> None:
    long = address_of("政务服务" * 20)
    assert 50 < len(long) <= 60
    assert long.endswith(("-zheng", "-wu", "-fu"))


def test_pages_with_chinese_titles_are_read_at_latin_addresses(office: SimpleNamespace) -> None:
    assert (policy(office).slug, course(office).slug) == ("yi-ci-xing-gao-zhi-gui-ding", "shou-wen-ze-ren-zhi-du")
    for reader in (office.clerk, office.guest):
        assert "窗口应当一次告知全部材料。" in seen(reader, "/policies/yi-ci-xing-gao-zhi-gui-ding/")
        assert "接待" in seen(reader, "/courses/shou-wen-ze-ren-zhi-du/")


def test_a_second_page_of_the_same_sound_gets_another_address(office: SimpleNamespace) -> None:
    assert policy(office).slug != policy(office).slug
    assert PolicyPage.objects.filter(slug="yi-ci-xing-gao-zhi-gui-ding-2").count() == 1


def test_the_latin_part_of_a_title_alone_is_no_address(office: SimpleNamespace) -> None:
    """It is what Wagtail's script leaves of a Chinese title."""
    assert policy(office, title="2025年排队规定", slug="2025").slug == "2025-nian-pai-dui-gui-ding"


def test_an_address_in_characters_is_refused(office: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="Latin letters"):
        policy(office, slug="排队规定")


def test_an_editor_leaves_the_address_empty(office: SimpleNamespace) -> None:
    index = CourseIndexPage.objects.get(locale__language_code=CHINESE)
    address = reverse("wagtailadmin_pages:add", args=["cms", "coursepage", index.pk])
    told = {"title": "首问责任", "slug": "", "summary": "谁先接待，谁负责到底。"}
    rows = {f"{name}-count": "0" for name in ("objectives",)}
    comments = {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    answer = browser(office.editor).post(address, {**told, **rows, **comments, "action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert CoursePage.objects.get().slug == "shou-wen-ze-ren"


def test_a_lesson_says_which_language_it_is_in(office: SimpleNamespace) -> None:
    """The interface may be English; a screen reader has to be told that the lesson is not."""
    course(office)
    for reader in (office.clerk, office.guest):
        reader.post("/courses/shou-wen-ze-ren-zhi-du/enrol/")
        page = seen(reader, "/courses/shou-wen-ze-ren-zhi-du/jie-dai/1/")
        assert '<h1 lang="zh-hans">接待群众</h1>' in page
        assert '<div lang="zh-hans" data-place' in page


def test_a_policy_says_which_language_it_is_in(office: SimpleNamespace) -> None:
    page = policy(office)
    for reader in (office.clerk, office.guest):
        assert '<div class="clauses" lang="zh-hans">' in seen(reader, page.url)


def test_english_is_added_later_and_makes_no_version(office: SimpleNamespace) -> None:
    page = policy(office)
    copy = page.copy_for_translation(Locale.objects.get(language_code="en"))
    words = [clause("Tell all of it at once.", uid=page.clauses.raw_data[0]["id"], label="Article 1")]
    change(copy, by=office.editor, title="Rules on Notice", clauses=words)
    approve(copy, editors=office)
    assert PolicyVersion.objects.get().title == {CHINESE: "一次性告知规定", "en": "Rules on Notice"}
    english, chinese = seen(office.guest, page.url), seen(office.clerk, page.url)
    assert '<div class="clauses" lang="en">' in english
    assert "Tell all of it at once." in english
    assert "窗口应当一次告知全部材料。" in chinese


def test_a_name_in_one_language_stands_once_in_the_head(office: SimpleNamespace) -> None:
    for reader in (office.clerk, office.guest):
        head = seen(reader, "/desk/").partition('class="brand"')[2].partition("</a>")[0]
        assert head.count("海东区政务服务中心") == 1
        assert "<small" not in head


@pytest.mark.parametrize(
    ("stem", "option", "box"), [("", "一次说清", "stem-zh-hans"), ("怎样告知材料？", "", "o-0-zh-hans")]
)
def test_what_an_item_lacks_leads_to_the_chinese_box(office: SimpleNamespace, stem: str, option: str, box: str) -> None:
    """Whether English was begun or not: the item's own language is the centre's."""
    bank, competency = BankFactory(), CompetencyFactory()
    told = {"stem-zh-hans": stem, "o-0-id": "a", "o-0-zh-hans": option, "o-1-id": "b", "o-1-zh-hans": "改天再说"}
    english = {"stem-en": stem and "How?", "o-0-en": option and "At once", "o-1-en": "Another day"}
    facts = {"competency": competency.pk, "level": 3, "judged": 60, "bar": 100, "right": "a", "action": "ask"}
    address = f"{reverse('assessments:write_item')}?bank={bank.code}&kind=single"
    for more in ({}, english):
        answer = browser(UserFactory(examiner=True)).post(address, {**told, **more, **facts}, follow=True)
        assert f'<li><a href="#{box}">' in answer.content.decode()


def test_a_true_false_item_in_chinese_alone_is_whole(office: SimpleNamespace) -> None:
    """Its two options stand there in both languages by themselves."""
    bank, competency = BankFactory(), CompetencyFactory()
    words = {"true": ("正确", "True"), "false": ("错误", "False")}
    told = {"stem-zh-hans": "材料应当一次告知。", "right": "true", "action": "ask"}
    for row, (key, (chinese, english)) in enumerate(words.items()):
        told |= {f"o-{row}-id": key, f"o-{row}-zh-hans": chinese, f"o-{row}-en": english}
    facts = {"competency": competency.pk, "level": 3, "judged": 60, "bar": 100}
    address = f"{reverse('assessments:write_item')}?bank={bank.code}&kind=true_false"
    browser(UserFactory(examiner=True)).post(address, {**told, **facts})
    assert ItemVersion.objects.get().asked_at
