"""`make soak`: a hall of candidates starts, answers for minutes and hands in, on SQLite and on PostgreSQL.

The server is `manage.py serve` with the settings of a real centre; the candidates are one process beside it. It ends
with code 1 when an acknowledged answer is not on record, the database was locked, or a reply was the server's fault.
Times are printed beside their goals and fail nothing: they belong to the machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.throwaway_postgres import throwaway_cluster
from tests.benchmarks.measuring import ROOT, load

CANDIDATES = {"sqlite": 200, "postgresql": 1000}
# As the server comes, with everything it does for durability.
AS_IT_COMES = ("max_connections=100",)


def main() -> None:
    words = argparse.ArgumentParser(
        prog="make soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--database", choices=list(CANDIDATES), help="one of the two; default: both")
    words.add_argument("--candidates", type=int, help="who answer at the same time; default: 200 on SQLite, else 1,000")
    words.add_argument("--pause", type=float, default=6.5, help="seconds between two answers of one; default: 6.5")
    words.add_argument("--minutes", type=float, default=2, help="how long they answer; default: 2")
    words.add_argument("--burst", type=int, default=500, help="starts in 10 s and hand-ins in 30 s; default: 500")
    words.add_argument("--quick", action="store_true", help="a small run that shows whether all this works")
    options = words.parse_args()
    if options.quick:
        options.candidates, options.minutes, options.burst, options.pause = 20, 0.2, 20, 1.0
    ends = []
    for database in [options.database] if options.database else CANDIDATES:
        candidates = options.candidates or CANDIDATES[database]
        print(f"\n{database}: {candidates:,} candidates, {load()}", flush=True)
        facts = [candidates, options.burst, options.pause, options.minutes]
        with place(database) as environment:
            command = [sys.executable, "-m", "tests.soak.hall", *map(str, facts)]
            ends.append(subprocess.run(command, cwd=ROOT, env=environment).returncode)
    raise SystemExit(max(ends))


@contextmanager
def place(database: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a centre of its own whose tables are there and empty."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = f"sqlite:///{folder / 'training.sqlite3'}"
        if database == "postgresql":
            address = stack.enter_context(throwaway_cluster(AS_IT_COMES)).url
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training.settings.production",
            "SECRET_KEY": "for-the-soak-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
            "PUBLIC_URL": "https://training.example",
            "ALLOWED_HOSTS": "training.example",
            "DATABASE_URL": address,
            "VAR_DIR": str(folder),
        }
        manage = [sys.executable, ROOT / "manage.py", "migrate", "--skip-checks", "-v0"]
        subprocess.run(manage, env=environment, check=True)
        yield environment


if __name__ == "__main__":
    main()
