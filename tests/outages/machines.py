"""The real programs, with the settings of a real centre, on the tests' database; they are ended by kill."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.outages.candidates import HOST, PATIENCE
from training.operations.serving import programs
from training.operations.supervisor import die_with_parent

SECONDS_TO_END = 30


@dataclass
class Machine:
    """A program with its whole process group, in whose middle it can be killed, and started again."""

    command: Sequence[str]
    environment: dict[str, str]
    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        until = time.monotonic() + PATIENCE
        while self.asked("/healthz") != 200:
            self.must_live()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def asked(self, path: str) -> int:
        """Return the status it answers with; 0 without an answer."""
        request = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            request.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
            return request.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            request.close()

    def must_live(self) -> None:
        assert self.process
        assert self.process.poll() is None, self.log.read_text()

    @property
    def children(self) -> list[int]:
        assert self.process
        number = self.process.pid
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]

    def kill(self) -> None:
        """As a machine without power dies: all at once and with no word."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(SECONDS_TO_END)


def environment(folder: Path, address: str | None = None) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "training.settings.production",
        "SECRET_KEY": settings.SECRET_KEY,
        "PUBLIC_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": address or own_address(),
        "VAR_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def own_address() -> str:
    """Return where other processes find this test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def web_server(folder: Path) -> Iterator[Machine]:
    """The web server as `manage.py serve` starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (web,) = (program for program in programs("127.0.0.1", port) if program.name == "web")
    yield from _started(Machine(web.command, environment(folder), port, folder / "log"))


@contextmanager
def whole_platform(folder: Path, address: str) -> Iterator[Machine]:
    """`manage.py serve`: web server, worker and tick under their supervisor."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", f"--port={port}"]
    yield from _started(Machine(command, environment(folder, address), port, folder / "log"))


def _started(machine: Machine) -> Iterator[Machine]:
    try:
        machine.start()
        yield machine
    finally:
        machine.stop()
