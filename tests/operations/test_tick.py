"""The tick runs what is due, once, however many ticks run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from tests.factories.operations import NOW
from training.operations.models import Process, TickRun
from training.operations.services import renew_locks, run_tick
from training.operations.services.tick import LEASE

NOTE, FAIL = "tests.operations.jobs.note_run", "tests.operations.jobs.fail"


def runs() -> int:
    return Group.objects.filter(name__startswith="ran ").count()


@pytest.mark.django_db
def test_each_task_runs_and_one_that_fails_stops_no_other(settings: Settings) -> None:
    settings.TICK_TASKS = [FAIL, NOTE]

    assert run_tick(now=NOW) == [FAIL]

    assert runs() == 1
    failed, noted = TickRun.objects.get(task=FAIL), TickRun.objects.get(task=NOTE)
    assert (failed.error, noted.error) == ("ValueError: no such door", "")
    assert (noted.due_at, noted.started_at, noted.finished_at) == (NOW, NOW, NOW)
    assert (noted.claimed_by, noted.claimed_until) == ("", None)


@pytest.mark.django_db
def test_an_interval_is_kept_and_lateness_can_be_told(settings: Settings) -> None:
    settings.TICK_TASKS = [(NOTE, "hourly")]
    run_tick(now=NOW)
    run_tick(now=NOW + timedelta(minutes=59))
    assert runs() == 1

    run_tick(now=NOW + timedelta(minutes=90))

    assert runs() == 2
    last = TickRun.objects.get(task=NOTE)
    assert last.started_at - last.due_at == timedelta(minutes=30)


@pytest.mark.django_db
def test_a_failure_is_forgotten_once_it_works(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TICK_TASKS = [(FAIL, "daily at 3:00")]
    run_tick(now=NOW)
    assert run_tick(now=NOW + timedelta(minutes=1)) == []
    assert TickRun.objects.get().error

    monkeypatch.setattr("tests.operations.jobs.fail", lambda *, now: None)
    run_tick(now=NOW + timedelta(minutes=6))

    assert TickRun.objects.get().error == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how_often", ["every round", "hourly", "daily at 3:00"])
def test_of_many_ticks_at_once_one_runs_the_task(settings: Settings, how_often: str) -> None:
    settings.TICK_TASKS = [(NOTE, how_often)]
    start = Barrier(4)

    def tick(number: int) -> None:
        try:
            start.wait()
            run_tick(now=NOW + timedelta(seconds=number), spacing=timedelta(seconds=12))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tick, range(4)))

    assert runs() == 1


@pytest.mark.django_db
def test_what_another_runs_at_the_moment_is_left_to_it(settings: Settings) -> None:
    settings.TICK_TASKS = [NOTE]
    TickRun.objects.create(task=NOTE, started_at=NOW, claimed_by="another", claimed_until=NOW + LEASE)

    run_tick(now=NOW + LEASE - timedelta(seconds=1))
    assert runs() == 0

    renew_locks(holder="another", now=NOW + LEASE)
    run_tick(now=NOW + 2 * LEASE - timedelta(seconds=1))
    assert runs() == 0


@pytest.mark.django_db
def test_what_a_killed_tick_held_is_taken_over(settings: Settings) -> None:
    settings.TICK_TASKS = [(NOTE, "daily at 3:00")]
    TickRun.objects.create(task=NOTE, started_at=NOW, claimed_by="killed", claimed_until=NOW + LEASE)

    run_tick(now=NOW + LEASE)

    assert runs() == 1
    assert TickRun.objects.get().claimed_by == ""


@pytest.mark.django_db
def test_a_lock_that_could_not_be_given_back_does_not_stop_its_holder(settings: Settings) -> None:
    """The database went away before the end was written, and the process that lives on renews all it holds."""
    settings.TICK_TASKS = [NOTE]
    TickRun.objects.create(task=NOTE, started_at=NOW, claimed_by="this", claimed_until=NOW + LEASE)

    run_tick(now=NOW + timedelta(seconds=15), holder="this")

    assert runs() == 1
    assert TickRun.objects.get().claimed_by == ""


@pytest.mark.django_db
def test_who_lost_the_lock_does_not_write_over_who_has_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TICK_TASKS = [NOTE]

    def be_overtaken(*, now: datetime) -> None:
        TickRun.objects.update(claimed_by="another", claimed_until=now + LEASE)

    monkeypatch.setattr("tests.operations.jobs.note_run", be_overtaken)
    run_tick(now=NOW)

    run = TickRun.objects.get()
    assert (run.claimed_by, run.finished_at) == ("another", None)


@pytest.mark.django_db(transaction=True)
def test_the_command_runs_all_once_and_leaves_no_trace_of_itself(settings: Settings) -> None:
    settings.TICK_TASKS = [NOTE]

    call_command("tick")

    assert runs() == 1
    assert TickRun.objects.get().started_at <= timezone.now()
    assert not Process.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_names_what_failed(settings: Settings) -> None:
    settings.TICK_TASKS = [FAIL]
    with pytest.raises(CommandError, match=FAIL):
        call_command("tick")


@pytest.mark.parametrize("wrong", [["no.such.task"], [(NOTE, "weekly")], [("a", "b", "c")]])
def test_a_wrong_setting_stops_the_start(settings: Settings, wrong: list[object]) -> None:
    settings.TICK_TASKS = wrong
    with pytest.raises(CommandError, match="TICK_TASKS"):
        call_command("check", tags=["tick"])
