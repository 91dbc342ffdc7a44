"""`manage.py serve` with its real programs: web server, job worker, tick."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.databases import OwnDatabase

SECONDS = 120
PROGRAMS = {"web": "gunicorn", "worker": "db_worker", "tick": "tick"}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def serving(
    database: OwnDatabase, django_db_blocker: DjangoDbBlocker, port: int, tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    """`manage.py serve` on this process's own database, once it answers; what the tick wrote is gone afterwards."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "training.settings.dev",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "VAR_DIR": str(tmp_path),
    }
    command = [sys.executable, settings.BASE_DIR / "manage.py", "serve", f"--port={port}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            wait_for_yes(process, port, "healthz")
            yield process
        finally:
            process.terminate()
    with django_db_blocker.unblock():
        database.restore()


def wait_for_yes(process: subprocess.Popen[str], port: int, question: str) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{question}", timeout=SECONDS) as answer:
                assert answer.status == 200
                return
        except URLError:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.1)


def children_of(pid: int) -> dict[str, int]:
    """The programs by the name they are reported under."""
    numbers = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    commands = {number: Path(f"/proc/{number}/cmdline").read_text().split("\0") for number in numbers}
    return {name: number for name, word in PROGRAMS.items() for number, command in commands.items() if word in command}


def members_of(groups: list[int]) -> list[int]:
    """Every living process of these groups."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group, *_ = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) in groups and state != "Z":
            members.append(int(stat.parent.name))
    return members


def test_one_signal_ends_web_server_worker_and_tick(serving: subprocess.Popen[str], port: int) -> None:
    groups = list(children_of(serving.pid).values())
    assert len(groups) == 3
    wait_for_yes(serving, port, "readyz")  # worker and tick have been seen

    serving.send_signal(signal.SIGINT)
    output, _ = serving.communicate(timeout=SECONDS)

    assert serving.returncode == 0, output
    assert output.rstrip().endswith("Ended.")
    assert members_of(groups) == []


def test_the_death_of_the_web_server_takes_its_workers_and_the_others_along(serving: subprocess.Popen[str]) -> None:
    children = children_of(serving.pid)

    os.kill(children["web"], signal.SIGKILL)
    output, _ = serving.communicate(timeout=SECONDS)

    assert serving.returncode == 1
    assert "web ended by signal 9, so the others were stopped." in output
    assert members_of(list(children.values())) == []


def test_a_port_that_is_taken_is_one_clear_line(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        finished = subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", "serve", f"--port={port}"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "training.settings.dev"},
            capture_output=True,
            text=True,
        )

    assert finished.returncode == 1
    assert finished.stderr.splitlines() == [
        f"CommandError: Port {port} is taken: stop the program that uses it or choose another port."
    ]
