"""An empty installation leads to its assistant; afterwards HR signs in and every page says what to do next."""

import pytest
from playwright.sync_api import expect

from cms.services import setup_code
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.people.models import Centre, User

pytestmark = pytest.mark.journey

PASSWORD = "a long first word"
CENTRE = {
    "name_en": "Haidong District Government Service Centre",
    "name_zh_hans": "海东区政务服务中心",
    "short_name_en": "Haidong Centre",
    "short_name_zh_hans": "海东政务",
    "code": "hd",
}


def unlock(founder: Visitor) -> None:
    """Give the set-up code, a wrong one first."""
    code = founder.page.get_by_label("Set-up code")
    founder.open("/people/import/")
    founder.is_at("Set up this centre")
    code.fill("AAAA-BBBB-CCCC")
    founder.press("Begin")
    founder.sees("This is not the set-up code of this installation.")
    code.fill(setup_code())
    founder.press("Begin")


def tell_of_the_centre(founder: Visitor) -> None:
    """Forget everything at first, then fill it in."""
    founder.is_at("The centre")
    founder.press("Save and go on")
    founder.sees("There is a problem")
    for field, text in CENTRE.items():
        founder.page.locator(f"[name={field}]").fill(text)
    founder.press("Save and go on")


def tell_of_days_and_departments(founder: Visitor) -> None:
    """Go back in the middle: nothing is lost."""
    saturday = founder.page.get_by_label("Saturday")
    founder.is_at("Working days")
    expect(founder.page.get_by_label("Friday")).to_be_checked()
    saturday.check()
    founder.press("Save and go on")
    founder.is_at("Departments")
    first = founder.page.get_by_role("group", name="Department 1")
    first.get_by_label("Code", exact=True).fill("office")
    first.get_by_label("Name in English").fill("General office")
    founder.press("Back")
    founder.is_at("Working days")
    expect(saturday).to_be_checked()
    founder.press("Save and go on")
    expect(first.get_by_label("Name in English")).to_have_value("General office")
    founder.press("Save and go on")


def open_accounts(founder: Visitor) -> None:
    founder.is_at("First accounts")
    for role, number, name in (("HR officer", "10001", "孙蕾"), ("Administrator", "10002", "王强")):
        account = founder.page.get_by_role("group", name=role)
        account.get_by_label("Staff number").fill(number)
        account.get_by_label("Name", exact=True).fill(name)
        account.get_by_label("Password", exact=True).fill(PASSWORD)
        account.get_by_label("Password again").fill(PASSWORD)
    founder.press("Save and go on")


def test_an_empty_centre_is_set_up_and_hr_begins(arrive_first: Arrivals) -> None:
    founder = arrive_first()
    founder.site = "Service centre"
    unlock(founder)
    tell_of_the_centre(founder)
    tell_of_days_and_departments(founder)
    open_accounts(founder)
    founder.is_at("Check and create")
    founder.sees("General office", "Saturday", "10001")
    assert not User.objects.exists()
    founder.site = "Haidong Centre"
    founder.press("Create the centre")
    founder.is_at("The centre is set up")
    assert Centre.objects.get().working_days == [1, 2, 3, 4, 5, 6]
    founder.open("/setup/", status=404)

    officer = arrive_first()
    officer.site = "Haidong Centre"
    officer.sign_in("10001", password=PASSWORD)
    officer.sees("Import the staff list")
    places = officer.page.locator("nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "/people/import/" in places
    for place in dict.fromkeys([*places, "/notices/", "/people/me/"]):
        officer.open(place)
    officer.open("/people/")
    officer.sees("孙蕾", "王强")
