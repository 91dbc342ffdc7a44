"""What every test shares: a migrated database of its own, a clean cache, and a real browser for the journeys."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoDbBlocker

from scripts.system_packages import BROWSERS
from tests.databases import OwnDatabase, own_database
from tests.factories.people import CentreFactory, UserFactory
from training.lib.texts import source_language
from training.people.models import User

# Rows and pages make many objects and few circles: looking for those less often takes an eighth off the tests.
gc.freeze()
gc.set_threshold(50_000, 20, 20)

# Playwright's synchronous API runs an event loop in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Tests run side by side: threads of one matrix product would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TRANSACTION_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
WRITES = ("INSERT", "UPDATE", "DELETE")
LONGEST = ("test_access.py", "test_demo.py")
Budget = Callable[..., AbstractContextManager[None]]

BROWSER_WORDS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="only the tests that use the database, and of them none that drives a browser: for a second database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = items[:]
    if config.getoption("--database-only"):
        chosen = [item for item in items if uses_database(item) and not item.get_closest_marker("journey")]
    if connection.vendor != "postgresql":
        chosen = [item for item in chosen if not item.get_closest_marker("postgresql")]
    # What takes longest goes first, or one process works on it at the end while the others have nothing to do.
    chosen.sort(key=lambda item: item.path.name not in LONGEST)
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen


def uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db", "world"} & set(fixtures))


@pytest.fixture(scope="session")
def database(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[OwnDatabase]:
    """A copy of one migrated database for each test process.

    Migrating takes half a minute, so it is done once for each state of the migrations (see tests/databases.py).
    After a test that commits (live server, transaction=True) Django would empty every table, Wagtail's root page and
    our own seed rows included; the database is restored from the migrated one instead.
    """
    with django_db_blocker.unblock():
        database = own_database(tmp_path_factory.getbasetemp(), worker_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: database.restore())
        yield database
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(database: OwnDatabase) -> None:
    """What pytest-django asks for before the first test that uses the database."""


@pytest.fixture(autouse=True)
def nothing_from_the_test_before() -> None:
    cache.clear()
    source_language.forget()
    translation.activate("en")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, with everything off that would talk to the outside."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, f"No browser on this machine, looked for {', '.join(BROWSERS)}."
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": program, "args": BROWSER_WORDS + as_root}


@pytest.fixture
def at_most() -> Budget:
    """Fail when a block asks the database more often than allowed; transaction control does not count.

    `writes` alone may be limited too.
    """

    @contextmanager
    def budget(statements: int, *, writes: int | None = None) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        asked = [query["sql"] for query in captured if not query["sql"].startswith(TRANSACTION_CONTROL)]
        listed = "\n".join(sql[:160] for sql in asked)
        assert len(asked) <= statements, f"{len(asked)} statements, {statements} allowed:\n{listed}"
        written = [sql for sql in asked if sql.startswith(WRITES)]
        assert writes is None or len(written) <= writes, f"{len(written)} writes, {writes} allowed:\n{listed}"

    return budget


@pytest.fixture
def wednesday(db: None) -> Iterator[date]:
    """A centre on the morning of an ordinary Wednesday, at which the clock stands still."""
    CentreFactory()
    with time_machine.travel("2026-11-25T02:00:00Z", tick=False):
        yield date(2026, 11, 25)


@pytest.fixture
def centre_hr(client: Client) -> User:
    """HR of the whole centre, signed in."""
    person = UserFactory(hr=True)
    client.force_login(person)
    return person
