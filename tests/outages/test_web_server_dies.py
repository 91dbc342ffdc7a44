"""The web server killed in the middle of an exam (trust requirements R49, R50, R52), on SQLite and PostgreSQL."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from django.utils import timezone

from assessments.models import Attempt, Response
from tests.factories.assessments import exam_with_items, started
from tests.factories.people import CentreFactory
from tests.outages.candidates import Candidate, Crowd, answers_to, not_kept, play, session_of
from tests.outages.machines import Machine, web_server
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True)
CANDIDATES = 8


@pytest.fixture
def attempts() -> list[Attempt]:
    CentreFactory()
    exam = exam_with_items()
    return [started(exam, at=timezone.now()) for _ in range(CANDIDATES)]


def deadlines() -> dict[int, object]:
    return dict(Attempt.objects.values_list("pk", "deadline"))


async def sit(server: Machine, crowd: Crowd, attempts: list[Attempt]) -> None:
    """Answer and hand in while a worker dies, then everything, then a worker again."""
    papers = [answers_to(attempt, changed=4) for attempt in attempts]
    total = sum(map(len, papers))
    people = [Candidate(crowd, session_of(attempt.person), attempt.pk) for attempt in attempts]
    saving = asyncio.gather(*(one.save_all(paper) for one, paper in zip(people, papers, strict=True)))
    await crowd.until(lambda: len(crowd.acknowledged) > total // 4)
    os.kill(server.children[0], signal.SIGKILL)
    await crowd.until(lambda: len(crowd.acknowledged) > total // 2)
    server.kill()
    assert len(crowd.acknowledged) < total
    assert not_kept(crowd.acknowledged) == []
    server.start()
    await saving
    handing_in = asyncio.gather(*(one.hand_in() for one in people))
    await crowd.until(lambda: crowd.handed_in)
    os.kill(server.children[0], signal.SIGKILL)
    await handing_in
    await asyncio.gather(*(one.hand_in() for one in people))


def test_no_acknowledged_answer_is_lost_and_everybody_finishes_once(tmp_path: Path, attempts: list[Attempt]) -> None:
    before = deadlines()
    with web_server(tmp_path) as server:
        crowd = Crowd(server.port)
        play(sit(server, crowd, attempts))
    assert crowd.unexpected == []
    assert crowd.broken
    assert not_kept(crowd.acknowledged) == []
    assert Response.objects.count() == len(crowd.acknowledged) == CANDIDATES * 24  # kept once, however often sent
    assert deadlines() == before
    done = Attempt.objects.all()
    assert {(one.state, one.finished_by, one.answered) for one in done} == {("scored", "candidate", 20)}
    assert len({one.receipt for one in done}) == CANDIDATES
    finished = AuditEvent.objects.filter(action="assessments.finished")
    assert {event.after["receipt"] for event in finished} == {one.receipt for one in done}
    assert finished.count() == Notice.objects.filter(kind="exam.scored").count() == CANDIDATES
