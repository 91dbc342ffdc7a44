"""`make demo`: built once, whole or not at all, and kept."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import demo

Manage = Callable[..., None]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The management commands that were run; in their place, `build_demo` adds one person."""
    run: list[str] = []

    def manage(command: str, *_words: str, DATABASE_URL: str = "") -> None:  # noqa: N803 - as in the environment
        run.append(command)
        if command == "build_demo":
            add_person(Path(DATABASE_URL.removeprefix("sqlite:///")))

    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(demo, "DATABASE", tmp_path / "training.sqlite3")
    monkeypatch.setattr(demo, "UNFINISHED", tmp_path / "unfinished.sqlite3")
    monkeypatch.setattr(demo, "manage", manage)
    monkeypatch.setattr(demo, "serve", lambda **_options: run.append("serve"))
    monkeypatch.setattr(demo, "port_is_taken", lambda _host, _port: False)
    monkeypatch.setattr(sys, "argv", ["demo"])
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "training.settings.test")
    return run


def add_person(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE people_user (id integer)")
        database.execute("INSERT INTO people_user VALUES (1)")
    database.close()


def test_the_first_start_builds_and_the_second_only_serves(commands: list[str]) -> None:
    demo.main()
    assert commands == ["migrate", "build_demo", "collectstatic", "serve"]

    commands.clear()
    demo.main()
    assert commands == ["serve"]


def test_new_migrations_are_applied_to_the_data_that_is_there(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.main()
    commands.clear()
    monkeypatch.setattr(demo.fingerprint, "of_migrations", lambda: "another state")

    demo.main()

    assert commands == ["migrate", "serve"]


def test_a_build_that_was_broken_off_is_begun_again(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    manage = demo.manage

    def fail_to_build(command: str, *words: str, **environment: str) -> None:
        manage(command, *words, **environment)
        if command == "build_demo":
            raise SystemExit("manage.py build_demo failed: the lines above say why.")

    monkeypatch.setattr(demo, "manage", fail_to_build)
    with pytest.raises(SystemExit):
        demo.main()
    assert not demo.is_built()

    monkeypatch.setattr(demo, "manage", manage)
    commands.clear()
    demo.main()
    assert commands == ["migrate", "build_demo", "collectstatic", "serve"]


def test_a_database_that_was_only_migrated_is_built(commands: list[str]) -> None:
    sqlite3.connect(demo.DATABASE).close()

    demo.main()

    assert "build_demo" in commands


def test_a_taken_port_is_said_before_anything_is_built(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "port_is_taken", lambda _host, _port: True)

    with pytest.raises(SystemExit, match=r"Port 8000 is taken: .* make demo PORT=8001"):
        demo.main()

    assert commands == []
