"""Setting up: one clear line where it cannot go on, and no work where nothing changed."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from scripts import install, system_packages
from scripts.system_packages import Need, Problem


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the system's installer was asked for, in place of installing it."""
    asked: list[str] = []
    monkeypatch.setattr(system_packages, "TO_RUN", [])
    monkeypatch.setattr(system_packages, "TO_TEST", [])
    monkeypatch.setattr(system_packages, "right_to_install", list)
    monkeypatch.setattr(system_packages, "install", lambda packages, rights: asked.extend(packages))
    return asked


def need(package: str, installed: list[str], *, fatal: bool = True) -> Need:
    return Need((package,), lambda: package in installed, f"what {package} is for", fatal)


def test_what_is_missing_is_installed_and_then_no_problem(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "TO_RUN", [need("pango", installed)])

    assert list(system_packages.provide(for_tests=False, may_install=True)) == []
    assert installed == ["pango"]


def test_without_the_right_one_line_says_what_is_missing_and_what_for(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "right_to_install", lambda: None)
    monkeypatch.setattr(system_packages, "TO_RUN", [need("pango", installed), need("font", installed, fatal=False)])

    assert list(system_packages.provide(for_tests=False, may_install=True)) == [
        Problem("Missing from the system: pango (what pango is for).", fatal=True),
        Problem("Missing from the system: font (what font is for).", fatal=False),
    ]
    assert installed == []


def test_a_later_start_does_not_try_again(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "TO_RUN", [need("font", installed, fatal=False)])

    assert len(list(system_packages.provide(for_tests=False, may_install=False))) == 1
    assert installed == []


@pytest.mark.parametrize(("for_tests", "expected"), [(False, []), (True, ["chromium"])])
def test_what_only_tests_need_is_left_alone_otherwise(
    installed: list[str], monkeypatch: pytest.MonkeyPatch, for_tests: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(system_packages, "TO_TEST", [need("chromium", installed)])

    list(system_packages.provide(for_tests=for_tests, may_install=True))

    assert installed == expected


def test_an_older_python_is_told_in_one_line() -> None:
    pretend = "import sys; sys.version_info = (3, 9, 2); import scripts.install"

    finished = subprocess.run([sys.executable, "-c", pretend], cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert finished.returncode == 1
    assert finished.stderr.splitlines() == [
        "Python 3.11 or later is needed, this one is 3.9.2: name another with PYTHON=python3.11"
    ]


def test_the_stamp_changes_with_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert install.stamp_of(install.LOCK) == install.stamp_of(install.LOCK)
    assert install.stamp_of(install.LOCK) != install.stamp_of(install.TEST_LOCK)
