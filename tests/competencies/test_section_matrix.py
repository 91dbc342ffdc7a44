"""The matrix of a hall section: its head sees who stands there, from any department, and nobody else."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.competencies import TargetFactory, evidence
from tests.factories.people import PostingFactory, RoleGrantFactory, SectionFactory, UserFactory
from training.competencies.models import Target
from training.operations.models import AuditEvent
from training.people.models import Section, User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def still(time_machine: Any) -> None:
    time_machine.move_to("2026-11-01 04:00:00+00:00")


@pytest.fixture
def target() -> Target:
    return TargetFactory(level=3)


@pytest.fixture
def section() -> Section:
    return SectionFactory(code="east")


@pytest.fixture
def head(client: Client, section: Section) -> Client:
    person = UserFactory()
    RoleGrantFactory(person=person, role="head", section=section)
    client.force_login(person)
    return client


def standing(target: Target, section: Section, *, value: float | None = None, loan: bool = False, name: str) -> User:
    """Post somebody to the section, or lend them there, in a position that asks for the target."""
    person = UserFactory(display_name=name)
    PostingFactory(person=person, position=target.position, section=SectionFactory() if loan else section)
    if loan:
        last = TODAY + timedelta(days=3)
        PostingFactory(
            person=person, position=target.position, section=section, is_loan=True, starts_on=TODAY, until=last
        )
    if value is not None:
        evidence(target.competency, value=value, observed_on=TODAY - timedelta(days=1), person=person)
    return person


def address(name: str, section: Section) -> str:
    return reverse(f"competencies:{name}", args=[section.code])


def lines_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_roll_up_has_a_row_for_the_section_alone(head: Client, section: Section, target: Target) -> None:
    standing(target, section, value=1.5, name="甲")
    standing(target, section, loan=True, name="乙")
    standing(target, SectionFactory(), value=1.5, name="CANARY")
    page = head.get(reverse("competencies:matrix"))
    (row,) = page.context["sections"]
    assert (row.part, row.people, row.gaps) == (section, 2, 1)
    assert (row.shares[0].held, row.shares[0].needed) == (1, 2)
    assert page.context["rows"] == []
    assert page.context["total"].people == 0
    assert "Whole centre" not in page.content.decode()
    assert lines_of(head.post(reverse("competencies:matrix_export")))[1:] == [[str(section), "2", "1/2"]]


def test_the_people_are_those_posted_and_those_lent(head: Client, section: Section, target: Target) -> None:
    here, lent = standing(target, section, value=1.5, name="甲"), standing(target, section, loan=True, name="乙")
    standing(target, SectionFactory(), value=1.5, name="CANARY")
    gone = standing(target, section, value=1.5, name="CANARY")
    gone.postings.update(until=TODAY - timedelta(days=1))
    page = head.get(address("section", section))
    assert {row.person for row in page.context["rows"]} == {here, lent}
    assert (page.context["total"].people, page.context["total"].gaps) == (2, 1)
    assert "CANARY" not in page.content.decode()
    exported = lines_of(head.post(address("section_export", section)))
    assert {line[0] for line in exported[1:]} == {here.staff_number, lent.staff_number}
    assert AuditEvent.objects.get(action="competencies.exported").after == {"what": "matrix/east", "rows": 2}


def test_filters_narrow_the_page_and_the_export_alike(head: Client, section: Section, target: Target) -> None:
    standing(target, section, value=1.5, name="甲")
    short = standing(target, section, name="乙")
    PostingFactory(section=section)
    for query in ({"gaps": "on"}, {"gaps": "on", "position": target.position.pk}):
        page = head.get(address("section", section), query)
        assert [row.person for row in page.context["rows"]] == [short]
        assert page.context["page"].paginator.count == 1
    page = head.get(address("section", section), {"position": target.position.pk})
    assert page.context["page"].paginator.count == len(page.context["rows"]) == 2
    export = head.post(f"{address('section_export', section)}?gaps=on")
    assert [line[0] for line in lines_of(export)[1:]] == [short.staff_number]


def test_another_section_is_not_found(head: Client, target: Target) -> None:
    other = SectionFactory(code="west")
    standing(target, other, name="CANARY")
    assert head.get(address("section", other)).status_code == 404
    assert head.post(address("section_export", other)).status_code == 404


def test_the_departments_people_come_from_stay_closed(head: Client, section: Section, target: Target) -> None:
    person = standing(target, section, name="甲")
    assert head.get(reverse("competencies:department", args=[person.department.code])).status_code == 404
    assert head.post(reverse("competencies:department_export", args=[person.department.code])).status_code == 404


def test_a_department_head_opens_no_section(client: Client, section: Section, target: Target) -> None:
    person = standing(target, section, name="甲")
    client.force_login(UserFactory(head=True, head_grant__department=person.department))
    assert client.get(address("section", section)).status_code == 404
    assert client.get(reverse("competencies:matrix")).context["sections"] == []


def test_the_whole_centre_reads_any_section(client: Client, section: Section, target: Target) -> None:
    person = standing(target, section, name="甲")
    client.force_login(UserFactory(director=True))
    (row,) = client.get(address("section", section)).context["rows"]
    assert row.person == person


def test_a_section_where_nobody_stands_says_so(head: Client, section: Section) -> None:
    assert "Nobody matches" in head.get(address("section", section)).content.decode()
