"""The staff list, its export, one person, oneself, the language."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import (
    AccessFactory,
    CentreFactory,
    DepartmentFactory,
    PostingFactory,
    UserFactory,
    WindowFactory,
)
from training.lib.tables import read_table
from training.operations.models import AuditEvent
from training.people.models import Department, User
from training.people.services import import_staff, leave

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()


@pytest.fixture
def tax() -> Department:
    return DepartmentFactory(code="tax", name={"en": "Tax", "zh-hans": "税务"})


@pytest.fixture
def hr(client: Client, tax: Department) -> User:
    """HR of the tax department, signed in."""
    hr = UserFactory(hr=True, hr_grant__department=tax, display_name="人事", latin_name="Ren Shi")
    client.force_login(hr)
    return hr


def listed(page: HttpResponse) -> list[str]:
    return [person.display_name for person in page.context["page"].object_list]


def exported(client: Client, **wanted: str) -> list[list[str]]:
    address = reverse("people:export", query=wanted)
    content = b"".join(client.post(address).streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def without_secrets(page: HttpResponse) -> str:
    """The page without what is new on each request: the nonce and the tokens of forms."""
    return re.sub(r'(nonce|value)="[^"]*"', "", page.content.decode())


def staff(department: Department, name: str, **facts: Any) -> User:
    return UserFactory(department=department, display_name=name, posted=True, **facts)


# ---- the list


def test_the_list_shows_one_s_own_departments_alone(client: Client, hr: User, tax: Department) -> None:
    staff(tax, "李娜")
    staff(DepartmentFactory(), "CANARY", latin_name="Canary Bird")
    page = client.get(reverse("people:staff"))
    assert listed(page) == ["李娜"]
    assert "Canary" not in page.content.decode()
    assert "1 person" in page.content.decode()


@pytest.mark.parametrize("words", ["李", "li na", "NA", "2041"])
def test_people_are_found_by_name_or_number(client: Client, hr: User, tax: Department, words: str) -> None:
    staff(tax, "李娜", latin_name="Li Na", staff_number="20418")
    staff(tax, "王芳", latin_name="Wang Fan", staff_number="30000")
    assert listed(client.get(reverse("people:staff"), {"q": words})) == ["李娜"]


def test_a_department_counts_with_those_below_and_those_posted_there(client: Client) -> None:
    top = DepartmentFactory(code="top")
    staff(DepartmentFactory(parent=top), "below", staff_number="1")
    PostingFactory(person=UserFactory(display_name="posted", staff_number="2"), department=top)
    staff(DepartmentFactory(), "elsewhere")
    client.force_login(UserFactory(administrator=True))
    assert listed(client.get(reverse("people:staff"), {"department": "top"})) == ["below", "posted"]


def test_a_department_outside_the_scope_filters_nothing_and_shows_nothing(
    client: Client, hr: User, tax: Department
) -> None:
    staff(tax, "李娜")
    staff(DepartmentFactory(code="market"), "王芳")
    assert listed(client.get(reverse("people:staff"), {"department": "market"})) == ["李娜"]


def test_those_who_left_are_listed_when_asked_for(client: Client, hr: User, tax: Department) -> None:
    staff(tax, "here", staff_number="1")
    staff(tax, "gone", staff_number="2", suspended=True)
    names = [listed(client.get(reverse("people:staff"), {"state": state})) for state in ("", "left", "all", "x")]
    assert names == [["here"], ["gone"], ["here", "gone"], ["here"]]


def test_pages_of_fifty_keep_the_filter(client: Client, hr: User, tax: Department) -> None:
    UserFactory.create_batch(51, department=tax)
    page = client.get(reverse("people:staff"), {"q": "员工", "page": "2"})
    assert len(page.context["page"].object_list) == 1
    assert "q=%E5%91%98%E5%B7%A5&amp;page=1" in page.content.decode()
    assert "51 people" in page.content.decode()


def test_nobody_found_says_what_to_do(client: Client, hr: User) -> None:
    assert "Nobody fits this filter" in client.get(reverse("people:staff"), {"q": "zz"}).content.decode()


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "reviewer", "examiner", "invigilator", "marker"])
def test_the_list_is_not_for_everybody(client: Client, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    assert client.get(reverse("people:staff")).status_code == 403
    assert client.post(reverse("people:export")).status_code == 403


@pytest.mark.parametrize("name", ["people:staff", "people:export"])
def test_as_many_queries_for_a_hundred_as_for_one(client: Client, hr: User, tax: Department, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            if name == "people:export":
                exported(client)
            else:
                client.get(reverse(name))
        return len(captured)

    window = WindowFactory()
    PostingFactory(person=UserFactory(department=tax, editor=True), window=window, section=window.section)
    queries()
    for_one = queries()
    for person in UserFactory.create_batch(49, department=tax, examiner=True):
        PostingFactory(person=person, window=window, section=window.section)
    assert queries() == for_one


# ---- the export


def test_the_export_is_the_list_on_screen(client: Client, hr: User, tax: Department) -> None:
    staff(tax, "李娜", staff_number="1")
    staff(tax, "李雷", staff_number="2")
    staff(tax, "王芳", staff_number="3")
    staff(DepartmentFactory(), "李外")
    header, *rows = exported(client, q="李")
    assert header[:2] == ["Staff number", "Name"]
    assert [row[1] for row in rows] == ["李娜", "李雷"]


def test_an_export_leaves_a_trace(client: Client, hr: User, tax: Department) -> None:
    staff(tax, "李娜")
    exported(client, q="李", department="tax")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("people.staff_exported", hr.pk)
    assert event.after == {"words": "李", "department": "tax", "state": "", "format": "csv", "people": 1}


def test_nothing_in_the_export_runs(client: Client, hr: User, tax: Department) -> None:
    # Import and forms refuse such names; rows that came another way must do no harm either.
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"):
        staff(tax, name)
    _header, *rows = exported(client)
    assert [row[1][0] for row in rows] == ["'"] * 7


def test_an_export_can_be_imported_and_changes_nothing(client: Client, hr: User, tax: Department) -> None:
    window = WindowFactory()
    person = UserFactory(department=tax, staff_number="0012", teacher=True, editor=True, email="a@example.org")
    PostingFactory(person=person, window=window, section=window.section, starts_on=date(2024, 3, 1))
    content = b"".join(client.post(reverse("people:export")).streaming_content)
    table = read_table(io.BytesIO(content), name="export.csv")
    report = import_staff(table=table, by=hr, at=timezone.now(), dry_run=True)
    assert (report.faults, report.unchanged, report.changes) == ((), 1, ())


# ---- one person


def test_a_person_shows_postings_and_roles(client: Client, hr: User, tax: Department) -> None:
    person = staff(tax, "李娜", latin_name="Li Na", staff_number="20418", examiner=True)
    page = client.get(reverse("cms:person", args=["20418"])).content.decode()
    assert "李娜" in page
    assert "Li Na" in page
    assert str(person.postings.get().position) in page
    assert "Examiner" in page


def test_a_person_outside_the_scope_is_as_unknown_as_nobody(client: Client, hr: User) -> None:
    UserFactory(staff_number="30001", display_name="CANARY")
    outside = client.get("/people/30001/")
    nobody = client.get("/people/30002/")
    assert (outside.status_code, nobody.status_code) == (404, 404)
    assert without_secrets(outside).replace("30001", "30002") == without_secrets(nobody)


def test_who_is_named_in_an_access_row_may_look(client: Client) -> None:
    access = AccessFactory()
    client.force_login(access.viewer)
    address = reverse("cms:person", args=[access.subject.staff_number])
    assert client.get(address).status_code == 200
    client.force_login(access.subject)
    assert client.get(reverse("cms:person", args=[access.viewer.staff_number])).status_code == 404


def test_markup_in_a_name_is_text(client: Client, hr: User, tax: Department) -> None:
    staff(tax, "<img src=x onerror=alert(1)>", staff_number="20418")
    for address in (reverse("people:staff"), reverse("cms:person", args=["20418"])):
        assert "<img src=x" not in client.get(address).content.decode()


# ---- oneself


def test_my_profile_is_mine(client: Client) -> None:
    person = UserFactory(staff_number="20418", display_name="李娜", posted=True, head=True)
    client.force_login(person)
    page = client.get(reverse("people:me")).content.decode()
    assert "李娜" in page
    assert "20418" in page
    assert "Head" in page
    assert 'lang="zh-Hans" aria-pressed="false"' in page


def test_the_chosen_language_is_kept_with_the_person(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    answer = client.post(reverse("people:language"), {"language": "zh-hans", "next": "/people/me/?a=1"})
    assert answer.url == "/people/me/?a=1"
    assert User.objects.get(pk=person.pk).language == "zh-hans"
    assert '<html lang="zh-hans"' in client.get(reverse("people:me")).content.decode()


def test_a_device_s_language_gives_way_to_the_person_s(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert '<html lang="zh-hans"' in client.get(reverse("account_login")).content.decode()
    client.force_login(UserFactory(language="en"))
    assert '<html lang="en"' in client.get(reverse("people:me")).content.decode()


def test_the_language_before_login_is_the_device_s(client: Client) -> None:
    answer = client.post(reverse("people:language"), {"language": "zh-hans", "next": "/accounts/login/"})
    assert answer.url == "/accounts/login/"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "javascript:alert(1)", "\\\\evil", ""])
def test_the_way_back_stays_in_the_house(client: Client, target: str) -> None:
    assert client.post(reverse("people:language"), {"language": "en", "next": target}).url == "/"


def test_an_unknown_language_is_no_choice(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    client.post(reverse("people:language"), {"language": "xx"})
    assert User.objects.get(pk=person.pk).language == "en"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_nothing_else_of_a_person_can_be_posted(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    facts = {"language": "zh-hans", "is_superuser": "on", "is_staff": "on", "groups": "1", "department": "1"}
    client.post(reverse("people:language"), facts)
    after = User.objects.get(pk=person.pk)
    assert (after.is_superuser, after.groups.count(), after.department) == (False, 0, person.department)


@pytest.mark.parametrize("name", ["people:language", "people:export"])
def test_a_change_needs_post_and_a_token(name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(hr=True))
    assert client.get(reverse(name)).status_code == 405
    assert client.post(reverse(name)).status_code == 403


def test_leaving_ends_the_session_with_the_next_request(client: Client) -> None:
    person = UserFactory(hr=True)
    client.force_login(person)
    assert client.get(reverse("people:staff")).status_code == 200
    leave(person=person, last_day=timezone.localdate(), by="tests", at=timezone.now())
    answer = client.get(reverse("people:staff"))
    assert answer.url.startswith(reverse("account_login"))
