"""One run in an empty database: makes an exam and its people, lets them sit it over HTTP, and tells what came of it."""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.measuring import figure, load, megabytes_of

COMPETENCIES, ITEMS_EACH, ASKED_EACH = 2, 60, 30
START_SECONDS, HAND_IN_SECONDS = 10.0, 30.0
AT_LEISURE = 4
ANSWERS_BETWEEN_CLOCKS = 5
GOALS = {"save": "p95 under 300 ms", "start": "p95 under 2,000 ms", "hand in": "p95 under 2,000 ms"}
Paper = list[tuple[int, list[Any]]]
"""Positions, and the answers to change between."""


@dataclass(frozen=True)
class Plan:
    """How many answer at once, how many start and hand in at once; seconds between answers; minutes of answering."""

    candidates: int
    burst: int
    pause: float
    minutes: float


def main(plan: Plan) -> None:
    django.setup()
    from django.conf import settings

    from tests.outages.candidates import Candidate, Crowd, not_kept, session_of
    from tests.outages.machines import own_address, whole_platform

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in by password here
    exam, people = centre(max(plan.candidates, plan.burst))
    with whole_platform(Path(settings.VAR_DIR), own_address()) as server:
        crowd = Crowd(server.port, retry_after=1.5)
        hall = [Candidate(crowd, session_of(person)) for person in people]
        asyncio.run(all_start(hall, exam, plan.burst))
        answering = hall[-plan.candidates :]
        asyncio.run(all_answer(answering, papers_of([one.attempt for one in answering]), plan))
        asyncio.run(all_hand_in(hall[-plan.burst :]))
        assert server.process
        memory = {number: megabytes_of(number) for number in below(server.process.pid)}
        lost = not_kept(crowd.acknowledged)
        locked = server.log.read_text().count("database is locked")
    for name, seconds in crowd.took.items():
        times(name, seconds)
    figure("memory of the largest process", max(memory.values()), "MB", "web worker under 250 MB")
    figure(f"  of all {len(memory)}", sum(memory.values()), "MB, what they share counted for each")
    judge(crowd, lost, locked)


def judge(crowd: Any, lost: Sequence[object], locked: int) -> None:
    """Tell what must not have happened; end with code 1 where it did."""
    faults = sum(number for status, number in crowd.statuses.items() if status >= 500)
    figure("answers acknowledged", len(crowd.acknowledged), "")
    figure("  of these not on record", len(lost), "", "0")
    figure("database is locked", locked, "", "0")
    figure("replies of the server's fault", faults, "", "0")
    figure("requests without a reply", sum(crowd.broken.values()), "", "0")
    figure("replies nobody expected", len(crowd.unexpected), "", "0")
    if lost or locked or faults or crowd.unexpected:
        print(*crowd.unexpected[:5], *lost[:5], sep="\n")
        raise SystemExit(1)


def centre(number: int) -> tuple[str, list[Any]]:
    """Make a centre with an exam of sixty questions and people who have a place in it; return its code and them."""
    from django.utils import timezone

    from assessments.models import Entitlement
    from tests.factories.assessments import exam_with_items
    from tests.factories.people import CentreFactory, DepartmentFactory
    from training.people.models import User

    CentreFactory()
    exam = exam_with_items(competencies=COMPETENCIES, items_each=ITEMS_EACH, asked_each=ASKED_EACH, minutes=120)
    facts = {"department": DepartmentFactory(), "display_name": "考生", "latin_name": "Kao Sheng"}
    people = User.objects.bulk_create(User(staff_number=f"7{place:05}", **facts) for place in range(number))
    why = {"en": "Soak"}
    Entitlement.objects.bulk_create(
        Entitlement(person=person, exam=exam, attempts=1, why=why, granted_at=timezone.now()) for person in people
    )
    return exam.code, people


