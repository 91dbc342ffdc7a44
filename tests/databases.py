"""A test process's own copy of one migrated database, on SQLite and on PostgreSQL.

`manage.py migrate` makes the original, for real and once for each state of the migrations (on PostgreSQL once for each
server, which `make test` starts anew each time). `restore()` brings a copy back to the original's state; `kept_as()`
makes a second original of what the copy holds now.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

from scripts.fingerprint import of_migrations


class OwnDatabase(Protocol):
    def restore(self) -> None: ...

    def kept_as(self, name: str) -> "OwnDatabase":
        """The same copy with another original: what it holds now, to which `restore()` brings it back."""

    def drop(self) -> None: ...


def own_database(folder: Path, process: str) -> OwnDatabase:
    """A copy that Django is connected to from now on. `process` tells this test process from its siblings."""
    with one_process_at_a_time():
        if connection.vendor == "sqlite":
            return SQLiteCopy.create(folder / f"{process}.sqlite3")
        return PostgreSQLCopy.create(f"test_{process}")


@dataclass(frozen=True)
class SQLiteCopy:
    original: Path
    copy: Path

    @classmethod
    def create(cls, copy: Path) -> "SQLiteCopy":
        original = originals() / f"{of_migrations()}.sqlite3"
        if not original.exists():
            for outdated in originals().glob("*.sqlite3*"):
                outdated.unlink()
            unfinished = original.with_suffix(".unfinished.sqlite3")
            migrate(f"sqlite:///{unfinished}")
            unfinished.replace(original)
        shutil.copyfile(original, copy)
        connect_to(str(copy))
        return cls(original, copy)

    def restore(self) -> None:
        """Page by page through SQLite itself, so that connections which other threads hold stay valid."""
        connection.close()
        with closing(sqlite3.connect(self.original)) as original, closing(sqlite3.connect(self.copy)) as copy:
            original.backup(copy)

    def kept_as(self, name: str) -> "SQLiteCopy":
        kept = self.copy.with_name(f"{self.copy.stem}-{name}.sqlite3")
        SQLiteCopy(original=self.copy, copy=kept).restore()
        return SQLiteCopy(original=kept, copy=self.copy)

    def drop(self) -> None:
        connection.close()
        self.copy.unlink()


@dataclass(frozen=True)
class PostgreSQLCopy:
    original: str
    copy: str

    @classmethod
    def create(cls, copy: str) -> "PostgreSQLCopy":
        database = cls(f"migrated_{of_migrations()[:16]}", copy)
        database.make_original()
        database.restore()
        return database

    def make_original(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as server:
            made = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.original]).fetchone()
        if not made:
            unfinished = f"{self.original}_unfinished"
            on_server("DROP DATABASE IF EXISTS {}", unfinished)
            on_server("CREATE DATABASE {}", unfinished)
            migrate(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{unfinished}")
            on_server("ALTER DATABASE {} RENAME TO {}", unfinished, self.original)

    def restore(self) -> None:
        self.drop()
        on_server("CREATE DATABASE {} TEMPLATE {}", self.copy, self.original)
        connect_to(self.copy)

    def kept_as(self, name: str) -> "PostgreSQLCopy":
        kept = PostgreSQLCopy(original=f"{self.copy}_{name}", copy=self.copy)
        connection.close()
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", kept.original)
        on_server("CREATE DATABASE {} TEMPLATE {}", kept.original, self.copy)
        return kept

    def drop(self) -> None:
        connection.close()
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.copy)


def on_server(statement: LiteralString, *databases: str) -> None:
    """Not through Django, whose connection is one to the database in question."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(SQL(statement).format(*map(Identifier, databases)))


def connect_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def migrate(address: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "DATABASE_URL": address}
    manage = [sys.executable, settings.BASE_DIR / "manage.py"]
    subprocess.run([*manage, "migrate", "--skip-checks", "--verbosity=0"], env=environment, check=True)


def originals() -> Path:
    folder = settings.VAR_DIR / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def one_process_at_a_time() -> Iterator[None]:
    with (originals() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
