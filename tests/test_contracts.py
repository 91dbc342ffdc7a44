"""The import contracts: kept by the project as it is, and each broken by an import it forbids."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("training", "assessments", "courses", "mentors", "cms")
BREACHES = {
    "Imports between apps run downwards only": ("training/lib/breach.py", "import training.people.apps"),
    "The project package names the apps above it only as strings": ("training/breach.py", "import cms.apps"),
    "Rules, scoring and exchange are pure": ("assessments/scoring/breach.py", "import django"),
    "Inside an app, imports run downwards only": ("training/operations/models.py", "from . import services"),
    "Nobody imports the settings": ("training/people/breach.py", "from training.settings import base"),
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the project's modules and contracts."""
    for package in PACKAGES:
        for module in (settings.BASE_DIR / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(settings.BASE_DIR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(module, copy)
    shutil.copyfile(settings.BASE_DIR / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def broken_contracts(folder: Path) -> tuple[set[str], str]:
    """The names of the contracts that do not hold there, and what the linter said."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    broken = {line.removesuffix(" BROKEN") for line in finished.stdout.splitlines() if line.endswith(" BROKEN")}
    assert (finished.returncode == 0) == (not broken), finished.stdout + finished.stderr
    return broken, finished.stdout


def test_the_project_keeps_them(sources: Path) -> None:
    broken, said = broken_contracts(sources)

    assert broken == set(), said
    assert f"{len(BREACHES)} kept" in said


@pytest.mark.parametrize("contract", BREACHES)
def test_each_is_broken_by_what_it_forbids(sources: Path, contract: str) -> None:
    path, line = BREACHES[contract]
    with (sources / path).open("a") as module:
        module.write(f"\n{line}\n")

    broken, said = broken_contracts(sources)

    assert broken == {contract}, said
