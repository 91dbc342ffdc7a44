"""Runs a command with DATABASE_URL set to a PostgreSQL of its own, which is gone afterwards.

    python -m scripts.throwaway_postgres pytest

The server listens on a socket in a private folder and on no port, so it meets no other server on this machine.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from training.operations.supervisor import die_with_parent

# Durability is of no use to a database that is thrown away, and half of the time it takes.
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"]
SECONDS_TO_START = 30


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with throwaway_postgres() as url:
        finished = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
    raise SystemExit(finished.returncode)


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """The address of a running, empty server; stopped and deleted at the end."""
    owner = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if owner:
            shutil.chown(folder, owner, owner)
        data = folder / "data"
        make_cluster(data, owner)
        with running(data, folder, owner):
            yield f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_cluster(data: Path, owner: str | None) -> None:
    subprocess.run(
        [
            program("initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        user=owner,
        group=owner,
        cwd="/",
    )


@contextmanager
def running(data: Path, folder: Path, owner: str | None) -> Iterator[None]:
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=50", *QUICK]
    options = [word for setting in settings for word in ("-c", setting)]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [program("postgres"), "-D", data, *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            user=owner,
            group=owner,
            cwd="/",
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGINT),  # SIGINT: fast shutdown, without waiting for clients
        )
    try:
        wait_until_ready(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while subprocess.run([program("pg_isready"), "-q", "-h", folder]).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def program(name: str) -> str:
    """The program of that name: from the path, else the newest of Debian's versions."""
    if found := shutil.which(name):
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise SystemExit(f"Missing from the system: {name} of PostgreSQL.")
    return str(versions[-1])


if __name__ == "__main__":
    main()
