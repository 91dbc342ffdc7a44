"""A minute after the exams of the factories began, in a centre."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.factories.assessments import NOW
from tests.factories.people import CentreFactory


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as traveller:
        CentreFactory()
        yield traveller
