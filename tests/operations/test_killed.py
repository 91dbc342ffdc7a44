"""Real workers on the tests' own database, SQLite or PostgreSQL: seen while they live, killed in a job's middle."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from tests.factories.operations import JobFactory
from tests.operations.jobs import wait_for
from training.operations import progress
from training.operations.models import Job, Process
from training.operations.services import cancel_job, reap, start_job
from training.operations.services.reaping import SILENT_FOR
from training.operations.tasks import run_job

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = ["row 0", "row 1", "row 2", "row 3"]


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def address() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py db_worker` as a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "training.settings.dev",
        "DATABASE_URL": address(),
        "VAR_DIR": str(folder),
    }
    command = [sys.executable, project.BASE_DIR / "manage.py", "db_worker", "--skip-checks", "--interval=0.1"]
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def job_in(folder: Path) -> Job:
    task, arguments = "tests.operations.jobs.write_rows", {"folder": str(folder)}
    return start_job(task=task, arguments=arguments, by="test", at=timezone.now(), label={"en": "Rows"})


def wait_until(comes: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path) -> None:
    def lives() -> None:
        assert process.poll() is None, (folder / "output").read_text()

    wait_for(comes, lives)


def state_is(job: Job, state: str) -> Callable[[], bool]:
    return Job.objects.filter(pk=job.pk, state=state).exists


def rows() -> list[str]:
    return sorted(Group.objects.filter(name__startswith="row").values_list("name", flat=True))


def test_a_job_killed_in_the_middle_is_done_by_the_next_worker_and_no_row_is_doubled(tmp_path: Path) -> None:
    job = job_in(tmp_path)
    with worker(tmp_path) as first:
        wait_until((tmp_path / "half").exists, first, tmp_path)
        wait_until(Job.objects.filter(done__gt=0).exists, first, tmp_path)  # seen while it runs
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    (tmp_path / "go on").touch()
    assert len(rows()) == 3

    reap(now=timezone.now())
    assert Job.objects.get().state == Job.State.RUNNING  # it may be slow, not dead
    reap(now=timezone.now() + SILENT_FOR + timedelta(seconds=1))
    with worker(tmp_path) as second:
        wait_until(state_is(job, Job.State.DONE), second, tmp_path)

    job.refresh_from_db()
    assert (job.attempts, job.done, job.total) == (2, 4, 4)
    assert len(set((tmp_path / "runs").read_text().split())) == 2
    assert rows() == ROWS


def test_a_worker_told_to_stop_hands_its_job_back_at_once(tmp_path: Path) -> None:
    job = job_in(tmp_path)
    with worker(tmp_path) as first:
        wait_until((tmp_path / "half").exists, first, tmp_path)
        assert Process.objects.get().kind == Process.Kind.WORKER
        first.send_signal(signal.SIGTERM)
        first.wait()
        assert not Process.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)

    (tmp_path / "go on").touch()
    with worker(tmp_path) as second:
        wait_until(state_is(job, Job.State.DONE), second, tmp_path)
    assert "Task id" not in (tmp_path / "output").read_text()  # a terminal is for problems


def test_a_running_job_hears_of_its_cancellation(tmp_path: Path) -> None:
    job = job_in(tmp_path)
    with worker(tmp_path) as process:
        wait_until((tmp_path / "half").exists, process, tmp_path)
        cancel_job(job=job, by="test", at=timezone.now())
        wait_until(state_is(job, Job.State.CANCELLED), process, tmp_path)

    assert len(rows()) == 3


@pytest.mark.parametrize("function", ["write_until_seen", "live_long_without_a_step"])
def test_what_a_job_writes_and_what_is_told_of_it_do_not_wait_for_each_other(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_REPORTS", 0.02)
    job = JobFactory(task=f"tests.operations.jobs.{function}")

    run_job.call(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
