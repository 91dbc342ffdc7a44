"""The tick killed in the middle of finalising (trust requirements R47, R50): each attempt once, and none is left."""

import subprocess
import sys
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from threading import Lock

import pytest
from django.conf import settings as project
from django.utils import timezone
from pytest_django import Settings

from assessments import services
from assessments.models import Attempt, Mark
from tests.assessments.test_finishing import in_parallel
from tests.factories.assessments import answered, exam_with_items, started
from tests.factories.people import CentreFactory
from tests.operations.jobs import wait_for
from tests.outages.machines import environment
from training.competencies.models import Evidence
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.operations.services import run_tick
from training.operations.services.tick import LEASE

pytestmark = pytest.mark.django_db(transaction=True)
ATTEMPTS = 6


def kill_a_tick_at(number: int, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.outages.halting", str(folder), str(number)]
    with (folder / "log").open("wb") as log:
        tick = subprocess.Popen(command, env=environment(folder), cwd=project.BASE_DIR, stdout=log, stderr=log)

    def must_live() -> None:
        assert tick.poll() is None, (folder / "log").read_text()

    try:
        wait_for((folder / "halted").exists, must_live)
    finally:
        tick.kill()
        tick.wait()


def finished() -> tuple[int, int, int, int]:
    """Return how many attempts are scored, events say so, people were told, and questions are marked."""
    return (
        Attempt.objects.filter(state="scored").count(),
        AuditEvent.objects.filter(action="assessments.finished").count(),
        Notice.objects.filter(kind="exam.scored").count(),
        Mark.objects.count(),
    )


def test_what_it_left_is_finalised_once_by_the_ticks_and_candidates_that_come(
    tmp_path: Path, settings: Settings
) -> None:
    CentreFactory()
    exam, begun = exam_with_items(), timezone.now() - timedelta(hours=1)
    attempts = [answered(started(exam, at=begun), right=5) for _ in range(ATTEMPTS)]
    kill_a_tick_at(3, tmp_path)
    assert finished() == (2, 2, 2, 40)
    first = set(Attempt.objects.exclude(receipt="").values_list("receipt", flat=True))

    settings.TICK_TASKS = ["assessments.tasks.finalise_due"]
    now, lock = timezone.now(), Lock()
    run_tick(now=now)
    assert finished()[0] == 2  # the killed one may be slow, not dead
    calls = [lambda: run_tick(now=now + LEASE + timedelta(seconds=1))] * 4
    calls += [lambda one=one: services.hand_in(person=one.person, attempt_id=one.pk, now=now) for one in attempts]
    calls = iter(list(chain.from_iterable(repeat(calls, 2))))

    def next_one() -> object:
        with lock:
            call = next(calls)
        return call()

    results = in_parallel(2 * (4 + ATTEMPTS), next_one)
    assert not [result for result in results if isinstance(result, Exception)]
    assert finished() == (ATTEMPTS, ATTEMPTS, ATTEMPTS, 20 * ATTEMPTS)
    receipts = set(Attempt.objects.values_list("receipt", flat=True))
    assert len(receipts) == ATTEMPTS
    assert first <= receipts
    assert Evidence.objects.count() == 2 * ATTEMPTS
