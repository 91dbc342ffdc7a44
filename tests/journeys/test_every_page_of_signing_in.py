"""Every page about signing in, its errors and what becomes of second factors: judged on a desk in the light and in
English, on a phone in the dark and in Chinese."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from cms.demo.staff import PASSWORD
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Screen, Visitor
from tests.journeys.words import in_language, language_of, said, sign_in
from training.notices.confirming import confirm_url
from training.notices.models import AddressConfirmation
from training.notices.unsubscribing import unsubscribe_url
from training.people import services
from training.people.models import User
from training.settings import single_sign_on

pytestmark = pytest.mark.journey

NOWHERE = "http://127.0.0.1:9"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def scheme(screen: Screen) -> str:
    return "dark" if screen.is_phone else "light"


@pytest.fixture
def clerk(arrive: Arrivals, screen: Screen, scheme: str) -> Visitor:
    """Somebody signed in whose device keeps passkeys."""
    clerk = arrive("clerk", reads=language_of(screen), scheme=scheme)
    devices = clerk.context.new_cdp_session(clerk.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return clerk


@pytest.fixture(autouse=True)
def reading(centre: object, screen: Screen) -> None:
    User.objects.filter(staff_number="clerk").update(language=language_of(screen))


def go_on(visitor: Visitor) -> None:
    """Press the main button of the page's form."""
    visitor.go_by(visitor.page.locator("main form .btn-primary").first)


def test_an_app_a_passkey_and_recovery_codes(clerk: Visitor) -> None:
    language, page = clerk.language, clerk.page
    clerk.open("/people/me/sign-in/")
    clerk.follow(said(language, "Set up the app"))
    clerk.is_at(said(language, "Is it you?"))
    for secret in ("wrong", PASSWORD):
        page.locator("#id_password").fill(secret)
        go_on(clerk)
    clerk.is_at(said(language, "Set up the app"))
    # dark squares on a dark ground are read by no camera
    ground = page.locator(".totp-qr").evaluate("picture => getComputedStyle(picture).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    for code in ("000000", code_of(page.locator(".totp-secret").inner_text())):
        page.locator("#id_code").fill(code)
        go_on(clerk)
    clerk.is_at(said(language, "Recovery codes"))
    expect(page.locator(".recovery li")).to_have_count(10)
    page.emulate_media(media="print")
    expect(page.locator(".recovery li").first).to_be_visible()
    page.emulate_media(media="screen")
    clerk.follow(said(language, "Make new codes"))
    clerk.is_at(said(language, "New recovery codes"))
    clerk.open("/accounts/factors/passkeys/add/")
    page.locator("#id_name").fill("The tablet of window 12")
    with clerk.arriving():
        page.locator("#passkey").click()
    clerk.open("/people/me/sign-in/")
    clerk.sees("The tablet of window 12")
    clerk.open("/accounts/factors/reauthenticate/")
    clerk.follow(said(language, "Use a passkey instead"))
    clerk.follow(said(language, "Type the password instead"))
    clerk.is_at(said(language, "Is it you?"))
    for factor in Authenticator.objects.exclude(type="recovery_codes"):
        clerk.open("/people/me/sign-in/", closely=False)
        address = "app/remove/" if factor.type == "totp" else f"passkeys/{factor.pk}/remove/"
        clerk.go_by(page.locator(f"a[href$='{address}']"))


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret.strip(), next(iter(yield_hotp_counters_from_time()))))


def test_the_second_step(clerk: Visitor) -> None:
    language, page = clerk.language, clerk.page
    clerk.open("/accounts/factors/app/", closely=False)
    page.locator("#id_password").fill(PASSWORD)
    go_on(clerk)
    page.locator("#id_code").fill(code_of(page.locator(".totp-secret").inner_text()))
    go_on(clerk)
    recovery = page.locator(".recovery li").first.inner_text()
    clerk.open("/accounts/logout/")
    clerk.language = "en"  # who reads what is not known before sign-in
    go_on(clerk)
    in_language(clerk, language)
    sign_in(clerk, "clerk", PASSWORD, language)
    clerk.is_at(said(language, "Second step"))
    for code in ("000000", recovery):
        page.locator("#id_code").fill(code)
        go_on(clerk)
    clerk.is_at(said(language, "My work"))


def test_passwords_and_codes(clerk: Visitor) -> None:
    language, page = clerk.language, clerk.page
    clerk.open("/people/me/password/")
    for field in ("present", "password", "repeated"):
        page.locator(f"[name={field}]").fill("short")
    go_on(clerk)
    expect(page.get_by_role("alert")).to_contain_text(said(language, "There is a problem"))
    person, code = User.objects.get(staff_number="clerk"), services.new_login_code()
    services.issue_codes(codes={person.pk: code}, valid_for=timedelta(days=1), by="test", at=timezone.now())
    clerk.language = "en"
    clerk.open("/desk/", closely=False)  # nobody is signed in any more
    in_language(clerk, language)
    sign_in(clerk, "clerk", code, language)
    clerk.is_at(said(language, "Choose your password"))


def test_notices_choices_digest_and_address(clerk: Visitor) -> None:
    language, page = clerk.language, clerk.page
    person = User.objects.get(staff_number="clerk")
    with override_settings(NOTICE_CHANNELS=["training.notices.channels.email.EmailChannel"]):
        clerk.open("/notices/settings/")
        clerk.open("/notices/digest/")
        clerk.open("/notices/address/")
        page.locator("#id_address").fill("li.na@example")
        go_on(clerk)
        page.locator("#id_address").fill("li.na@example.org")
        go_on(clerk)
        clerk.sees("li.na@example.org", said(language, "The link is on its way: a minute or two."))
        link = path_of(confirm_url(AddressConfirmation.objects.get()))
        clerk.open(link)
        go_on(clerk)
        clerk.is_at(said(language, "How I am told"))
        clerk.open(link, status=404)
        clerk.open("/people/me/")
        clerk.sees("li.na@example.org", said(language, "confirmed"))
        unsubscribe = path_of(unsubscribe_url(person_id=person.pk, theme="learning", channel="email"))
        clerk.open(unsubscribe)
        go_on(clerk)
        clerk.is_at(said(language, "Ended"))


def test_the_administrators_page_of_channels(arrive: Arrivals, screen: Screen, scheme: str) -> None:
    with override_settings(NOTICE_CHANNELS=["training.notices.channels.email.EmailChannel"]):
        User.objects.filter(staff_number="admin").update(language=language_of(screen))
        arrive("admin", reads=language_of(screen), scheme=scheme).open("/notices/channels/")


def test_signing_in_through_the_centre(arrive: Arrivals, screen: Screen, scheme: str) -> None:
    providers = {"openid_connect": {"APPS": [single_sign_on.oidc(NOWHERE, "training", "secret")]}}
    with override_settings(ROOT_URLCONF="tests.people.sso_addresses", SOCIALACCOUNT_PROVIDERS=providers):
        outsider = arrive(scheme=scheme)
        outsider.open("/accounts/login/")
        in_language(outsider, language_of(screen))
        language = outsider.language
        expect(outsider.page.get_by_role("link", name=said(language, "Sign in through the centre"))).to_be_visible()
        sign_in(outsider, "clerk", "wrong", language)
        outsider.sees(said(language, "There is a problem"))
        outsider.open("/accounts/oidc/sso/login/callback/", status=403)
        outsider.is_at(said(language, "Not signed in"))


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)
