"""When a task of the tick is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from training.operations.rules import AFTER_FAILURE, LastRun, Scheduled, due_since, schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
SPACING = timedelta(seconds=12)


def ran(ago: timedelta, *, ended: bool = True, failed: bool = False) -> LastRun:
    return LastRun(NOON - ago, ended=ended, failed=failed)


def since(how_often: str, last: LastRun | None) -> timedelta | None:
    due = due_since(how_often, last, now=NOON, spacing=SPACING)
    return None if due is None else NOON - due


def test_names_run_every_round_and_pairs_say_how_often() -> None:
    assert schedule(["a.b", ("a.c", "hourly"), ("a.d", "daily at 23:00")]) == [
        Scheduled("a.b", "every round"),
        Scheduled("a.c", "hourly"),
        Scheduled("a.d", "daily at 23:00"),
    ]


@pytest.mark.parametrize("words", ["daily", "daily at 24:00", "daily at 3:30", "weekly", ""])
def test_an_interval_that_nobody_understands_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"a\.b cannot run"):
        schedule([("a.b", words)])


@pytest.mark.parametrize("how_often", ["every round", "hourly", "daily at 3:00"])
def test_what_never_ran_is_due_now(how_often: str) -> None:
    assert since(how_often, None) == timedelta(0)


def test_every_round_is_due_once_a_round_has_passed() -> None:
    assert since("every round", ran(timedelta(seconds=11))) is None
    assert since("every round", ran(timedelta(seconds=15))) == timedelta(seconds=3)


def test_hourly_is_due_an_hour_after_it_began() -> None:
    assert since("hourly", ran(timedelta(minutes=59))) is None
    assert since("hourly", ran(timedelta(minutes=61))) == timedelta(minutes=1)


def test_daily_is_due_at_its_hour_where_the_centre_is() -> None:
    assert since("daily at 3:00", ran(timedelta(hours=8, minutes=59))) is None  # at 3:01
    assert since("daily at 3:00", ran(timedelta(hours=9, minutes=1))) == timedelta(hours=9)  # at 2:59
    assert since("daily at 13:00", ran(timedelta(hours=22))) is None  # at 14:00 yesterday
    assert since("daily at 11:00", ran(timedelta(hours=22))) == timedelta(hours=1)


def test_the_time_zone_of_the_row_does_not_matter() -> None:
    last = LastRun((NOON - timedelta(hours=9, minutes=1)).astimezone(ZoneInfo("UTC")), ended=True, failed=False)
    assert since("daily at 3:00", last) == timedelta(hours=9)


def test_after_days_without_a_tick_it_is_due_once() -> None:
    assert since("daily at 3:00", ran(timedelta(days=5))) is not None
    assert since("daily at 3:00", ran(timedelta(0))) is None


def test_what_failed_is_due_soon_not_tomorrow() -> None:
    assert since("daily at 3:00", ran(AFTER_FAILURE - timedelta(seconds=1), failed=True)) is None
    assert since("daily at 3:00", ran(AFTER_FAILURE, failed=True)) == timedelta(0)
    assert since("every round", ran(timedelta(seconds=15), failed=True)) == timedelta(seconds=3)


def test_what_never_ended_is_due_again() -> None:
    assert since("daily at 3:00", ran(timedelta(minutes=1), ended=False)) == timedelta(minutes=1)
