"""Somebody's first day: HR takes them on and prints a slip, they sign in with it and choose a password of their own."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrivals
from tests.journeys.slips import code_on, taken
from tests.journeys.visitor import Screen, Visitor
from tests.journeys.words import in_language, language_of, said, sign_in
from training.people.models import LoginCode, Position, User

pytestmark = pytest.mark.journey

NUMBER, NAME, LATIN = "30911", "欧阳静怡", "Ouyang Jingyi"
OWN = "tea at the window"


def test_a_slip_opens_the_door_until_a_password_is_chosen(arrive: Arrivals, screen: Screen) -> None:
    language = language_of(screen)
    User.objects.filter(staff_number="hr").update(language=language)
    hr = arrive("hr", reads=language)
    take_on(hr)
    hr.follow(said(language, "Sign-in"), exact=True)
    hr.sees(said(language, "Has neither password nor code."))
    hr.press(said(language, "Make a new code"))
    printed = taken(hr)
    assert NAME in printed
    code = code_on(printed, NUMBER)

    newcomer = arrive()
    newcomer.open("/accounts/login/")
    in_language(newcomer, language)
    # as it is typed from paper: small letters, spaces for dashes
    sign_in(newcomer, NUMBER, code.lower().replace("-", " "), language)
    choose_a_password(newcomer)
    newcomer.is_at(said(language, "My work"))
    assert not LoginCode.objects.pending().filter(person__staff_number=NUMBER).exists()

    later = arrive()
    later.open("/accounts/login/", closely=False)
    in_language(later, language)
    sign_in(later, NUMBER, code, language)
    later.sees(said(language, "There is a problem"))
    sign_in(later, NUMBER, OWN, language)
    later.is_at(said(language, "My work"))


def take_on(hr: Visitor) -> None:
    """Enter somebody new, who reads the language HR reads."""
    language, page = hr.language, hr.page
    settled = User.objects.get(staff_number="clerk").postings.get(until=None)
    hr.open("/people/hire/")
    facts = {"staff_number": NUMBER, "display_name": NAME, "latin_name": LATIN}
    for field, text in facts.items():
        page.locator(f"[name={field}]").fill(text)
    page.locator("[name=department]").select_option(settled.department.code)
    page.locator("[name=position]").select_option(Position.objects.get(pk=settled.position_id).code)
    page.locator("select[name=language]").select_option(language)
    hr.press(said(language, "Show what happens"))
    hr.sees(said(language, "This will happen"))
    hr.press(said(language, "Take on"), exact=True)


def choose_a_password(newcomer: Visitor) -> None:
    """Nothing else opens before; a password that is too short is refused."""
    language, page = newcomer.language, newcomer.page
    newcomer.is_at(said(language, "Choose your password"))
    newcomer.open("/people/me/")
    newcomer.is_at(said(language, "Choose your password"))
    for text in ("short", OWN):
        page.locator("[name=password]").fill(text)
        page.locator("[name=repeated]").fill(text)
        newcomer.press(said(language, "Keep this password"))
        if text != OWN:
            expect(page.get_by_role("alert")).to_contain_text(said(language, "There is a problem"))
