"""An empty installation, its assistant opened, and all its steps filled in."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.test.utils import override_settings

from cms import services
from tests.cms.first_run.typed import ACCOUNTS, CENTRE, DAYS, TREE, step


@pytest.fixture(autouse=True)
def first_run(db: None) -> Iterator[None]:
    with override_settings(FIRST_RUN=True, DEMO=False):
        yield


@pytest.fixture
def unlocked(client: Client) -> Client:
    answer = client.post("/setup/", {"code": services.setup_code()})
    assert answer.url == step("centre")
    return client


@pytest.fixture
def filled(unlocked: Client) -> Client:
    assert unlocked.post(step("centre"), CENTRE).url == step("calendar")
    assert unlocked.post(step("calendar"), DAYS).url == step("departments")
    assert unlocked.post(step("departments"), TREE).url == step("accounts")
    assert unlocked.post(step("accounts"), ACCOUNTS).url == step("summary")
    return unlocked
