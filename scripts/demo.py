"""The demo centre: made once, kept, and served as `manage.py serve` would."""

import argparse
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from scripts import fingerprint
from training.operations.serving import ServingError, serve
from training.operations.supervisor import port_is_taken

ROOT = fingerprint.ROOT
MANAGE = ROOT / "manage.py"
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
DATABASE = VAR / "training.sqlite3"
UNFINISHED = VAR / "unfinished.sqlite3"
HOST = "127.0.0.1"
ACCOUNTS = (
    "clerk, clerk2, teacher, teacher2, hr, editor, reviewer, examiner, invigilator, marker, head, director, auditor, "
    "admin; everybody else by staff number, like 20418"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if port_is_taken(HOST, port):
        raise SystemExit(f"Port {port} is taken: stop the program that uses it, or run: make demo PORT={port + 1}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "training.settings.dev"
    os.environ.setdefault("PUBLIC_URL", f"http://{HOST}:{port}")
    os.environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"
    VAR.mkdir(parents=True, exist_ok=True)
    if is_built():
        unless_done("migrated", fingerprint.of_migrations(), lambda: manage("migrate", "--verbosity=0"))
    else:
        build()
    collect = ("collectstatic", "--no-input", "--clear", "--verbosity=0")
    unless_done("collected", state_of_static_files(), lambda: manage(*collect))
    print(f"Accounts: {ACCOUNTS}. Password: demo", flush=True)
    try:
        serve(host=HOST, port=port, settings=os.environ["DJANGO_SETTINGS_MODULE"])
    except ServingError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.code) from error


def is_built() -> bool:
    """Whether the database has people in it; a database that was only migrated is built anew."""
    if not DATABASE.exists():
        return False
    with closing(sqlite3.connect(DATABASE)) as database:
        try:
            return database.execute("SELECT 1 FROM people_user LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:
            return False


def build() -> None:
    """Builds under another name, so that a build that was broken off is begun again and never served."""
    print("Building the demo centre, once: about a minute.", flush=True)
    for path in (UNFINISHED, *VAR.glob(f"{UNFINISHED.name}-*"), *VAR.glob(f"{DATABASE.name}-*")):
        path.unlink(missing_ok=True)
    address = f"sqlite:///{UNFINISHED}"
    manage("migrate", "--verbosity=0", DATABASE_URL=address)
    manage("build_demo", DATABASE_URL=address)
    UNFINISHED.replace(DATABASE)
    stamp("migrated").write_text(fingerprint.of_migrations())


def unless_done(name: str, state: str, work: Callable[[], None]) -> None:
    """Does the work unless it was done for this state before."""
    if not stamp(name).exists() or stamp(name).read_text() != state:
        work()
        stamp(name).write_text(state)


def stamp(name: str) -> Path:
    return VAR / f".{name}"


def state_of_static_files() -> str:
    """Changes with any file of ours that is served, and with the packages that bring the others."""
    digest = hashlib.sha256(fingerprint.of_contents([ROOT / "requirements.lock"]).encode())
    # What was collected is no source: its own times would ask for collecting anew at every start.
    folders = {*ROOT.glob("*/static"), *ROOT.glob("training/*/static")} - {VAR / "static"}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}\n".encode())
    return digest.hexdigest()


def manage(*words: str, **environment: str) -> None:
    finished = subprocess.run([sys.executable, MANAGE, *words], env={**os.environ, **environment}, cwd=ROOT)
    if finished.returncode != 0:
        raise SystemExit(f"manage.py {words[0]} failed: the lines above say why.")


if __name__ == "__main__":
    main()
