"""The screens of HR's acts: first what would happen, then done; refusals stand on the form; nobody reaches further."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.mentors import NOW, TODAY
from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people.models import Department, Posting, RoleGrant, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day() -> Any:
    with time_machine.travel(NOW, tick=False):
        CentreFactory()
        yield


@pytest.fixture
def tax() -> Department:
    return DepartmentFactory(code="tax")


@pytest.fixture
def hr(client: Client, tax: Department) -> User:
    officer = UserFactory(hr=True, hr_grant__department=tax)
    client.force_login(officer)
    return officer


@pytest.fixture
def person(tax: Department) -> User:
    person = UserFactory(department=tax, staff_number="20418", display_name="李娜", latin_name="Li Na")
    PostingFactory(person=person, position=PositionFactory(code="clerk"))
    return person


def post(client: Client, address: str, step: str = "", **facts: Any) -> str:
    answer = client.post(address, {**facts, "step": step}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_looking_at_what_would_happen_writes_nothing(client: Client, hr: User, person: User) -> None:
    window = WindowFactory(number=7)
    facts = {"department": "tax", "position": "clerk", "window": 7, "starts_on": TODAY}
    page = post(client, "/people/20418/move/", **facts)
    assert "This will happen" in page
    assert "Window 7" in page
    assert not AuditEvent.objects.exists()
    assert Posting.objects.filter(window=window).count() == 0
    page = post(client, "/people/20418/move/", step="edit", **facts)
    assert "Show what happens" in page
    assert '<option value="7" selected>' in page
    assert "was moved" in post(client, "/people/20418/move/", step="do", **facts)
    assert person.postings.get(until=None).window == window


def test_shifts_at_the_old_window_are_told_of(client: Client, hr: User, person: User) -> None:
    facts = {"department": "tax", "position": "clerk", "window": WindowFactory(number=7).number, "starts_on": TODAY}
    assert "on the roster" not in post(client, "/people/20418/move/", **facts)
    ShiftFactory(person=person, window=WindowFactory(number=8), day=TODAY)
    assert "1 shift at another window stays on the roster" in post(client, "/people/20418/move/", **facts)


def test_what_the_service_refuses_stands_on_the_form(client: Client, hr: User, person: User) -> None:
    facts = {"department": "tax", "position": "clerk", "starts_on": TODAY + timedelta(days=1)}
    for step in ("", "do"):
        page = post(client, "/people/20418/move/", step=step, **facts)
        assert "The day lies ahead" in page
        assert "This will happen" not in page
    assert not AuditEvent.objects.exists()


def test_another_department_is_no_choice(client: Client, hr: User, person: User) -> None:
    DepartmentFactory(code="market")
    page = post(client, "/people/20418/move/", step="do", department="market", position="clerk", starts_on=TODAY)
    assert "market" not in page
    assert person.postings.count() == 1


def test_what_has_closed_is_no_choice(client: Client, hr: User, person: User) -> None:
    window = WindowFactory(number=7, until=TODAY - timedelta(days=1))
    PositionFactory(code="old", until=TODAY - timedelta(days=1))
    page = client.get("/people/20418/move/").content.decode()
    assert 'value="old"' not in page
    assert f">{window} " not in page


def test_somebody_is_taken_on(client: Client, hr: User, tax: Department) -> None:
    PositionFactory(code="clerk")
    facts = {
        "staff_number": "30911",
        "display_name": "欧阳静怡",
        "latin_name": "Ouyang Jingyi",
        "language": "zh-hans",
        "email": "",
        "department": "tax",
        "position": "clerk",
        "starts_on": TODAY,
    }
    assert "30911" in post(client, "/people/hire/", **facts)
    assert not User.objects.filter(staff_number="30911").exists()
    page = post(client, "/people/hire/", step="do", **facts)
    assert "is on record" in page
    hired = User.objects.found_by("oyjy").get()
    assert (hired.staff_number, hired.has_usable_password(), hired.department) == ("30911", False, tax)
    for wrong in ({}, {"staff_number": "a b"}, {"staff_number": "9", "display_name": "=1"}):
        assert "There is a problem" in post(client, "/people/hire/", step="do", **{**facts, **wrong})


def test_nothing_else_of_a_person_can_be_posted(client: Client, hr: User, person: User) -> None:
    facts = {"display_name": "李娜", "latin_name": "", "language": "en", "email": ""}
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "",
        "staff_number": "1",
        "password": "x",
        "groups": "1",
    }
    post(client, "/people/20418/change/", step="do", **facts, **more)
    after = User.objects.get(pk=person.pk)
    assert (after.is_superuser, after.is_active, after.staff_number) == (False, True, "20418")
    assert after.latin_name == ""


def test_a_loan_is_entered_shown_and_ended(client: Client, hr: User, person: User) -> None:
    section = SectionFactory(code="east")
    facts = {"section": "east", "starts_on": TODAY, "until": TODAY + timedelta(days=5)}
    assert "ends by itself" in post(client, "/people/20418/lend/", **facts)
    assert f"Lent to {section}" in post(client, "/people/20418/lend/", step="do", **facts)
    loan = person.postings.get(is_loan=True)
    assert "lent to" in client.get("/people/").content.decode()
    post(client, f"/people/20418/loans/{loan.pk}/end/", step="do", on=TODAY)
    assert not person.postings.filter(is_loan=True).exists()


def test_a_loan_of_somebody_else_is_none_of_this_person_s(client: Client, hr: User, person: User) -> None:
    other = PostingFactory(section=SectionFactory(), is_loan=True, until=TODAY)
    own = person.postings.get()
    for pk in (other.pk, own.pk):
        assert client.get(f"/people/20418/loans/{pk}/end/").status_code == 404


def test_leaving_and_coming_back(client: Client, hr: User, person: User) -> None:
    assert "can no longer sign in" in post(client, "/people/20418/leave/", last_day=TODAY)
    assert User.objects.get(pk=person.pk).is_active
    assert "has left" in post(client, "/people/20418/leave/", step="do", last_day=TODAY)
    assert not User.objects.get(pk=person.pk).is_active
    assert "has left already" in post(client, "/people/20418/leave/", last_day=TODAY)
    facts = {"department": "tax", "position": "clerk", "starts_on": TODAY}
    post(client, "/people/20418/return/", step="do", **facts)
    assert User.objects.get(pk=person.pk).is_active
    assert person.postings.get().until is None


# ---- roles


def roles_of(person: User) -> list[tuple[str, date | None]]:
    return list(person.role_grants.order_by("pk").values_list("role", "until"))


def test_a_role_is_given_and_ended(client: Client, hr: User, person: User) -> None:
    facts = {"role": "head", "department": "tax", "starts_on": TODAY}
    assert "over" in post(client, "/people/20418/roles/give/", **facts)
    assert roles_of(person) == []
    page = post(client, "/people/20418/roles/give/", step="do", **facts)
    grant = person.role_grants.get()
    assert f"/people/20418/roles/{grant.pk}/end/" in page
    post(client, f"/people/20418/roles/{grant.pk}/end/", step="do", on=TODAY + timedelta(days=7))
    assert roles_of(person) == [("head", TODAY + timedelta(days=6))]


@pytest.mark.parametrize("role", ["director", "auditor", "administrator", "teacher", "superuser"])
def test_no_role_above_one_s_own_nor_a_teacher_s(client: Client, hr: User, person: User, role: str) -> None:
    page = post(client, "/people/20418/roles/give/", step="do", role=role, department="tax", starts_on=TODAY)
    assert "There is a problem" in page
    assert roles_of(person) == []


def test_no_role_over_the_centre_a_section_or_another_department(client: Client, hr: User, person: User) -> None:
    SectionFactory(code="east")
    DepartmentFactory(code="market")
    for where in ({}, {"section": "east"}, {"department": "market"}):
        post(client, "/people/20418/roles/give/", step="do", role="head", starts_on=TODAY, **where)
        assert roles_of(person) == []


def test_hr_of_the_centre_appoints_the_head_of_a_section(client: Client, person: User) -> None:
    client.force_login(UserFactory(hr=True))
    section = SectionFactory(code="east")
    post(client, "/people/20418/roles/give/", step="do", role="head", section="east", starts_on=TODAY)
    grant = person.role_grants.get()
    assert (grant.section, grant.department) == (section, None)
    page = post(client, "/people/20418/roles/give/", step="do", role="clerk", section="east", starts_on=TODAY)
    assert "Only a head is over a section" in page


def test_nobody_changes_their_own_roles_nor_an_administrator_s(client: Client, tax: Department, hr: User) -> None:
    administrator = UserFactory(department=tax, administrator=True)
    User.objects.filter(pk=hr.pk).update(department=tax)
    hr_number, number = hr.staff_number, administrator.staff_number
    for path in (f"/people/{hr_number}/roles/", f"/people/{hr_number}/roles/give/"):
        assert client.get(path).status_code == 403
    for act in ("change", "move", "leave", "roles", "roles/give"):
        assert client.get(f"/people/{number}/{act}/").status_code == 403
        assert client.post(f"/people/{number}/{act}/", {"step": "do"}).status_code in (403, 405)
    grant = administrator.role_grants.get()
    assert client.post(f"/people/{number}/roles/{grant.pk}/end/", {"on": TODAY, "step": "do"}).status_code == 403
    assert RoleGrant.objects.get(pk=grant.pk).until is None


def test_a_role_of_another_reach_is_shown_and_not_ended(client: Client, hr: User, person: User) -> None:
    grant = RoleGrantFactory(person=person, role="director")
    page = client.get("/people/20418/roles/").content.decode()
    assert "Director" in page
    assert f"/roles/{grant.pk}/end/" not in page
    assert "You may not give" in post(client, f"/people/20418/roles/{grant.pk}/end/", step="do", on=TODAY)
    assert RoleGrant.objects.get(pk=grant.pk).until is None


def test_who_is_posted_here_and_belongs_elsewhere_is_seen_and_not_changed(
    client: Client, hr: User, tax: Department
) -> None:
    guest = UserFactory(staff_number="777")
    PostingFactory(person=guest, department=tax)
    assert client.get("/people/777/").status_code == 200
    assert client.get("/people/777/move/").status_code == 403
