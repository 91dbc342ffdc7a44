"""The lines of the operators' guide as they stand there: a backup while the platform writes, restored elsewhere."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect as sqlite
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

from tests.factories.people import PostingFactory
from tests.operations.trail import sealed, write
from training.operations.models import AuditEvent
from training.people.models import Department

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = settings.BASE_DIR / "docs" / "for-operators.md"
RESTORED = "training_restored"
EVENTS = AuditEvent._meta.db_table
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Server:
    """Where a server keeps its files, and the variables it runs with."""

    var: Path
    backup: Path

    def run(self, lines: list[str]) -> str:
        """Run lines of the guide in a shell that stops at the first failure; return what they print."""
        script = "\n".join(lines).replace(".venv/bin/python", sys.executable)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training.settings.dev",
            "VAR_DIR": str(self.var),
            "BACKUP": str(self.backup),
            "DATABASE_URL": address(self.var),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def address(var: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{var / 'training.sqlite3'}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"


def lines_of(number: int) -> list[str]:
    """Return the lines of a block under "Back up" that are for the database of this run."""
    chapter = GUIDE.read_text("utf-8").partition("## Back up\n")[2].partition("\n## ")[0]
    block = re.findall(r"```\n(.*?)```", chapter, re.DOTALL)[number]
    others = {name for vendor, name in NAMES.items() if vendor != connection.vendor}
    return [line for line in block.splitlines() if line.rpartition("# ")[2].strip() not in others]


@pytest.fixture
def live(tmp_path: Path) -> Server:
    """A server with people, a sealed trail and a private file."""
    PostingFactory.create_batch(20)
    sealed(3, 2)
    server = Server(tmp_path / "live", tmp_path / "backup")
    (server.var / "private").mkdir(parents=True)
    server.backup.mkdir()
    (server.var / "private" / "certificate.pdf").write_bytes(b"%PDF")
    if connection.vendor == "sqlite":
        (server.var / "training.sqlite3").symlink_to(connection.settings_dict["NAME"])
    return server


@pytest.fixture
def spare(live: Server, tmp_path: Path) -> Iterator[Server]:
    """Another machine, to which nothing but the backup was taken."""
    yield Server(tmp_path / "spare", live.backup)
    if connection.vendor == "postgresql":
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


@contextmanager
def being_written() -> Iterator[None]:
    """Keep recording events, as a platform in use does."""
    stop, begun = threading.Event(), threading.Event()
    subject = Department.objects.order_by("pk").first()

    def work() -> None:
        while not stop.is_set():
            write(1, subject=subject)
            begun.set()
            stop.wait(0.02)
        connections.close_all()

    writer = threading.Thread(target=work)
    writer.start()
    assert begun.wait(20)
    try:
        yield
    finally:
        stop.set()
        writer.join()


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if model._meta.managed)


def counts(run: Any) -> dict[str, int]:
    """Return the rows of each table; `run` answers a statement."""
    return {table: run(f'SELECT count(*) FROM "{table}"') for table in tables()}  # noqa: S608  # names of our own tables


def counted_here() -> dict[str, int]:
    def run(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

    return counts(run)


def counted_there(spare: Server) -> dict[str, int]:
    if connection.vendor == "postgresql":
        with psycopg.connect(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{RESTORED}") as restored:
            return counts(lambda statement: restored.execute(statement).fetchone()[0])
    with closing(sqlite(spare.var / "training.sqlite3")) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert restored.execute("PRAGMA foreign_key_check").fetchall() == []
        return counts(lambda statement: restored.execute(statement).fetchone()[0])


def test_a_backup_made_under_load_is_restored_whole(live: Server, spare: Server) -> None:
    before = counted_here()
    with being_written():
        live.run(lines_of(0))
    after = counted_here()

    told = spare.run(lines_of(1))

    assert "The audit trail verifies." in told
    there = counted_there(spare)
    assert before.pop(EVENTS) < there.pop(EVENTS) <= after.pop(EVENTS)
    assert there == before == after
    assert (spare.var / "private" / "certificate.pdf").read_bytes() == b"%PDF"
