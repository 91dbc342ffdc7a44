"""Choosing a password: nothing opens before the first one, and changing it signs one out elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, CentreFactory, UserFactory
from training.operations.models import AuditEvent
from training.people import services
from training.people.models import User
from training.people.passwords import CharacterKindsValidator
from training.settings import base

pytestmark = pytest.mark.django_db

CODE = "7K2MQ9XA40TB"
NEW = "tea at the window"


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    return UserFactory(staff_number="K7", administrator=True)


@pytest.fixture
def newcomer() -> User:
    person = UserFactory(staff_number="new", administrator=True)
    services.issue_codes(codes={person.pk: CODE}, valid_for=timedelta(days=14), by="test", at=timezone.now())
    return person


def signed_in(number: str, secret: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": number, "password": secret})
    return client


def choose(client: Client, password: str, repeated: str | None = None, **more: str) -> list[str]:
    """Post the form and return what is wrong with it."""
    answer = client.post(reverse("people:password"), {"password": password, "repeated": repeated or password} | more)
    errors = answer.context["form"].errors if answer.status_code == 200 else {}
    return [message for messages in errors.values() for message in messages]


@pytest.mark.parametrize(
    "path",
    ["/desk/", "/people/", "/people/me/", "/cms/", "/exams/", "/api/v1/authorisations/check", "/documents/1/a.txt"],
)
def test_nothing_opens_before_the_first_password(newcomer: User, path: str) -> None:
    client = signed_in("new", CODE)
    assert client.get(path).url == reverse("people:password")
    assert client.post(path).url == reverse("people:password")


def test_the_way_out_is_open_and_the_code_still_good(newcomer: User) -> None:
    client = signed_in("new", CODE)
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert signed_in("new", CODE).get("/desk/").url == reverse("people:password")


def test_the_first_password_ends_the_code_and_opens_everything(newcomer: User) -> None:
    client = signed_in("new", CODE)
    assert choose(client, NEW) == []
    assert client.get("/people/me/").status_code == 200
    assert signed_in("new", CODE).get("/people/me/").status_code == 302
    assert signed_in("new", NEW).get("/people/me/").status_code == 200
    assert AuditEvent.objects.get(action="people.password_chosen").person_id == newcomer.pk


@pytest.mark.parametrize("good", ["8 letter", "a" * 30 + "b" * 34, "口令要记得住才好用啊", "correct horse battery"])
def test_passwords_that_are_taken(newcomer: User, good: str) -> None:
    assert choose(signed_in("new", CODE), good) == []
    assert signed_in("new", good).get("/people/me/").status_code == 200


@pytest.mark.parametrize(
    ("bad", "why"), [("short 7", "at least 8 characters"), ("password", "too common"), ("12345678", "too common")]
)
def test_passwords_that_are_refused(newcomer: User, bad: str, why: str) -> None:
    client = signed_in("new", CODE)
    assert why in " ".join(choose(client, bad))
    assert client.get("/desk/").url == reverse("people:password")


def test_both_boxes_must_agree(newcomer: User) -> None:
    assert "do not agree" in " ".join(choose(signed_in("new", CODE), NEW, "tea at the windo"))


def test_nothing_typed_comes_back_in_the_page(newcomer: User) -> None:
    answer = signed_in("new", CODE).post(reverse("people:password"), {"password": "typed-secret", "repeated": "x"})
    assert "typed-secret" not in answer.content.decode()


def test_changing_the_password_ends_the_other_sessions(person: User) -> None:
    here, there = signed_in("K7"), signed_in("K7")
    assert choose(here, NEW, present=PASSWORD) == []
    assert here.get("/people/me/").status_code == 200
    assert there.get("/people/me/").status_code == 302
    assert AuditEvent.objects.get(action="people.password_changed").actor_id == person.pk


def test_changing_the_password_takes_the_present_one(person: User) -> None:
    client = signed_in("K7")
    assert choose(client, NEW, present="wrong") == ["That is not your present password."]
    assert choose(client, PASSWORD, present=PASSWORD) == ["Choose another password than the present one."]
    assert signed_in("K7", NEW).get("/people/me/").status_code == 302


def test_the_present_password_cannot_be_guessed(person: User) -> None:
    client = signed_in("K7")
    for _try in range(5):
        choose(client, NEW, present="wrong")
    assert "Too many attempts" in " ".join(choose(client, NEW, present=PASSWORD))


def test_old_passwords_are_changed_where_the_centre_wants_it(person: User, settings: object) -> None:
    client = signed_in("K7")
    User.objects.filter(pk=person.pk).update(password_chosen_at=timezone.now() - timedelta(days=91))
    assert client.get("/desk/").status_code == 200
    settings.PASSWORD_MAX_AGE_DAYS = 90
    assert client.get("/desk/").url == reverse("people:password")
    assert choose(client, NEW, present=PASSWORD) == []
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(("kinds", "fits"), [(0, True), (2, True), (3, False)])
def test_kinds_of_characters_are_asked_for_where_the_centre_wants_it(kinds: int, fits: bool) -> None:
    validator = CharacterKindsValidator(kinds=kinds)
    if fits:
        validator.validate("small and blank")
    else:
        with pytest.raises(ValidationError, match="Mix at least 3"):
            validator.validate("small and blank")


def test_an_old_hash_is_made_anew_at_the_next_sign_in_at_the_cost_owasp_recommends(person: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    User.objects.filter(pk=person.pk).update(password=old)
    assert signed_in("K7", "wrong").get(reverse("people:me")).status_code == 302
    person.refresh_from_db()
    assert person.password == old
    assert signed_in("K7").get(reverse("people:me")).status_code == 200
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert person.check_password(PASSWORD)
