"""Second factors: set up, asked for, demanded of roles, lost and removed."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, CentreFactory, DepartmentFactory, UserFactory
from training.operations.models import AuditEvent
from training.people import services
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    return UserFactory(staff_number="K7", department=DepartmentFactory(code="counter"), examiner=True)


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signed_in(number: str = "K7") -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": number, "password": PASSWORD})
    return client


def confirmed(client: Client) -> Client:
    """Type the password once more, as every change of sign-in asks for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def set_up(client: Client) -> str:
    """Set up an app and return its secret."""
    page = confirmed(client).get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"totp-secret\">(\w+)<", page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def is_in(client: Client) -> bool:
    return client.get(reverse("people:me")).status_code == 200


def test_setting_up_takes_the_password_once_more() -> None:
    client = signed_in()
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_reauthenticate"))


def test_an_app_is_set_up_and_then_asked_for(person: User) -> None:
    secret = set_up(signed_in())
    event = AuditEvent.objects.get(action="people.second_factor_added")
    assert (event.person_id, event.after) == (person.pk, {"factors": ["recovery_codes", "totp"]})

    with time_machine.travel(time.time() + 60, tick=False):
        client = signed_in()
        assert not is_in(client)
        assert "Second step" in client.get(reverse("mfa_authenticate")).content.decode()
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert not is_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert is_in(client)


def test_a_wrong_code_sets_up_nothing() -> None:
    client = confirmed(signed_in())
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "That code is not right" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_a_code_counts_once() -> None:
    secret = set_up(signed_in())
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)
        first, second = signed_in(), signed_in()
        first.post(reverse("mfa_authenticate"), {"code": code})
        second.post(reverse("mfa_authenticate"), {"code": code})
        assert (is_in(first), is_in(second)) == (True, False)


def test_the_secret_is_not_in_the_database() -> None:
    secret = set_up(signed_in())
    assert secret not in str(list(Authenticator.objects.values()))


def test_a_recovery_code_lets_one_in_once() -> None:
    client = signed_in()
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(set(codes)) == 10
    first, second = signed_in(), signed_in()
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)


def test_the_second_step_cannot_be_guessed() -> None:
    set_up(signed_in())
    client = signed_in()
    answers = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}) for n in range(1000)]
    assert sum("That code is not right" in answer.content.decode() for answer in answers) == 5
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_new_one_time_code_does_not_pass_the_second_step(person: User) -> None:
    set_up(signed_in())
    services.issue_codes(
        codes={person.pk: "7K2MQ9XA40TB"}, valid_for=timezone.timedelta(days=1), by="test", at=timezone.now()
    )
    client = Client()
    client.post(reverse("account_login"), {"login": "K7", "password": "7K2MQ9XA40TB"})
    assert client.get("/desk/").url.startswith(reverse("account_login"))


# roles that must have one


@pytest.mark.parametrize("path", ["/desk/", "/cms/", "/people/me/", "/exams/bank/", "/api/v1/authorisations/check"])
def test_roles_that_must_have_one_open_nothing_without(settings: object, path: str) -> None:
    client = signed_in()
    settings.SECOND_FACTOR_ROLES = ["examiner"]
    assert client.get(path).url == reverse("people:security")
    assert client.post(path).url == reverse("people:security")
    assert "Your role asks for a second step" in client.get(reverse("people:security")).content.decode()


def test_once_set_up_everything_opens(settings: object) -> None:
    settings.SECOND_FACTOR_ROLES = ["examiner"]
    client = signed_in()
    assert client.get("/desk/").status_code == 302
    set_up(client)
    assert client.get("/desk/").status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_other_roles_are_not_asked(settings: object) -> None:
    settings.SECOND_FACTOR_ROLES = ["hr", "administrator"]
    assert signed_in().get("/desk/").status_code == 200


def test_a_role_given_today_is_asked_with_the_next_request(settings: object) -> None:
    settings.SECOND_FACTOR_ROLES = ["hr"]
    someone = UserFactory(staff_number="K8")
    client = signed_in("K8")
    assert client.get("/desk/").status_code == 200
    today = timezone.localdate()
    services.grant_role(
        person=someone, role="hr", department=None, starts_on=today, until=None, by="test", at=timezone.now()
    )
    assert client.get("/desk/").url == reverse("people:security")


# lost ones


def lose(person: User, by: User, reason: str = "Phone lost") -> str:
    client = Client()
    client.force_login(by)
    address = reverse("people:remove_their_factors", args=[person.staff_number])
    return client.post(address, {"reason": reason}, follow=True).content.decode()


def test_hr_removes_a_lost_factor_with_a_reason(person: User) -> None:
    old = signed_in()
    set_up(old)
    hr = UserFactory(hr=True, hr_grant__department=person.department)
    assert "Say why" in lose(person, hr, reason=" ")
    assert "are removed" in lose(person, hr)
    assert not is_in(old)
    assert is_in(signed_in())
    event = AuditEvent.objects.get(action="people.second_factors_removed")
    assert (event.actor_id, event.person_id, event.reason) == (hr.pk, person.pk, "Phone lost")
    assert event.before == {"factors": ["recovery_codes", "totp"]}


def test_nobody_removes_their_own_that_way_nor_that_of_who_outranks_them(person: User) -> None:
    hr = UserFactory(staff_number="hr", hr=True, department=person.department)
    boss = UserFactory(staff_number="boss", administrator=True, department=person.department)
    for number in ("hr", "boss"):
        set_up(signed_in(number))
    for target in (hr, boss):
        with pytest.raises(services.NotAllowedError):
            services.remove_factors(person=target, reason="Lost", by=hr, at=timezone.now())
    assert services.remove_factors(person=hr, reason="Lost", by=boss, at=timezone.now()) == 2


def test_one_removes_ones_own_app_after_the_password(person: User) -> None:
    client = signed_in()
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.get(action="people.second_factor_removed").person_id == person.pk


@pytest.mark.parametrize(("name", "way"), [("answer", {"position": 1}), ("clock", {})])
def test_an_exam_under_way_is_not_stopped_by_a_rule_that_begins_meanwhile(
    settings: object, name: str, way: dict[str, int]
) -> None:
    client = signed_in()
    settings.SECOND_FACTOR_ROLES = ["examiner"]
    address = reverse(f"assessments:{name}", kwargs={"pk": 1, **way})
    assert client.get("/exams/").url == reverse("people:security")
    reply = client.post(address, b"{}", "application/json") if way else client.get(address)
    assert reply.status_code in (400, 404), "asked of the exam itself, which this person does not sit"
