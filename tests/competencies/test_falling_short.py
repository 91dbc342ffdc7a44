"""The staff list narrowed by who is below the level their position asks for, and what is exported of it."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories.competencies import TargetFactory, evidence
from tests.factories.people import CentreFactory, PostingFactory, SectionFactory, UserFactory
from training.competencies.models import Target
from training.lib.tables import read_table
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def still(time_machine: Any) -> None:
    time_machine.move_to("2026-11-01 04:00:00+00:00")
    CentreFactory()


@pytest.fixture
def targets() -> list[Target]:
    """A position that asks for level 3 in four competencies."""
    first = TargetFactory(level=3)
    return [first, *(TargetFactory(level=3, position=first.position) for _number in range(3))]


def holding(targets: list[Target], number: int, name: str) -> User:
    """Post somebody who holds what is asked in the first `number` competencies and little in the others."""
    person = UserFactory(display_name=name)
    PostingFactory(person=person, position=targets[0].position)
    for place, target in enumerate(targets):
        value = 1.5 if place < number else -2.5
        evidence(target.competency, value=value, observed_on=TODAY - timedelta(days=1), person=person)
    return person


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("", {"all", "three", "one", "none", "unknown", "free"}),
        ("1", {"three", "one", "none", "unknown"}),
        ("3", {"one", "none", "unknown"}),
        ("5", set()),
        ("none", {"none", "unknown"}),
        ("anything else", {"all", "three", "one", "none", "unknown", "free"}),
    ],
)
def test_who_is_kept(client: Client, targets: list[Target], choice: str, kept: set[str]) -> None:
    for name, number in (("all", 4), ("three", 3), ("one", 1), ("none", 0)):
        holding(targets, number, name)
    PostingFactory(person=UserFactory(display_name="unknown"), position=targets[0].position)
    PostingFactory(person=UserFactory(display_name="free"))
    viewer = UserFactory(hr=True)
    client.force_login(viewer)
    page = client.get("/people/", {"gaps": choice})
    assert {person.display_name for person in page.context["page"]} - {viewer.display_name} == kept


def test_a_loan_is_not_counted_twice(client: Client, targets: list[Target]) -> None:
    person = holding(targets, 2, "lent")
    own = person.postings.get()
    PostingFactory(
        person=person, position=own.position, department=own.department, is_loan=True, section=SectionFactory(),
        starts_on=TODAY, until=TODAY,
    )  # fmt: skip
    client.force_login(UserFactory(hr=True))
    assert list(client.get("/people/", {"gaps": "1"}).context["page"]) == [person]
    assert not client.get("/people/", {"gaps": "3"}).context["page"].object_list


def test_targets_that_are_over_do_not_count(client: Client, targets: list[Target]) -> None:
    holding(targets, 3, "three")
    Target.objects.filter(pk=targets[3].pk).update(until=TODAY - timedelta(days=1))
    client.force_login(UserFactory(hr=True))
    assert not client.get("/people/", {"gaps": "1"}).context["page"].object_list


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_export_is_what_is_filtered(client: Client, targets: list[Target], ending: str) -> None:
    holding(targets, 4, "all")
    short = holding(targets, 1, "one")
    hr = UserFactory(hr=True)
    client.force_login(hr)
    response = client.post("/people/export/?gaps=3", {"format": ending})
    assert response.headers["Content-Disposition"] == f'attachment; filename="staff-2026-11-01.{ending}"'
    content = b"".join(response.streaming_content) if response.streaming else response.content
    table = read_table(io.BytesIO(content), name=f"staff.{ending}")
    assert [row.cells[0] for row in table.rows] == [short.staff_number]
    event = AuditEvent.objects.get(action="people.staff_exported")
    assert (event.after["gaps"], event.after["format"], event.after["people"]) == ("3", ending, 1)
