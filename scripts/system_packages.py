"""What Python packages cannot bring: Debian's libraries, fonts and programs, installed where we have the right to."""

import importlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Problem:
    text: str
    fatal: bool


@dataclass(frozen=True)
class Need:
    """Something the system must have, how to tell that it is there, and what its absence means."""

    packages: tuple[str, ...]
    is_there: Callable[[], bool]
    meaning: str
    fatal: bool = True


def has_font(file_pattern: str) -> Callable[[], bool]:
    """Looks for the file itself: asking fontconfig costs more than everything else in a second start."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return lambda: any(next(folder.rglob(file_pattern), None) for folder in folders)


def has_libraries(*names: str) -> Callable[[], bool]:
    """Looks where Debian puts them first, as asking the linker starts a compiler."""
    return lambda: all(any(Path("/usr/lib").glob(f"*/lib{name}.so*")) or find_library(name) for name in names)


def has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return find_spec("ensurepip") is not None


def has_postgresql() -> bool:
    return bool(shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


TO_RUN = [
    Need(("python3-venv",), has_ensurepip, "this Python cannot make the environment .venv/ without it"),
    Need(
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        has_libraries("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"),
        "without Pango no certificate can be printed",
    ),
    Need(
        ("fonts-noto-cjk", "fonts-noto-cjk-extra"),
        has_font("NotoSerifCJK-SemiBold*"),
        "certificates print Chinese in a packaged font of one weight",
        fatal=False,
    ),
    Need(
        ("fonts-ebgaramond",),
        has_font("EBGaramond*"),
        "certificates print Latin names in the system's serif font",
        fatal=False,
    ),
]
TO_TEST = [
    Need(("chromium",), has_program(*BROWSERS), "the journeys need a browser"),
    Need(("postgresql",), has_postgresql, "the database tests also run on PostgreSQL"),
    Need(("poppler-utils",), has_program("pdftotext"), "the tests read printed certificates back with it"),
]


def provide(*, for_tests: bool, may_install: bool) -> Iterator[Problem]:
    """Installs what is missing where it may and can; what is missing then comes back as one problem each."""
    needs = TO_RUN + TO_TEST if for_tests else TO_RUN
    missing = [need for need in needs if not need.is_there()]
    rights = right_to_install()
    if missing and may_install and rights is not None:
        install([package for need in missing for package in need.packages], rights)
    for need in missing:
        if not need.is_there():
            packages = " ".join(need.packages)
            yield Problem(f"Missing from the system: {packages} ({need.meaning}).", need.fatal)


def right_to_install() -> list[str] | None:
    """The words to put before apt-get; None where there is no apt-get or no right to use it."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0:
        return sudo
    return None


def install(packages: list[str], rights: list[str]) -> None:
    print(f"Installing {' '.join(packages)}", flush=True)
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
    subprocess.run([*apt, "install", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)
