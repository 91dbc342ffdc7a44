"""Keys of other systems: made once, told once, asked by, closed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories.authorisations import AuthorisationFactory
from tests.factories.people import ApiKeyFactory, DepartmentFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import ApiKey, User
from training.people.services import PeopleError, key_of, make_key, revoke_key
from training.people.services.api_keys import BETWEEN_MARKS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
CHECK = "/api/v1/authorisations/check"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin() -> User:
    return UserFactory(administrator=True)


def ask(secret: str, **about: Any) -> Any:
    return Client().get(CHECK, about, headers={"Authorization": f"Bearer {secret}"})


def about(row: Any) -> dict[str, Any]:
    return {"staff_number": row.person.staff_number, "matter": row.matter.code}


def test_the_secret_is_kept_nowhere(admin: User) -> None:
    key, secret = make_key(name="Queue", department=None, expires_on=None, by=admin, at=NOW)
    assert key_of(secret, at=NOW) == key
    assert secret not in str(ApiKey.objects.values_list()) + str(AuditEvent.objects.values_list())
    event = AuditEvent.objects.get(action="people.key_made")
    assert (event.actor_id, event.subject_name) == (admin.pk, "Queue")


def test_a_name_of_its_own(admin: User) -> None:
    ApiKeyFactory(name="Queue")
    with pytest.raises(PeopleError, match="Another key is called"):
        make_key(name="queue", department=None, expires_on=None, by=admin, at=NOW)


def test_a_last_day_that_is_over_makes_no_key(admin: User) -> None:
    with pytest.raises(PeopleError, match="last day is over"):
        make_key(name="Queue", department=None, expires_on=date(2026, 11, 22), by=admin, at=NOW)
    assert not ApiKey.objects.exists()


def test_another_system_asks_with_its_key() -> None:
    ApiKeyFactory(secret="ctk_right")
    row = AuthorisationFactory()
    assert ask("ctk_right", **about(row)).json()["allowed"] is True


@pytest.mark.parametrize(
    "state",
    [{"expires_on": date(2026, 11, 22)}, {"revoked_at": NOW, "revoked_by": True}, {"secret": "ctk_another"}],
    ids=["run out", "closed", "unknown"],
)
def test_a_key_that_opens_nothing_is_refused(state: dict[str, Any], admin: User) -> None:
    if "revoked_by" in state:
        state = {**state, "revoked_by": admin}
    ApiKeyFactory(**{"secret": "ctk_right", **state})
    assert ask("ctk_right", **about(AuthorisationFactory())).status_code == 401


def test_the_last_day_counts() -> None:
    ApiKeyFactory(secret="ctk_right", expires_on=date(2026, 11, 23))
    assert ask("ctk_right", **about(AuthorisationFactory())).status_code == 200


def test_a_department_s_key_tells_of_its_own_staff_only() -> None:
    here, elsewhere = DepartmentFactory(), DepartmentFactory()
    ApiKeyFactory(secret="ctk_right", department=here)
    below = AuthorisationFactory(person__department=DepartmentFactory(parent=here))
    assert ask("ctk_right", **about(below)).status_code == 200
    assert ask("ctk_right", **about(AuthorisationFactory(person__department=elsewhere))).status_code == 404


def test_a_key_opens_nothing_but_what_takes_one() -> None:
    ApiKeyFactory(secret="ctk_right")
    for path in ("/desk/", "/people/", "/api/v1/openapi.json", "/cms/"):
        response = Client().get(path, headers={"Authorization": "Bearer ctk_right"})
        assert response.status_code in (302, 401), path


def test_without_a_key_a_program_is_told_so_instead_of_led_to_the_login() -> None:
    response = Client().get(CHECK)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Authorization" in response.json()["detail"]


def test_use_is_noted_but_not_each_time() -> None:
    key = ApiKeyFactory(secret="ctk_right")
    for after, noted in ((timedelta(0), NOW), (timedelta(minutes=1), NOW), (BETWEEN_MARKS, NOW + BETWEEN_MARKS)):
        key_of("ctk_right", at=NOW + after)
        key.refresh_from_db()
        assert key.last_used_at == noted


def test_closing_twice_is_closing_once(admin: User) -> None:
    key = ApiKeyFactory()
    for hour in (0, 1):
        revoke_key(key=key, by=admin, at=NOW + timedelta(hours=hour))
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert AuditEvent.objects.filter(action="people.key_revoked").count() == 1


def test_the_page_shows_the_secret_once(client: Client, admin: User) -> None:
    client.force_login(admin)
    made = client.post(reverse("people:keys"), {"name": "Queue", "department": "", "expires_on": "2027-11-23"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in client.get(reverse("people:keys")).content.decode()
    assert key_of(secret, at=NOW).expires_on == date(2027, 11, 23)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client: Client, admin: User) -> None:
    client.force_login(admin)
    ApiKeyFactory(name="Queue")
    page = client.post(reverse("people:keys"), {"name": "Queue", "expires_on": ""}).content.decode()
    assert "Choose a name" in page or "already exists" in page
    assert 'value="Queue"' in page


def test_closing_on_the_page(client: Client, admin: User) -> None:
    client.force_login(admin)
    key = ApiKeyFactory(secret="ctk_right")
    page = client.post(reverse("people:revoke_key", args=[key.pk]), follow=True).content.decode()
    assert "is closed" in page
    assert key_of("ctk_right", at=NOW) is None
