"""PostgreSQL killed in the middle of an exam (trust requirement R50): a 503 meanwhile, and all goes on by itself."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Attempt, Response
from scripts.throwaway_postgres import CONNECTIONS, Cluster, program, throwaway_cluster
from tests.factories.assessments import exam_with_items, started
from tests.factories.people import CentreFactory
from tests.operations.jobs import wait_for
from tests.outages.candidates import Candidate, Crowd, answers_to, not_kept, play, session_of
from tests.outages.machines import Machine, own_address, whole_platform
from training.operations.models import Job
from training.operations.services import start_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
CANDIDATES = 6
# What is thrown away needs no disk to have it; what was committed must be with the kernel when the server dies.
AS_A_REAL_ONE = (*CONNECTIONS, "fsync=off", "synchronous_commit=on")


@pytest.fixture
def cluster(transactional_db: None) -> Iterator[Cluster]:
    """A server of this test's own with a copy of its database, to which Django is connected meanwhile."""
    with throwaway_cluster(AS_A_REAL_ONE) as own:
        with subprocess.Popen([program("pg_dump"), own_address()], stdout=subprocess.PIPE) as dump:
            words = ["--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", own.url]
            subprocess.run([program("psql"), *words], stdin=dump.stdout, check=True)
        with connected_to(own.url):
            yield own


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(dj_database_url.parse(url))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


async def sit(server: Machine, crowd: Crowd, cluster: Cluster, attempts: list[Attempt]) -> None:
    """Answer while the database dies and comes back, and hand in."""
    papers = [answers_to(attempt) for attempt in attempts]
    total = sum(map(len, papers))
    people = [Candidate(crowd, session_of(attempt.person), attempt.pk) for attempt in attempts]
    saving = asyncio.gather(*(one.save_all(paper) for one, paper in zip(people, papers, strict=True)))
    await crowd.until(lambda: len(crowd.acknowledged) > total // 3)
    assert cluster.server
    os.kill(cluster.server.pid, signal.SIGKILL)
    cluster.server.wait()
    await crowd.until(lambda: crowd.statuses[503] >= CANDIDATES)
    await asyncio.to_thread(the_platform_says_so, server)
    await crowd.until(lambda: "worker | " in server.log.read_text())  # it has noticed
    cluster.start()
    await saving
    await asyncio.gather(*(one.hand_in() for one in people))


def the_platform_says_so(server: Machine) -> None:
    assert server.asked("/healthz") == 200
    assert server.asked("/readyz") == 503
    assert server.asked("/accounts/login/") == 503


def test_everything_goes_on_by_itself_and_nothing_is_lost(tmp_path: Path, cluster: Cluster) -> None:
    CentreFactory()
    exam = exam_with_items()
    attempts = [started(exam, at=timezone.now()) for _ in range(CANDIDATES)]
    deadlines = dict(Attempt.objects.values_list("pk", "deadline"))
    with whole_platform(tmp_path, cluster.url) as server:
        crowd, programs = Crowd(server.port), server.children
        play(sit(server, crowd, cluster, attempts))
        connection.close()  # our own, which the server's death broke
        work = {"task": "tests.operations.jobs.count", "arguments": {}, "label": {"en": "Count"}}
        job = start_job(**work, by="test", at=timezone.now())
        wait_for(Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists, server.must_live)
        assert server.children == programs  # nobody was started anew
    assert crowd.unexpected == []
    assert set(crowd.statuses) <= {200, 302, 503}
    assert not_kept(crowd.acknowledged) == []
    assert Response.objects.count() == len(crowd.acknowledged) == CANDIDATES * 20
    assert dict(Attempt.objects.values_list("pk", "deadline")) == deadlines
    assert set(Attempt.objects.values_list("state", "answered")) == {("scored", 20)}