async def all_start(hall: Sequence[Any], exam: str, number: int) -> None:
    """Let everybody start: those that answer alone at leisure, and so many at once."""
    room = asyncio.Semaphore(AT_LEISURE)

    async def start_at_leisure(one: Any) -> None:
        async with room:
            await one.start(exam)

    await asyncio.gather(*(start_at_leisure(one) for one in hall[:-number]))
    hall[0].crowd.took.clear()
    took = await burst([partial(one.start, exam) for one in hall[-number:]], START_SECONDS)
    figure(f"{number} starts were done after", took, "s", f"{START_SECONDS:.0f} s; {load()}")


async def all_answer(answering: Sequence[Any], papers: Mapping[int, Paper], plan: Plan) -> None:
    """Let all of them answer for as long as was planned."""
    began = time.monotonic()
    until = began + plan.minutes * 60
    await asyncio.gather(*(answer(one, papers[one.attempt], plan.pause, until) for one in answering))
    saved = len(answering[0].crowd.acknowledged) / (time.monotonic() - began)
    figure("answers saved in a second", saved, "", f"{plan.candidates / plan.pause:.0f} if none waited; {load()}")


async def all_hand_in(late: Sequence[Any]) -> None:
    """Let them hand in at once."""
    took = await burst([one.hand_in for one in late], HAND_IN_SECONDS)
    figure(f"{len(late)} hand-ins were done after", took, "s", f"{HAND_IN_SECONDS:.0f} s; {load()}")


async def burst(acts: Sequence[Callable[[], Awaitable[None]]], seconds: float) -> float:
    """Begin the acts evenly within so many seconds; return after how many the last was done."""
    began = time.monotonic()

    async def in_turn(place: int, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(place * seconds / len(acts))
        await act()

    await asyncio.gather(*(in_turn(place, act) for place, act in enumerate(acts)))
    return time.monotonic() - began


async def answer(one: Any, paper: Paper, pause: float, until: float) -> None:
    """Answer question after question, and round again with other answers; ask for the time as the open page does."""
    from tests.outages.candidates import Given

    await asyncio.sleep(random.uniform(0, pause))
    first_clock = random.randrange(ANSWERS_BETWEEN_CLOCKS)  # the pages of a hall do not all ask at the same answer
    for number in count():
        if time.monotonic() > until:
            return
        revision, place = divmod(number, len(paper))
        position, values = paper[place]
        await one.save(Given(one.attempt, position, revision, values[revision % len(values)]))
        if number % ANSWERS_BETWEEN_CLOCKS == first_clock:
            await one.ask("clock", f"/exams/attempt/{one.attempt}/clock/")
        await asyncio.sleep(pause * random.uniform(0.7, 1.3))


def papers_of(attempts: Sequence[int]) -> dict[int, Paper]:
    """Return each attempt's questions by position, with two answers to change between."""
    from assessments.models import AttemptItem, ItemVersion

    kinds = ItemVersion.Kind
    papers: dict[int, Paper] = {attempt: [] for attempt in attempts}
    rows = AttemptItem.objects.filter(attempt__in=attempts).order_by("attempt", "position")
    facts = rows.values_list("attempt", "position", "item_version__kind", "option_order")
    for attempt, position, kind, order in facts.iterator(chunk_size=2000):
        numbers = list(range(1, len(order) + 1))
        many = {kinds.MULTIPLE: [numbers, numbers[:-1]], kinds.ORDERING: [numbers, numbers[::-1]]}
        papers[attempt].append((position, many.get(kind, [1, 2])))
    return papers


def times(name: str, seconds: list[float]) -> None:
    """Print how long requests of a kind took."""
    milliseconds = sorted(1000 * second for second in seconds)
    p50, p95, p99 = (milliseconds[min(int(len(seconds) * part), len(seconds) - 1)] for part in (0.5, 0.95, 0.99))
    goal = f"   goal {GOALS[name]}" if name in GOALS else ""
    print(f"{name:34}{len(seconds):10,} requests, p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, p99 {p99:,.0f} ms{goal}")


def below(number: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield number
    for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
        yield from below(int(child))


if __name__ == "__main__":
    main(Plan(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
