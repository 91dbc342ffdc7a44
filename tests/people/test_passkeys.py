"""A passkey, made and used in a real browser with an authenticator that is a program."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.people import PASSWORD, CentreFactory, UserFactory
from training.operations.models import AuditEvent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(page: Page, live_server: LiveServer) -> Page:
    """A browser whose device keeps passkeys."""
    CentreFactory()
    UserFactory(staff_number="K7")
    page.context.set_default_timeout(60_000)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_is_added_and_then_asked_for(phone: Page, live_server: LiveServer) -> None:
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def sign_in() -> None:
        phone.goto(live_server.url + reverse("account_login"))
        phone.get_by_label("Staff number").fill("K7")
        phone.get_by_label("Password").fill(PASSWORD)
        phone.get_by_role("button", name="Sign in", exact=True).click()

    sign_in()
    phone.goto(live_server.url + reverse("people:security"))
    phone.get_by_role("link", name="Add a passkey").click()
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("button", name="Add a passkey of this device").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Recovery codes", timeout=60_000)
    assert AuditEvent.objects.get(action="people.second_factor_added").after == {
        "factors": ["recovery_codes", "webauthn"]
    }

    phone.context.clear_cookies()
    sign_in()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Second step", timeout=60_000)
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url("**/desk/", timeout=60_000)
    assert complaints == []
