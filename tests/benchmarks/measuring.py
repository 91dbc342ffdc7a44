"""What every part of the benchmark measures with: time, statements, memory, and one line for each figure."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 25
# Opening and closing a transaction asks nothing.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def apart(module: str) -> None:
    """Run a part in a process of its own, so that its memory is its own too."""
    subprocess.run([sys.executable, "-m", module], cwd=ROOT, check=False)


def manage(*words: str) -> None:
    subprocess.run([sys.executable, ROOT / "manage.py", *words], check=True, stdout=subprocess.DEVNULL)


def begin() -> None:
    """Make Django ready in a part's own process."""
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]


def signed_in(number: str) -> Any:
    from django.test import Client

    from training.people.models import User

    client = Client()
    client.force_login(User.objects.get(staff_number=number))
    return client


def newcomers(number: int) -> list[Any]:
    """Take people on who have sat nothing yet, in a department that is there: the demo's have all tried an exam out."""
    from training.people.models import Department, User

    facts = {"department": Department.objects.order_by("-depth", "pk").first(), "latin_name": "Kao Sheng"}
    first = User.objects.filter(staff_number__startswith="9").count()
    rows = (User(staff_number=f"9{first + place:05}", display_name="考生", **facts) for place in range(number))
    return User.objects.bulk_create(rows)


def seconds(work: Callable[[], object]) -> float:
    return timed(work)[0]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long the work took and for how long of that it had the processor."""
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - busy


def statements_of(work: Callable[[], object]) -> int:
    """Return how many SQL statements the work sends, without those that only open and close transactions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(not query["sql"].startswith(CONTROL) for query in queries.captured_queries)


def heading() -> None:
    """The processor's time is what a quiet machine would take: pages and SQLite work in this process."""
    print(f"{'':34}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}{'goal':>6}{'queries':>9}{'at most':>9}{'peer p50':>10}")


def page(name: str, client: Any, address: str, goal: tuple[int | None, int | None, int | None]) -> None:
    """Ask for a page again and again; the first time warms up and is not counted."""
    client.get(address)
    times = [timed(partial(client.get, address)) for _round in range(ROUNDS)]
    line(name, times, statements_of(partial(client.get, address)), goal)


def line(
    name: str, times: list[tuple[float, float]], queries: int, goal: tuple[int | None, int | None, int | None]
) -> None:
    """Print the times beside the goal for the median, the queries beside the most there should be, and the peer's."""
    milliseconds = sorted(1000 * taken for taken, _busy in times)
    busy = statistics.median(1000 * busy for _taken, busy in times)
    middle, late = statistics.median(milliseconds), milliseconds[int(len(milliseconds) * 0.95)]
    wanted, most, peer = ("-" if one is None else one for one in goal)
    over = " !" if (goal[0] or busy) < min(middle, busy) or (goal[1] or queries) < queries else ""
    print(f"{name:34}{middle:8.1f}{late:8.1f}{busy:8.1f}{wanted:>6}{queries:9}{most:>9}{peer:>10}{over}", flush=True)


def figure(name: str, value: float, unit: str, goal: str = "") -> None:
    print(f"{name:34}{value:10,.1f} {unit}{f'   goal {goal}' if goal else ''}", flush=True)


def peak_megabytes() -> float:
    """Of this process alone; what the system tells of children otherwise includes their parent's size at the fork."""
    return _megabytes("self", "VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def megabytes_of(process: int) -> float:
    """What a process holds in memory now; 0 where the system does not tell."""
    return _megabytes(str(process), "VmRSS")


def _megabytes(process: str, name: str) -> float:
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    found = next(row for row in status.read_text().splitlines() if row.startswith(name))
    return int(found.split()[1]) / 1024


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"
