"""A competency opened: until when each level lasts, what it rests on, and what would change it most."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.competencies import TargetFactory, evidence
from tests.factories.people import PostingFactory, UserFactory
from training.competencies import rules
from training.competencies.models import Proficiency
from training.competencies.queries.people import CellDetail, cell_detail

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)
CUTS = (-2.0, -0.7, 0.7, 2.0)


@pytest.fixture(autouse=True)
def still(time_machine: Any) -> None:
    time_machine.move_to("2026-11-01 04:00:00+00:00")


@pytest.fixture
def target() -> Any:
    return TargetFactory()


@pytest.fixture
def person(target: Any) -> Any:
    found = UserFactory()
    PostingFactory(person=found, position=target.position)
    return found


def seen(target: Any, person: Any, value: float, *, days_ago: int, kind: str, variance: float = 0.3) -> None:
    label = {"en": f"{kind} at {value}", "zh-hans": f"{kind} {value}"}
    on = TODAY - timedelta(days=days_ago)
    evidence(
        target.competency, value=value, variance=variance, observed_on=on, person=person, kind=kind, source_label=label
    )


def opened(target: Any, person: Any) -> CellDetail:
    return cell_detail(person=person, competency=target.competency, today=TODAY)


def page(client: Client, target: Any, person: Any) -> str:
    client.force_login(person)
    address = reverse("competencies:cell", args=[person.staff_number, target.competency.code])
    return " ".join(client.get(address).content.decode().split())


def test_every_level_held_has_its_day(client: Client, target: Any, person: Any) -> None:
    seen(target, person, 3.5, days_ago=1, kind="exam")
    row = Proficiency.objects.get(person=person)
    lasting = opened(target, person).lasting
    assert [level for level, _until in lasting] == list(range(opened(target, person).cell.held, 1, -1))
    assert len(lasting) >= 3
    for level, until in lasting:
        stored = getattr(row, f"held_until_{level}")
        assert until == (None if stored == rules.FOREVER else stored)
    days = [until or date.max for _level, until in lasting]
    assert days == sorted(days)
    assert page(client, target, person).count("until 2") >= 2


def test_the_result_named_as_needed_brings_the_next_level(client: Client, target: Any, person: Any) -> None:
    seen(target, person, 0.9, days_ago=40, kind="exam")
    seen(target, person, 0.6, days_ago=20, kind="observation", variance=0.55)
    before = opened(target, person)
    told = before.understanding
    assert told is not None
    first = told.prospects[0]
    assert first.kind == "exam"
    assert first.doubt < told.doubt
    assert first.needed is not None
    text = page(client, target, person)
    assert "What would change it most" in text
    assert f"A result of {first.needed:.2f} or better would bring level {before.next_level}." in text
    seen(target, person, first.needed + 0.001, days_ago=0, kind="exam")
    after = opened(target, person)
    assert after.cell.held == before.next_level
    assert after.understanding is not None
    assert after.understanding.doubt == pytest.approx(first.doubt, abs=1e-6)


def test_what_cannot_be_reached_at_once_is_not_promised(client: Client, target: Any, person: Any) -> None:
    for days_ago in (3, 2, 1):
        seen(target, person, -1.3, days_ago=days_ago, kind="exam", variance=0.05)
    told = opened(target, person).understanding
    assert told is not None
    assert [one.needed for one in told.prospects if one.kind == "observation"] == [None]


def test_the_piece_that_holds_it_up_is_named(client: Client, target: Any, person: Any) -> None:
    seen(target, person, 2.5, days_ago=30, kind="exam")
    assert "All of it rests on “exam at 2.5”." in page(client, target, person)
    seen(target, person, -0.5, days_ago=10, kind="observation", variance=0.55)
    told = opened(target, person).understanding
    assert told is not None
    assert told.mainstay is not None
    assert told.mainstay.evidence.kind == "exam"
    assert told.mainstay.mean is not None
    assert told.mainstay.mean < told.mean
    assert "Most of it rests on “exam at 2.5”" in page(client, target, person)


def test_observers_whose_severity_nobody_estimated_are_told_as_such(client: Client, target: Any, person: Any) -> None:
    seen(target, person, 1.0, days_ago=30, kind="exam")
    assert "equally strict" not in page(client, target, person)
    seen(target, person, 1.0, days_ago=10, kind="observation")
    assert "equally strict" in page(client, target, person)


def test_without_evidence_there_is_nothing_to_take_apart(client: Client, target: Any, person: Any) -> None:
    found = opened(target, person)
    assert (found.understanding, found.lasting) == (None, [])
    assert "What would change it most" not in page(client, target, person)
