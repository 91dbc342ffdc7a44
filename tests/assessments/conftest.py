"""What the tests of exams share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

TRANSACTION_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
WRITES = ("INSERT", "UPDATE", "DELETE")

Budget = Callable[..., AbstractContextManager[None]]


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
