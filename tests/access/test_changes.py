"""A change of role, department or standing counts from the next request on, in a session that is open."""

from datetime import timedelta

import pytest
from django.test import Client

from mentors.services import decide, end
from tests.access.world import World
from tests.factories.mentors import NOW, TODAY
from training.people.models import RoleGrant, User
from training.people.services import end_role, grant_role


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


@pytest.fixture
def record(world: World) -> str:
    return f"/people/{world.people['owner'].staff_number}/"


def test_a_role_taken_back_is_gone(world: World, clients: dict[str, Client], record: str) -> None:
    officer = world.people["hr"]
    pages = ["/people/", "/people/matrix/", "/people/import/", "/coaching/rounds/", "/certificates/revocations/"]
    assert {status(clients["hr"], page) for page in [*pages, record]} == {200}

    end_role(person=officer, role="hr", department=world.counter, on=TODAY, by="test", at=NOW)

    assert {status(clients["hr"], page) for page in pages} == {403}
    assert status(clients["hr"], record) == 404


def test_a_role_given_is_there(world: World, clients: dict[str, Client], record: str) -> None:
    assert (status(clients["colleague"], "/people/"), status(clients["colleague"], record)) == (403, 404)
    given = {"department": world.counter, "starts_on": TODAY, "until": None, "by": "test", "at": NOW}
    grant_role(person=world.people["colleague"], role="head", **given)
    assert (status(clients["colleague"], "/people/"), status(clients["colleague"], record)) == (200, 200)


def test_a_role_counts_on_its_days_alone(world: World, clients: dict[str, Client]) -> None:
    grants = RoleGrant.objects.filter(person=world.people["hr"])
    for dates in ({"starts_on": TODAY + timedelta(days=1)}, {"starts_on": TODAY, "until": TODAY - timedelta(days=1)}):
        grants.update(**dates)
        assert status(clients["hr"], "/people/") == 403
    grants.update(starts_on=TODAY, until=TODAY)
    assert status(clients["hr"], "/people/") == 200


def test_who_moves_to_another_department_moves_out_of_sight(
    world: World, clients: dict[str, Client], record: str
) -> None:
    assert (status(clients["hr"], record), status(clients["hr elsewhere"], record)) == (200, 404)
    owner = world.people["owner"]
    User.objects.filter(pk=owner.pk).update(department=world.archive)
    owner.postings.update(department=world.archive)
    assert (status(clients["hr"], record), status(clients["hr elsewhere"], record)) == (404, 200)


def test_who_is_suspended_is_out(world: World, clients: dict[str, Client]) -> None:
    assert status(clients["director"], "/people/") == 200
    User.objects.filter(pk=world.people["director"].pk).update(is_active=False)
    for page in ("/people/", "/desk/", "/cms/"):
        assert clients["director"].get(page).headers["Location"].startswith("/accounts/login/"), page
    assert status(clients["director"], "/api/v1/authorisations/check") == 401


def test_a_teacher_sees_the_mentee_while_the_coaching_runs(
    world: World, clients: dict[str, Client], record: str
) -> None:
    mentorship = world.people["owner"].mentorships.get()
    decide(case=mentorship.cases.get(), decider=world.people["panel"], verdict="no", note="Too early", at=NOW)
    assert status(clients["teacher"], record) == 200
    end(mentorship=mentorship, by=world.people["hr"], reason="Moved away", at=NOW)
    assert status(clients["teacher"], record) == 404


def test_the_panel_sees_the_mentee_while_the_case_is_open(
    world: World, clients: dict[str, Client], record: str
) -> None:
    case = world.people["owner"].mentorships.get().cases.get()
    assert status(clients["panel"], record) == 200
    decide(case=case, decider=world.people["panel"], verdict="no", note="Ask about the materials", at=NOW)
    assert status(clients["panel"], record) == 404
