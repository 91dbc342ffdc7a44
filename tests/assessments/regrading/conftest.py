"""Regrades tell people of the centre."""

import pytest

from tests.factories.people import CentreFactory


@pytest.fixture(autouse=True)
def _centre() -> None:
    CentreFactory()
