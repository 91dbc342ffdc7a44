"""The programs that together serve the platform; starts them without Django, which each of them loads anyway."""

import os
import sys
from pathlib import Path

from training.operations.supervisor import Death, Program, port_is_taken, supervise

ROOT = Path(__file__).resolve().parents[2]
WEB_WORKERS = 2
THREADS_PER_WORKER = 4
SECONDS_BETWEEN_TICKS = 15
BEHIND_THE_WEB_SERVER = ["nice", "-n", "5"]  # who waits for a page waits for a person's sake


class ServingError(Exception):
    """Why nothing is served (any more), in words for a terminal, with the exit code to end with."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def serve(*, host: str, port: int, settings: str) -> None:
    """Serves until it is told to stop by a signal; raises ServingError when it cannot start or a program dies."""
    if port_is_taken(host, port):
        raise ServingError(f"Port {port} is taken: stop the program that uses it or choose another port.")
    print(f"Serving on http://{host}:{port} (Ctrl-C ends it)", flush=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1"}
    end = supervise(programs(host, port), out=sys.stdout, environment=environment)
    if isinstance(end, Death):
        raise ServingError(report(end), code=end.code if end.code > 0 else 1)
    print("Ended.", flush=True)


def programs(host: str, port: int) -> list[Program]:
    """Web server, job worker (one, as SQLite has one writer) and tick."""
    manage = [*BEHIND_THE_WEB_SERVER, sys.executable, str(ROOT / "manage.py")]
    web = [
        *[sys.executable, "-m", "gunicorn", "training.wsgi:application"],
        *["--bind", f"{host}:{port}", "--chdir", str(ROOT)],
        *["--worker-class", "gthread", "--workers", str(WEB_WORKERS), "--threads", str(THREADS_PER_WORKER)],
        *["--preload", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"],
    ]
    return [
        Program("web", web),
        Program("worker", [*manage, "db_worker", "--skip-checks"]),
        Program("tick", [*manage, "tick", "--skip-checks", "--every", str(SECONDS_BETWEEN_TICKS)]),
    ]


def report(death: Death) -> str:
    """What died, how, and the last it wrote."""
    how = f"by signal {-death.code}" if death.code < 0 else f"with code {death.code}"
    lines = "\n".join(f"  {line}" for line in death.last_lines) or "  (it wrote nothing)"
    return f"{death.program.name} ended {how}, so the others were stopped. Its last lines:\n{lines}"
