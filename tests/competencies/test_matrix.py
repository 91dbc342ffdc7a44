"""The matrix: who is counted, what a cell says, who may look, and what leaves the house."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.competencies import TargetFactory, evidence
from tests.factories.people import DepartmentFactory, PostingFactory, UserFactory
from training.competencies.queries import people, rollup
from training.competencies.queries.asked import asked_on
from training.operations.models import AuditEvent
from training.people.models import Department, User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def still(time_machine: Any) -> None:
    time_machine.move_to("2026-11-01 04:00:00+00:00")


def clerk(target: Any, *, value: float | None, department: Department | None = None, **names: Any) -> User:
    """Post a clerk whose position has the target; with a value, evidence of yesterday for it."""
    person = UserFactory(**({"department": department} if department else {}), **names)
    PostingFactory(person=person, position=target.position)
    if value is not None:
        evidence(target.competency, value=value, observed_on=TODAY - timedelta(days=1), person=person)
    return person


def read_csv(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_a_roll_up_counts_who_holds_the_level_asked_for() -> None:
    target = TargetFactory(level=3)
    department = DepartmentFactory()
    clerk(target, value=1.5, department=department)
    clerk(target, value=-2.5, department=department)
    clerk(target, value=None, department=department)
    total, (row,) = rollup.rollup(
        departments=Department.objects.all(), competencies=[target.competency], asked=asked_on(TODAY), today=TODAY
    )
    assert (row.shares[0].held, row.shares[0].needed, row.gaps) == (1, 3, 2)
    assert row.shares[0].percent == 33
    assert total.people == 3


def test_departments_below_count_into_the_highest_seen() -> None:
    target = TargetFactory()
    top = DepartmentFactory()
    below = DepartmentFactory(parent=top)
    clerk(target, value=1.5, department=top)
    clerk(target, value=1.5, department=below)
    _total, rows = rollup.rollup(
        departments=Department.objects.all(), competencies=[target.competency], asked=asked_on(TODAY), today=TODAY
    )
    assert [(row.part, row.people) for row in rows] == [(top, 2)]


def test_people_who_left_or_are_suspended_do_not_count() -> None:
    target = TargetFactory()
    gone = clerk(target, value=1.5)
    gone.postings.update(until=TODAY - timedelta(days=1))
    suspended = clerk(target, value=1.5)
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    total, rows = rollup.rollup(
        departments=Department.objects.all(), competencies=[target.competency], asked=asked_on(TODAY), today=TODAY
    )
    assert (total.people, rows) == (0, [])
    assert total.shares[0].percent is None


def test_a_level_lapsed_by_age_is_a_gap() -> None:
    target = TargetFactory(level=4)
    clerk(target, value=1.5)
    shares = []
    for day in (TODAY, TODAY + timedelta(days=900)):
        total, _rows = rollup.rollup(
            departments=Department.objects.all(), competencies=[target.competency], asked=asked_on(day), today=day
        )
        shares.append(total.shares[0].held)
    assert shares == [1, 0]


@pytest.mark.parametrize(
    ("value", "text", "gap"), [(1.5, "4/3", 0), (0.4, "3/3", 0), (-1.3, "2/3", 1), (None, "?/3", 3)]
)
def test_a_cell_says_what_is_held_of_what_is_asked(value: float | None, text: str, gap: int) -> None:
    target = TargetFactory(level=3)
    person = clerk(target, value=value)
    (row,) = people.person_rows(
        person.postings.all(), competencies=[target.competency], asked=asked_on(TODAY), today=TODAY
    )
    assert (row.cells[0].text, row.cells[0].gap) == (text, gap)


def test_only_gaps_keeps_who_is_short(client: Client) -> None:
    target, department = TargetFactory(level=3), DepartmentFactory()
    clerk(target, value=1.5, department=department, display_name="达标")
    clerk(target, value=-2.5, department=department, display_name="不足")
    clerk(target, value=None, department=department, display_name="未知")
    client.force_login(UserFactory(hr=True))
    page = client.get(reverse("competencies:department", args=[department.code]), {"gaps": "on"}).content.decode()
    assert "不足" in page
    assert "未知" in page
    assert "达标" not in page


def test_a_head_sees_the_own_department_only(client: Client) -> None:
    target, own, other = TargetFactory(), DepartmentFactory(), DepartmentFactory()
    clerk(target, value=1.5, department=own)
    clerk(target, value=1.5, department=other, display_name="CANARY")
    client.force_login(UserFactory(head=True, head_grant__department=own))
    page = client.get(reverse("competencies:matrix"))
    assert [row.part for row in page.context["rows"]] == [own]
    assert page.context["total"].people == 1
    assert client.get(reverse("competencies:department", args=[other.code])).status_code == 404
    export = client.post(reverse("competencies:department_export", args=[other.code]))
    assert export.status_code == 404
    assert "CANARY" not in b"".join(client.post(reverse("competencies:matrix_export")).streaming_content).decode()


def test_another_persons_competencies_are_not_found(client: Client) -> None:
    target = TargetFactory()
    person = clerk(target, value=1.5)
    client.force_login(UserFactory())
    for name, args in (
        ("profile", [person.staff_number]),
        ("cell", [person.staff_number, target.competency.code]),
    ):
        assert client.get(reverse(f"competencies:{name}", args=args)).status_code == 404


def test_a_cell_opens_on_its_evidence(client: Client) -> None:
    target = TargetFactory()
    person = clerk(target, value=1.5)
    client.force_login(person)
    page = client.get(reverse("competencies:cell", args=[person.staff_number, target.competency.code]))
    (source,) = page.context["detail"].sources
    assert 0 < source.percent < 100
    assert page.context["detail"].chance > 80


def test_my_competencies_say_how_many_are_held(client: Client) -> None:
    target = TargetFactory()
    person = clerk(target, value=1.5)
    TargetFactory(position=target.position)
    client.force_login(person)
    page = client.get(reverse("competencies:mine"))
    assert (page.context["profile"].met, len(page.context["profile"].asked)) == (1, 2)


def test_the_export_is_what_the_screen_shows_and_is_written_down(client: Client) -> None:
    target, department = TargetFactory(level=3), DepartmentFactory()
    short = clerk(target, value=-2.5, department=department, display_name="=HYPERLINK(1)", staff_number="007")
    clerk(target, value=1.5, department=department)
    hr = UserFactory(hr=True)
    client.force_login(hr)
    address = reverse("competencies:department_export", args=[department.code])
    header, line = read_csv(client.post(f"{address}?gaps=on"))
    assert header[4] == str(target.competency)
    assert line[:2] == [short.staff_number, "'=HYPERLINK(1)"]
    assert line[4] == "1/3"
    event = AuditEvent.objects.get(action="competencies.exported")
    assert (event.actor_id, event.after["rows"]) == (hr.pk, 1)


@pytest.mark.parametrize("number", [1, 30])
def test_the_pages_ask_the_same_number_of_queries_for_any_number_of_people(
    client: Client, django_assert_max_num_queries: Any, number: int
) -> None:
    target, department = TargetFactory(), DepartmentFactory()
    for _person in range(number):
        clerk(target, value=0.5, department=department)
    client.force_login(UserFactory(hr=True))
    client.get(reverse("competencies:matrix"))
    with django_assert_max_num_queries(8):
        client.get(reverse("competencies:matrix"))
    with django_assert_max_num_queries(11):
        client.get(reverse("competencies:department", args=[department.code]))
