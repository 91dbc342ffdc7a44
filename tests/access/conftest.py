"""The world these tests walk through, on the day it is made for: one for each file, left by each test as it was."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.access.visits import browsers
from tests.access.world import World
from tests.factories.mentors import NOW


@pytest.fixture(scope="module")
def untouched(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False), django_db_blocker.unblock():
        patch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF drawn")
        with transaction.atomic():
            yield World()
            transaction.set_rollback(True)


@pytest.fixture
def world(untouched: World) -> Iterator[World]:
    with transaction.atomic():
        yield untouched
        transaction.set_rollback(True)


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return browsers(world)
