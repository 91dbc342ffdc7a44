"""The tests' own ground: a migrated database, and what a committing test leaves behind is gone."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page, Site

from tests.databases import OwnDatabase


@pytest.mark.django_db
def test_every_migration_is_applied() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert {model._meta.db_table for model in apps.get_models()} <= set(connection.introspection.table_names())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_committed_row_is_gone_and_what_migrations_wrote_is_there(turn: str) -> None:
    assert not Group.objects.filter(name="left behind").exists()
    assert Page.objects.filter(depth=1).exists()
    assert Site.objects.exists()
    assert Permission.objects.exists()
    assert ContentType.objects.get_for_model(Page).pk == ContentType.objects.get(model="page").pk

    Group.objects.create(name="left behind")
    Page.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_what_the_copy_holds_can_be_kept_and_come_back(database: OwnDatabase) -> None:
    Group.objects.create(name="kept")
    kept = database.kept_as("kept")
    Group.objects.create(name="after")

    kept.restore()

    assert set(Group.objects.filter(name__in=["kept", "after"]).values_list("name", flat=True)) == {"kept"}
    database.restore()
    assert not Group.objects.filter(name="kept").exists()


def test_sqlite_of_a_real_centre_waits_for_the_disk_and_lets_readers_through(tmp_path: Path) -> None:
    """What exams with two hundred candidates rest on, and that an answer acknowledged outlives a power failure."""
    centre = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "x", "PUBLIC_URL": "https://x", "DATABASE_URL": "sqlite:///x"}
    ask = "import json, training.settings.production as p; print(json.dumps(p.DATABASES['default']['OPTIONS']))"
    command = [sys.executable, "-c", ask]
    told = subprocess.run(
        command, cwd=settings.BASE_DIR, env={**os.environ, **centre}, capture_output=True, check=True
    ).stdout
    options = json.loads(told)
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    with closing(sqlite3.connect(tmp_path / "x")) as opened:
        opened.executescript(options["init_command"])
        states = [opened.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert states == ["wal", 2]  # 2: FULL
