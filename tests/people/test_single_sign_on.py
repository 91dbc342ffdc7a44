"""The centre's own sign-in: who gets in by it, and everybody who does not."""

import base64
from collections.abc import Iterator
from typing import Any

import oidc_provider_mock
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from environs import Env

from tests.factories.people import CentreFactory, UserFactory
from tests.people.identity_provider import ADDRESS, ENTITY, IdentityProvider
from training.people.models import User
from training.settings import single_sign_on

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # of the provider, in its own thread
]

SUBJECT = "a-person-of-the-directory"


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    person = UserFactory(staff_number="K7")
    person.set_unusable_password()
    person.save()
    return person


def browser() -> Client:
    """A browser, which names the host it asks."""
    return Client(headers={"host": "training.example"})


def is_in(client: Client) -> bool:
    return client.get("/people/me/").status_code == 200


def test_without_one_there_is_no_button_and_no_address() -> None:
    assert "Sign in through the centre" not in browser().get(reverse("account_login")).content.decode()
    assert browser().get("/accounts/saml/sso/metadata/").status_code == 404
    assert browser().get("/accounts/oidc/sso/login/").status_code == 404


def test_the_environment_says_who_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert single_sign_on.providers(Env()) == {}
    for name, value in {"SERVER": "https://id.example", "CLIENT": "training", "SECRET": "s"}.items():
        monkeypatch.setenv(f"SSO_OIDC_{name}", value)
    for name, value in {"ENTITY": ENTITY, "URL": ADDRESS, "CERTIFICATE": "MII"}.items():
        monkeypatch.setenv(f"SSO_SAML_{name}", value)
    found = single_sign_on.providers(Env())
    assert found["openid_connect"]["APPS"][0]["settings"]["server_url"] == "https://id.example"
    assert found["saml"]["APPS"][0]["settings"]["idp"]["x509cert"] == "MII"


# OpenID Connect, with a provider on loopback


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    settings.ROOT_URLCONF = "tests.people.sso_addresses"
    with oidc_provider_mock.run_server_in_thread() as running:
        address = f"http://localhost:{running.server_port}"
        app = single_sign_on.oidc(address, "training", "secret")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield address


def tells(server: str, **claims: object) -> None:
    """Let the directory say this of the person."""
    requests.put(f"{server}/users/{SUBJECT}", json=claims, timeout=10).raise_for_status()


def agreed(client: Client, query: str = "") -> str:
    """Go to the provider, agree there, and return the address it sends the browser back to."""
    away = client.get("/accounts/oidc/sso/login/" + query)
    assert away.status_code == 302
    back = requests.post(away.url, data={"sub": SUBJECT}, allow_redirects=False, timeout=10)
    return back.headers["Location"].replace("http://training.example", "")


def by_oidc(client: Client, query: str = "") -> HttpResponse:
    return client.get(agreed(client, query))


def test_oidc_lets_in_whoever_has_the_number(server: str) -> None:
    tells(server, staff_number="k7")
    client = browser()
    assert "Sign in through the centre" in client.get(reverse("account_login")).content.decode()
    assert by_oidc(client).url == "/desk/"
    assert is_in(client)
    assert not SocialAccount.objects.exists()


def test_oidc_leads_where_one_wanted_to_go_but_not_out_of_the_house(server: str) -> None:
    tells(server, staff_number="K7")
    assert by_oidc(browser(), "?next=/people/me/").url == "/people/me/"
    assert by_oidc(browser(), "?next=//evil.example/").url == "/desk/"


def test_which_claim_holds_the_number_is_a_setting(server: str, settings: Any) -> None:
    settings.SSO_STAFF_NUMBER = "employee"
    tells(server, staff_number="nobody", employee="K7")
    client = browser()
    by_oidc(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "claims",
    [{"staff_number": "unknown"}, {"staff_number": "left"}, {}, {"staff_number": ""}, {"staff_number": ["K7", "K8"]}],
)
def test_oidc_refuses_who_is_not_an_open_account_here(server: str, claims: dict[str, object]) -> None:
    UserFactory(staff_number="left", suspended=True)
    before = User.objects.count()
    tells(server, **claims)
    client = browser()
    answer = by_oidc(client)
    assert answer.status_code == 403
    assert "no open account" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == before


