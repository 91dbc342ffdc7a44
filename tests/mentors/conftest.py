"""What the tests of coaching share: the centre, and a clock that stands still."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.mentors import NOW
from tests.factories.people import CentreFactory


@pytest.fixture(autouse=True)
def centre(db: None) -> None:
    CentreFactory()


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
