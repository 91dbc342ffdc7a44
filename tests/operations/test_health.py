"""Whether the platform is ready, for whatever watches it: by status for everybody, by check for who looks after it."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.factories.operations import NOW, JobFactory, ProcessFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
CHECKS = ["database", "migrations", "worker", "tick", "disk"]


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> object:
    settings.DISK_FREE_LIMIT_MB = 0
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alive() -> None:
    ProcessFactory()
    ProcessFactory(kind="tick")


def asked(client: Client | None = None, **headers: str) -> tuple[int, dict[str, object]]:
    answer = (client or Client()).get("/readyz", headers=headers)
    assert "no-store" in answer["Cache-Control"]
    return answer.status_code, json.loads(answer.content)


def failing() -> list[str]:
    status, answer = asked()
    wrong = [name for name, check in answer["checks"].items() if not check["ok"]]
    assert (status, answer["ready"]) == ((503, False) if wrong else (200, True))
    return wrong


def test_it_is_ready_when_every_check_is_well(alive: None) -> None:
    status, answer = asked()
    assert status == 200
    assert list(answer["checks"]) == CHECKS
    assert failing() == []


def test_without_worker_and_tick_it_is_not_ready() -> None:
    assert failing() == ["worker", "tick"]


def test_a_worker_that_fell_silent_is_noticed_though_nothing_waits(alive: None) -> None:
    with time_machine.travel(NOW + timedelta(seconds=59), tick=False):
        assert failing() == []
    ProcessFactory(kind="tick", seen_at=NOW + timedelta(minutes=2))
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        assert failing() == ["worker"]


def test_one_living_worker_is_enough(alive: None) -> None:
    ProcessFactory(seen_at=NOW - timedelta(hours=1))
    assert failing() == []


def test_a_migration_that_is_not_applied_is_noticed(alive: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="operations").order_by("-name").first().delete()
    assert failing() == ["migrations"]


def test_a_disk_that_is_nearly_full_is_noticed(alive: None, settings: Settings) -> None:
    settings.DISK_FREE_LIMIT_MB = 10**9
    assert failing() == ["disk"]


def test_a_folder_that_cannot_be_read_is_not_well(alive: None, settings: Settings) -> None:
    settings.VAR_DIR = "/no/such/folder"
    assert failing() == ["disk"]


def test_a_database_that_does_not_answer_is_told_and_no_error() -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("secret host")):
        assert failing() == CHECKS[:4]
        assert "secret" not in json.dumps(asked())
        assert asked(**{"X-Forwarded-For": "203.0.113.9"}) == (503, {"ready": False})


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_through_a_proxy_strangers_learn_no_more_than_yes_or_no(alive: None, header: str) -> None:
    assert asked(**{header: "127.0.0.1"}) == (200, {"ready": True})


def test_from_elsewhere_only_an_administrator_learns_more(alive: None) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    for role, told in (("administrator", True), ("hr", False)):
        client = Client()
        client.force_login(UserFactory(**{role: True}))
        assert ("checks" in asked(client, **elsewhere)[1]) == told
    assert Client(REMOTE_ADDR="203.0.113.9").get("/readyz").json() == {"ready": True}
    assert Client(REMOTE_ADDR="").get("/readyz").json() == {"ready": True}


def test_the_work_does_not_grow_with_what_the_platform_holds(alive: None) -> None:
    asked()
    with CaptureQueriesContext(connection) as few:
        asked()
    JobFactory.create_batch(20)
    ProcessFactory.create_batch(20)
    with CaptureQueriesContext(connection) as many:
        asked()
    assert len(many) == len(few) <= 3


def test_that_it_lives_is_answered_without_the_database() -> None:
    with CaptureQueriesContext(connection) as none:
        assert Client().get("/healthz").content == b"ok\n"
    assert len(none) == 0