def test_oidc_refuses_a_token_for_somebody_else(server: str, settings: Any) -> None:
    tells(server, staff_number="K7")
    client = browser()
    back = agreed(client)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["client_id"] = "another application"
    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_oidc_refuses_an_answer_used_before_and_one_nobody_asked_for(server: str) -> None:
    tells(server, staff_number="K7")
    first = browser()
    back = agreed(first)
    assert first.get(back).status_code == 302
    first.post(reverse("account_logout"))
    assert first.get(back).status_code == 403
    assert browser().get(back).status_code == 403
    assert not is_in(first)


def test_the_second_step_is_asked_after_the_centres_sign_in_too(server: str, person: User) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    tells(server, staff_number="K7")
    client = browser()
    assert by_oidc(client).url == reverse("mfa_authenticate")
    assert not is_in(client)


# SAML


@pytest.fixture
def directory(settings: Any) -> IdentityProvider:
    provider = IdentityProvider()
    settings.ROOT_URLCONF = "tests.people.sso_addresses"
    settings.SOCIALACCOUNT_PROVIDERS = {"saml": {"APPS": [single_sign_on.saml(ENTITY, ADDRESS, provider.certificate)]}}
    return provider


def asked(client: Client) -> str:
    """Go to the provider and return the address with the request."""
    away = client.get("/accounts/saml/sso/login/")
    assert away.url.startswith(ADDRESS)
    return away.url


def brought(client: Client, answer: str) -> HttpResponse:
    """Bring the provider's answer, as the form of its page does."""
    kept = client.post("/accounts/saml/sso/acs/", {"SAMLResponse": answer})
    return client.get(kept.url)


def test_saml_lets_in_whoever_has_the_number(directory: IdentityProvider) -> None:
    client = browser()
    assert brought(client, directory.answer(asked(client), "K7")).url == "/desk/"
    assert is_in(client)


def test_saml_tells_the_other_side_what_it_must_know(directory: IdentityProvider) -> None:
    metadata = browser().get("/accounts/saml/sso/metadata/").content.decode()
    assert "http://training.example/accounts/saml/sso/acs/" in metadata
    assert 'WantAssertionsSigned="true"' in metadata


@pytest.mark.parametrize("number", ["unknown", "left", ""])
def test_saml_refuses_who_is_not_an_open_account_here(directory: IdentityProvider, number: str) -> None:
    UserFactory(staff_number="left", suspended=True)
    client = browser()
    answer = brought(client, directory.answer(asked(client), number))
    assert answer.status_code == 403
    assert "no open account" in answer.content.decode()
    assert not is_in(client)


def test_saml_refuses_an_answer_for_somebody_else(directory: IdentityProvider) -> None:
    client = browser()
    answer = directory.answer(asked(client), "K7", audience="https://another.example/")
    assert brought(client, answer).status_code == 403
    assert not is_in(client)


def test_saml_refuses_what_another_key_signed_and_what_nobody_did(directory: IdentityProvider) -> None:
    client = browser()
    for answer in (
        IdentityProvider().answer(asked(client), "K7"),
        directory.answer(asked(client), "K7", signed=False),
    ):
        assert brought(client, answer).status_code == 403
        assert not is_in(client)


def test_saml_refuses_an_answer_that_was_changed(directory: IdentityProvider) -> None:
    UserFactory(staff_number="K8")
    client = browser()
    honest = base64.b64decode(directory.answer(asked(client), "K8"))
    forged = base64.b64encode(honest.replace(b">K8<", b">K7<")).decode()
    assert brought(client, forged).status_code == 403
    assert not is_in(client)


def test_saml_refuses_an_answer_used_before_and_one_nobody_asked_for(directory: IdentityProvider) -> None:
    first = browser()
    answer = directory.answer(asked(first), "K7")
    assert brought(first, answer).status_code == 302
    first.post(reverse("account_logout"))
    assert brought(first, answer).status_code == 403
    assert brought(browser(), answer).status_code == 403
    assert not is_in(first)


def test_saml_survives_nonsense(directory: IdentityProvider) -> None:
    for nonsense in ("", "not base64 !", base64.b64encode(b"<a/>").decode()):
        assert brought(browser(), nonsense).status_code == 403
