"""What the tests of coaching share: the centre, and a clock that stands still."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from mentors.models import Mentorship
from tests.factories.mentors import NOW, MentorshipFactory
from tests.factories.people import CentreFactory
from tests.mentors.screens import visitor


@pytest.fixture(autouse=True)
def centre(db: None) -> None:
    CentreFactory()


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mentorship() -> Mentorship:
    return MentorshipFactory()


@pytest.fixture
def teacher(mentorship: Mentorship) -> Client:
    return visitor(mentorship.teacher.person)


@pytest.fixture
def mentee(mentorship: Mentorship) -> Client:
    return visitor(mentorship.mentee)
