"""The API other systems ask: who may ask about whom, and what they get."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.authorisations import AuthorisationFactory, ConditionFactory
from tests.factories.people import DepartmentFactory, UserFactory
from training.people.models import User

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/authorisations/check"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-23T09:00:00+08:00", tick=False):
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_allowed_until_because() -> None:
    row = AuthorisationFactory(person__staff_number="20418", matter__code="change-of-address")
    ConditionFactory(authorisation=row, grace_until=date(2026, 11, 30))

    answer = signed_in(UserFactory(hr=True)).get(ADDRESS, {"staff_number": "20418", "matter": "change-of-address"})

    assert answer.json() == {
        "staff_number": "20418",
        "matter": "change-of-address",
        "on": "2026-11-23",
        "allowed": True,
        "until": "2026-11-30",
        "because": "Read clause 14",
        "entrustment": 4,
    }


def test_another_day_can_be_asked_for() -> None:
    row = AuthorisationFactory(until=date(2026, 11, 25))
    asked = {"staff_number": row.person.staff_number, "matter": row.matter.code, "on": "2026-11-26"}

    answer = signed_in(UserFactory(director=True)).get(ADDRESS, asked).json()

    assert (answer["allowed"], answer["until"], answer["on"]) == (False, None, "2026-11-26")


@pytest.mark.parametrize("role", ["hr", "head", "director", "auditor", "administrator"])
def test_those_who_oversee_staff_may_ask(role: str) -> None:
    row = AuthorisationFactory()
    asked = {"staff_number": row.person.staff_number, "matter": row.matter.code}

    assert signed_in(UserFactory(**{role: True})).get(ADDRESS, asked).status_code == 200


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "reviewer", "examiner", "invigilator", "marker"])
def test_others_may_not_even_about_themselves(role: str) -> None:
    person = UserFactory(**{role: True})
    row = AuthorisationFactory(person=person)

    answer = signed_in(person).get(ADDRESS, {"staff_number": person.staff_number, "matter": row.matter.code})

    assert answer.status_code == 403


def test_without_login_there_is_no_answer() -> None:
    row = AuthorisationFactory()

    answer = Client().get(ADDRESS, {"staff_number": row.person.staff_number, "matter": row.matter.code})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_staff_of_another_department_do_not_exist() -> None:
    mine, other = DepartmentFactory(), DepartmentFactory()
    asker = UserFactory(department=mine, head=True, head_grant__department=mine)
    row = AuthorisationFactory(person__department=other)
    client = signed_in(asker)

    outside = client.get(ADDRESS, {"staff_number": row.person.staff_number, "matter": row.matter.code})
    unknown = client.get(ADDRESS, {"staff_number": "nobody", "matter": row.matter.code})

    assert outside.status_code == unknown.status_code == 404
    assert outside.content == unknown.content


def test_an_unknown_matter_and_a_broken_day() -> None:
    row = AuthorisationFactory()
    client = signed_in(UserFactory(hr=True))

    assert client.get(ADDRESS, {"staff_number": row.person.staff_number, "matter": "none"}).status_code == 404
    broken = {"staff_number": row.person.staff_number, "matter": row.matter.code, "on": "soon"}
    assert client.get(ADDRESS, broken).status_code == 422


def test_it_describes_itself_to_people_signed_in_and_has_no_page_of_its_own() -> None:
    client = signed_in(UserFactory())

    description = client.get("/api/v1/openapi.json").json()

    assert list(description["paths"]) == [ADDRESS]
    assert client.get("/api/v1/docs/").status_code == 404
    assert Client().get("/api/v1/openapi.json").status_code == 401


def test_it_asks_as_much_of_the_database_for_one_as_for_many(django_assert_max_num_queries: Any) -> None:
    row = AuthorisationFactory()
    AuthorisationFactory.create_batch(5, person=row.person)
    client = signed_in(UserFactory(hr=True))

    with django_assert_max_num_queries(9):
        client.get(ADDRESS, {"staff_number": row.person.staff_number, "matter": row.matter.code})
