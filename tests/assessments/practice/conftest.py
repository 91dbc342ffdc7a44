"""Somebody who practises, at a clock that stands still."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.factories.assessments import NOW
from tests.factories.people import CentreFactory, UserFactory
from training.people.models import User


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> User:
    CentreFactory()
    return UserFactory()


@pytest.fixture
def learner(client: Client, person: User) -> Client:
    client.force_login(person)
    return client
