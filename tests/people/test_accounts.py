"""Signing in: what a wrong attempt tells, what a session is, and what is closed."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.people import PASSWORD, CentreFactory, UserFactory
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    return UserFactory(staff_number="K7")


def sign_in(number: str, password: str = PASSWORD, place: str = "10.0.0.1", **more: str) -> HttpResponse:
    return Client().post(reverse("account_login"), {"login": number, "password": password} | more, REMOTE_ADDR=place)


@pytest.mark.parametrize("number", ["K7", "k7", " K7 "])
def test_signing_in_leads_to_the_desk(number: str) -> None:
    assert sign_in(number).url == "/desk/"


def test_signing_in_leads_where_one_wanted_to_go_but_not_out_of_the_house() -> None:
    assert sign_in("K7", next="/people/me/").url == "/people/me/"
    assert sign_in("K7", next="//evil.example").url == "/desk/"


def test_wrong_number_wrong_password_and_closed_account_look_the_same() -> None:
    UserFactory(staff_number="closed", suspended=True)
    UserFactory(staff_number="unused").set_unusable_password()
    answers = [
        sign_in("nobody"),
        sign_in("K7", "wrong"),
        sign_in("closed"),
        sign_in("closed", "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    said = {str(answer.context["form"].errors) for answer in answers}
    assert len(said) == 1
    assert "do not match, or the account is closed" in said.pop()


def test_somebody_hired_but_without_a_code_cannot_sign_in() -> None:
    fresh = UserFactory(staff_number="fresh")
    fresh.set_unusable_password()
    fresh.save()
    for password in (PASSWORD, "", fresh.password):
        assert sign_in("fresh", password).status_code == 200


def test_signing_in_makes_a_new_session(client: Client) -> None:
    client.get(reverse("account_login"))
    client.session["x"] = 1
    before = client.session.session_key
    client.post(reverse("account_login"), {"login": "K7", "password": PASSWORD})
    assert client.session.session_key != before


def test_signing_out_takes_a_post_and_ends_the_session(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("people:me")).status_code == 200
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert client.get(reverse("people:me")).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "",
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "inactive/",
        "factors/trust/",
        "password/change/",
        "password/set/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "login/code/confirm/",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_everything_else_of_the_account_package_is_closed(
    client: Client, person: User, address: str, *, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(person)
    assert client.get(f"/accounts/{address}").status_code == 404
    assert client.post(f"/accounts/{address}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_nothing_links_to_what_is_closed(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_login_page_offers_no_sign_up_and_no_reset() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "signup" not in page
    assert "reset" not in page
