"""The staff list finds people by sound, filters and sorts by what is on record; a migration fills what was there."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(client: Client) -> User:
    CentreFactory()
    person = UserFactory(hr=True, display_name="人事", latin_name="", staff_number="hr")
    client.force_login(person)
    return person


def found(client: Client, **wanted: str) -> list[str]:
    page = client.get(reverse("people:staff"), wanted)
    return [person.display_name for person in page.context["page"].object_list]


@pytest.mark.parametrize("typed", ["zhangmin", "zhang min", "zm", "ZM", "zhāng mǐn", "敏", "min"])
def test_people_are_found_by_pinyin(client: Client, hr: User, typed: str) -> None:
    UserFactory(display_name="张敏", latin_name="")
    UserFactory(display_name="李娜", latin_name="")
    assert found(client, q=typed) == ["张敏"]


def test_a_wildcard_is_a_letter(client: Client, hr: User) -> None:
    UserFactory(display_name="张敏", latin_name="")
    assert found(client, q="%") == []
    assert found(client, q="_") == []


def test_the_migration_writes_down_how_names_on_record_sound() -> None:
    people = [UserFactory(display_name=name, latin_name="") for name in ("张敏", "王小红")]
    User.objects.update(search_key="")
    migration: Any = import_module("training.people.migrations.0005_fill_search_keys")
    migration.fill_search_keys(apps, SimpleNamespace(connection=connection))
    assert [User.objects.get(pk=person.pk).search_key for person in people] == [p.search_key for p in people]
    assert "wxh" in people[1].search_key


def test_filters_narrow_the_list(client: Client, hr: User) -> None:
    section, position = SectionFactory(code="east"), PositionFactory(code="clerk")
    chosen = UserFactory(display_name="甲", latin_name="")
    PostingFactory(person=chosen, section=section, position=position, starts_on=date(2026, 1, 1))
    RoleGrantFactory(person=chosen, role="examiner")
    other = UserFactory(display_name="乙", latin_name="")
    window = WindowFactory()
    PostingFactory(person=other, window=window, section=window.section)
    assert found(client, section="east") == ["甲"]
    assert found(client, position="clerk") == ["甲"]
    assert found(client, role="examiner") == ["甲"]
    assert found(client, since="2025-12-31") == ["甲"]
    assert set(found(client, window="none")) == {"甲", "人事"}


def test_what_cannot_be_read_filters_nothing(client: Client, hr: User) -> None:
    wanted = {
        "role": "superuser",
        "since": "yesterday",
        "section": "x",
        "sort": "password",
        "window": "9",
        "state": "y",
    }
    assert found(client, **wanted) == ["人事"]


def test_the_list_is_sorted_as_asked(client: Client, hr: User) -> None:
    departments = [DepartmentFactory(code=code) for code in ("a", "b")]
    UserFactory(display_name="张敏", latin_name="", staff_number="1", department=departments[0])
    UserFactory(display_name="李娜", latin_name="", staff_number="2", department=departments[1])
    User.objects.exclude(pk=hr.pk).filter(staff_number="2").update(date_joined="2030-01-01T00:00Z")
    hr.is_active = True
    assert found(client, window="none")[:2] == ["张敏", "李娜"]
    assert found(client, sort="name") == ["李娜", "人事", "张敏"]
    assert found(client, sort="new")[0] == "李娜"
    names = found(client, sort="department")
    assert names.index("张敏") < names.index("李娜")


def test_the_export_is_the_filtered_list_and_says_so(client: Client, hr: User) -> None:
    section = SectionFactory(code="east")
    PostingFactory(person=UserFactory(display_name="甲", staff_number="7"), section=section)
    UserFactory(display_name="乙")
    wanted = {"section": "east", "role": "", "window": "none"}
    answer = client.post(reverse("people:export", query=wanted))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["7"]
    after = AuditEvent.objects.get(action="people.staff_exported").after
    assert after == {
        "format": "csv",
        "words": "",
        "department": "",
        "state": "",
        "section": "east",
        "window": "none",
        "people": 1,
    }
