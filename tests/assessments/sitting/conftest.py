"""A candidate at a running exam, a minute after its start."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assessments.models import Attempt
from tests.factories.assessments import NOW, started
from tests.factories.people import CentreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def attempt() -> Attempt:
    CentreFactory()
    return started()


@pytest.fixture
def candidate(client: Client, attempt: Attempt) -> Client:
    client.force_login(attempt.person)
    return client
