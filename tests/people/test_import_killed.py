"""A worker killed in the middle of an import leaves nothing half-done; the next try does it once. Both databases."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.factories.people import CentreFactory, DepartmentFactory, PositionFactory, UserFactory
from training.lib.imports import import_of
from training.lib.tables import read_table
from training.operations.models import AuditEvent, ImportRun, Job
from training.operations.services import start_job
from training.people.models import Posting, User
from training.people.services import importing

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 300
APPLY = "training.people.tasks.apply_import"


@pytest.fixture(autouse=True)
def on_disk(settings: Settings, tmp_path: Path) -> None:
    """Queue and private files where a worker of its own finds them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private", "base_url": None},
    }
    settings.STORAGES = {**settings.STORAGES, "private": private}


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py db_worker` as a process of its own, on the tests' database."""
    name = connection.settings_dict["NAME"]
    server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    address = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"{server}/{name}"
    words = {"DJANGO_SETTINGS_MODULE": "training.settings.dev", "DATABASE_URL": address, "VAR_DIR": str(folder)}
    command = [sys.executable, project.BASE_DIR / "manage.py", "db_worker", "--skip-checks", "--interval=0.1"]
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(command, env={**os.environ, **words}, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(comes: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 120
    while not comes():
        assert process.poll() is None, (folder / "output").read_text()
        assert time.monotonic() < until, (folder / "output").read_text()
        time.sleep(0.1)


def written() -> tuple[int, int, int]:
    people = User.objects.filter(staff_number__startswith="3")
    events = AuditEvent.objects.filter(action__in=["people.hired", "imports.applied"])
    return people.count(), Posting.objects.count(), events.count()


def checked_list() -> ImportRun:
    CentreFactory()
    DepartmentFactory(code="tax")
    PositionFactory(code="clerk")
    hr = UserFactory(hr=True)
    rows = "".join(f"3{number:04},李娜,tax,clerk,2024-03-01\n" for number in range(ROWS))
    file = io.BytesIO(f"工号,姓名,科室,岗位,到岗日期\n{rows}".encode())
    table = read_table(file, name="staff.csv")
    kind = import_of("staff")
    return importing.begin_import(kind=kind, file=file, table=table, by=hr, at=timezone.now())


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_try_does_it_once(tmp_path: Path) -> None:
    run = checked_list()
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.QUEUED)
    slow = {"run": str(run.pk), "folder": str(tmp_path)}
    now, label = timezone.now(), {"en": "Import"}
    start_job(task="tests.people.import_jobs.apply_and_halt", arguments=slow, by="test", at=now, label=label)
    with worker(tmp_path) as first:
        wait_until((tmp_path / "written").exists, first, tmp_path)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    run.refresh_from_db()
    assert (written(), run.state) == ((0, 0, 0), "queued")

    for _time in range(2):  # a job may be handed out twice
        job = start_job(task=APPLY, arguments={"run": str(run.pk)}, by="test", at=now, label=label)
        with worker(tmp_path) as second:
            wait_until(Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists, second, tmp_path)
        run.refresh_from_db()
        assert (written(), run.state, run.created) == ((ROWS, ROWS, ROWS + 1), "applied", ROWS)
