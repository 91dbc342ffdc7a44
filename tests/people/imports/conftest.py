"""A department, its HR officer at the screens of imports, and a storage that is empty."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    UserFactory,
    WindowFactory,
)
from training.people.models import Department, User


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    settings.STORAGES = dict(settings.STORAGES)  # makes Django build them anew, empty


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()
    DepartmentFactory(code="tax")
    DepartmentFactory(code="market")
    PositionFactory(code="clerk")
    WindowFactory(number=7)


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True, hr_grant__department=Department.objects.get(code="tax"))


@pytest.fixture
def screen(client: Client, hr: User) -> Client:
    client.force_login(hr)
    return client
