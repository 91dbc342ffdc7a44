"""Whoever reads Chinese, reads in the dark, or has only a keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrivals
from tests.journeys.judging import judge_keyboard
from tests.journeys.visitor import Visitor
from training.people.models import User

pytestmark = pytest.mark.journey


def test_the_language_is_changed_where_one_stands(arrive: Arrivals) -> None:
    outsider = arrive()
    outsider.open("/accounts/login/")
    in_chinese(outsider)
    outsider.is_at(re.compile("登录"))

    clerk = arrive("clerk")
    in_chinese(clerk)
    clerk.is_at("我的工作")
    clerk.open("/courses/")
    clerk.open("/policies/one-time-notice-rules/")
    clerk.is_at("一次性告知实施办法")
    assert User.objects.get(staff_number="clerk").language == "zh-hans"

    at_another_computer = arrive("clerk", reads="zh-hans")
    at_another_computer.is_at("我的工作")


def in_chinese(visitor: Visitor) -> None:
    if visitor.screen.is_phone and visitor.page.get_by_text("Menu", exact=True).is_visible():
        visitor.tap(visitor.page.get_by_text("Menu", exact=True))
    visitor.language = "zh-hans"
    visitor.press("中文")


def test_the_theme_follows_the_system_or_the_choice(arrive: Arrivals) -> None:
    in_the_dark = arrive("clerk", scheme="dark")
    assert is_dark(in_the_dark)

    clerk = arrive("clerk")
    assert not is_dark(clerk)
    clerk.tap(clerk.page.get_by_role("banner").get_by_text(re.compile("^(Me|Zhou Min)$")).filter(visible=True))
    clerk.press("Dark", exact=True)
    assert is_dark(clerk)
    for path in ("/courses/", "/people/me/", "/competencies/", "/exams/", "/coaching/"):
        clerk.open(path)
        assert is_dark(clerk)


def is_dark(visitor: Visitor) -> bool:
    """Whether the ground is darker than the ink."""
    colour = "(name) => getComputedStyle(document.body)[name].match(/[\\d.]+/g).slice(0, 3).map(Number)"
    ground, ink = (sum(visitor.page.evaluate(colour, name)) for name in ("backgroundColor", "color"))
    return bool(ground < ink)


def test_a_keyboard_is_enough(arrive: Arrivals) -> None:
    hr = arrive("hr")
    hr.page.keyboard.press("Tab")
    skip = hr.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    hr.page.keyboard.press("Enter")
    expect(hr.page.get_by_role("main")).to_be_focused()

    for path in ("/desk/", "/people/", "/people/matrix/", "/people/matrix/market/", "/verify/"):
        hr.open(path)
        judge_keyboard(hr.page)


OFFICE = {
    "admin": ("/erasures/", "/retention/", "/impact/", "/impact/new/", "/operations/", "/audit/", "/people/keys/"),
    "examiner": (
        "/exams/manage/",
        "/exams/manage/new/",
        "/exams/manage/service-rules/",
        "/exams/manage/service-rules/places/",
        "/exams/sessions/",
        "/exams/sessions/plan/",
        "/exams/bank/",
        "/exams/bank/banks/",
        "/exams/bank/write/",
        "/exams/bank/calibrations/",
        "/exams/release/",
        "/exams/release/regrades/",
        "/exams/observing/",
        "/coaching/rubrics/",
        "/coaching/rubrics/new/",
        "/coaching/rubrics/telling-once/",
        "/coaching/rubrics/telling-once/criteria/new/",
    ),
    "marker": ("/exams/marking/",),
}


@pytest.mark.parametrize("who", OFFICE)
def test_the_pages_of_an_office_bear_a_close_look(arrive: Arrivals, who: str) -> None:
    visitor = arrive(who, scheme="dark")
    for path in ("/desk/", *OFFICE[who]):
        visitor.open(path)
