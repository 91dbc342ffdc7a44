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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from training.operations.supervisor import die_with_parent

# Durability is of no use to a database that is thrown away, and half of the time it takes.
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"]
CONNECTIONS = ["max_connections=50"]
SECONDS_TO_START = 30


@dataclass
class Cluster:
    """A PostgreSQL in a folder of its own: made, started, ended one way or the other, started again."""

    folder: Path
    settings: Sequence[str] = (*CONNECTIONS, *QUICK)
    # The server refuses to run as root.
    owner: str | None = field(default_factory=lambda: "postgres" if os.geteuid() == 0 else None)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self.folder), safe='')}/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def make(self) -> None:
        if self.owner:
            shutil.chown(self.folder, self.owner, self.owner)
        words = ["-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"]
        subprocess.run(
            [program("initdb"), "-D", self.data, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.owner,
            group=self.owner,
            cwd="/",
        )

    def start(self) -> None:
        """Start the server and wait until it answers; what a killed one left behind may take a moment to be gone."""
        until = time.monotonic() + SECONDS_TO_START
        self.server = self._launched()
        while subprocess.run([program("pg_isready"), "-q", "-h", self.folder]).returncode != 0:
            if time.monotonic() > until:
                raise SystemExit(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)
            if self.server.poll() is not None:
                time.sleep(0.2)
                self.server = self._launched()

    def stop(self) -> None:
        """Fast shutdown, without waiting for clients."""
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()

    def _launched(self) -> "subprocess.Popen[bytes]":
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings]
        options = [word for setting in settings for word in ("-c", setting)]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [program("postgres"), "-D", self.data, *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                user=self.owner,
                group=self.owner,
                cwd="/",
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGINT),
            )


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with throwaway_cluster() as cluster:
        finished = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": cluster.url})
    raise SystemExit(finished.returncode)


@contextmanager
def throwaway_cluster(settings: Sequence[str] = (*CONNECTIONS, *QUICK)) -> Iterator[Cluster]:
    """A running, empty server; stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    cluster = Cluster(folder, settings)
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


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
