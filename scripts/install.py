"""Prepares .venv/: packages from the hashed locks, system libraries and fonts where it may, the message catalogues.

Runs on the system's Python, standard library only. Says in one line what is missing where it cannot go on.
"""

import argparse
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from scripts import fingerprint, system_packages

ROOT = fingerprint.ROOT
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV_LOCK = ROOT / "requirements-uv.lock"
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    for_tests = parser.parse_args().test
    lock = TEST_LOCK if for_tests else LOCK
    stamp = ENVIRONMENT / (".installed-for-tests" if for_tests else ".installed")
    current = stamp_of(lock)
    is_current = stamp.exists() and stamp.read_text() == current and PYTHON.exists()
    for problem in system_packages.provide(for_tests=for_tests, may_install=not is_current):
        if problem.fatal:
            stop(problem.text)
        print(problem.text, file=sys.stderr)
    if not is_current:
        make_environment()
        install_packages(lock)
        stamp.write_text(current)
    if any(catalogues_to_compile()):
        run(PYTHON, "-m", "scripts.catalogue", "compile")


def stamp_of(lock: Path) -> str:
    """What an installed environment was made from: this Python, the lock, and the way to install it."""
    return f"{sys.version} {fingerprint.of_contents([lock, UV_LOCK, Path(__file__)])}"


def make_environment() -> None:
    if PYTHON.exists() and version_of(PYTHON) == sys.version:
        return
    print("Making .venv/", flush=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)


def version_of(python: Path) -> str:
    """The version string of that interpreter; empty when it does not start."""
    answer = subprocess.run([python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
    return answer.stdout.strip()


def install_packages(lock: Path) -> None:
    """Exactly the lock's versions, each checked against its hashes; uv where it can be had, else pip."""
    print(f"Installing the packages of {lock.name}", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = ENVIRONMENT / "bin" / "uv"
    if not uv.exists():
        subprocess.run([*pip, UV_LOCK], stderr=subprocess.DEVNULL)
    # Compiled once here, as pip does: else each first start pays for it, and every start where Python may not write.
    by_uv = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, "--require-hashes", "-r", lock]
    if uv.exists() and subprocess.run(by_uv).returncode == 0:
        return
    run(*pip, lock, otherwise=f"The packages of {lock.name} could not be installed: the lines above say why.")


def catalogues_to_compile() -> Iterator[Path]:
    for source in (ROOT / "training" / "locale").glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def run(*command: str | Path, otherwise: str = "") -> None:
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        stop(otherwise or f"{' '.join(map(str, command))} failed: the lines above say why.")


def stop(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
