"""Candidates of a running exam against a real server: light, many in one process, and stubborn as the exam's script.

What was not acknowledged is sent again unchanged until it is (`static/js/exam/outbox.js` does the same), so whatever
dies meanwhile, an answer is either on record or still with its candidate.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import get_random_string

from assessments.models import Attempt, ItemVersion, Response
from training.people.models import User

HOST = "training.example"
SECONDS_TO_ANSWER = 10.0
"""As long as the exam's script waits for an answer."""
PATIENCE = 900.0
"""Seconds that a state is waited for: states, not times, are what these tests are about."""


class Given(NamedTuple):
    """An answer to a question, as its candidate sees it, on top of a revision."""

    attempt: int
    position: int
    revision: int
    value: Any


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Crowd:
    """What all candidates of a run have seen together. `took` holds seconds by the name of what was asked."""

    port: int
    retry_after: float = 0.1
    acknowledged: list[Given] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)
    handed_in: list[int] = field(default_factory=list)

    async def until(self, comes: Callable[[], object]) -> None:
        """Wait for a state, however slow the machine is."""
        patience = time.monotonic() + PATIENCE
        while not comes():
            assert not self.unexpected, self.unexpected[:5]
            assert time.monotonic() < patience, (self.statuses, self.broken)
            await asyncio.sleep(0.005)


class Candidate:
    """One person's browser at one attempt."""

    def __init__(self, crowd: Crowd, session: str, attempt: int = 0) -> None:
        self.crowd = crowd
        self.attempt = attempt
        token = get_random_string(32)
        self.cookies = {"__Host-sessionid": session, "__Host-csrftoken": token}
        self.headers = {
            "Host": HOST,
            "Connection": "close",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "10.1.2.3",
            "Referer": f"https://{HOST}/",
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }

    async def start(self, exam: str) -> None:
        """Start the attempt, or find the one that is running."""
        reply = await self.insist("start", f"/exams/{exam}/start/", {})
        place = reply.headers.get("location", "")
        if not place.startswith("/exams/attempt/"):
            self.crowd.unexpected.append(f"start {reply.status} {place}")
            return
        self.attempt = int(place.split("/")[3])
        cookie = reply.headers["set-cookie"].partition(";")[0]  # the browser that may answer
        self.cookies.update([cookie.split("=", 1)])

    async def save(self, given: Given) -> None:
        """Send an answer until it is acknowledged."""
        path = f"/exams/attempt/{given.attempt}/{given.position}/answer/"
        reply = await self.insist("save", path, {"revision": given.revision, "value": given.value})
        if reply.status != 200 or json.loads(reply.body)["revision"] != given.revision + 1:
            self.crowd.unexpected.append(f"{path} {reply.status} {reply.body[:200]!r}")
            return
        self.crowd.acknowledged.append(given)

    async def save_all(self, answers: Iterable[Given]) -> None:
        for given in answers:
            await self.save(given)

    async def hand_in(self) -> None:
        """Hand in until it is acknowledged."""
        reply = await self.insist("hand in", f"/exams/attempt/{self.attempt}/hand-in/", {})
        if reply.headers.get("location") != f"/exams/attempt/{self.attempt}/receipt/":
            self.crowd.unexpected.append(f"hand-in {reply.status} {reply.headers}")
            return
        self.crowd.handed_in.append(self.attempt)

    async def insist(self, name: str, path: str, body: dict[str, Any]) -> Reply:
        """Ask again until there is an answer that is not the server's fault."""
        while True:
            reply = await self.ask(name, path, body)
            if reply and reply.status < 500:
                return reply
            await asyncio.sleep(self.crowd.retry_after)

    async def ask(self, name: str, path: str, body: dict[str, Any] | None = None) -> Reply | None:
        """Ask once, a POST with `body` or a GET; None when no whole answer came."""
        began = time.perf_counter()
        try:
            reply = await asyncio.wait_for(self._exchanged(path, body), SECONDS_TO_ANSWER)
        except (OSError, EOFError, TimeoutError) as error:
            self.crowd.broken[type(error).__name__] += 1
            return None
        self.crowd.statuses[reply.status] += 1
        self.crowd.took.setdefault(name, []).append(time.perf_counter() - began)
        return reply

    async def _exchanged(self, path: str, body: dict[str, Any] | None) -> Reply:
        content = b"" if body is None else json.dumps(body).encode()
        head = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        head += ["Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())]
        head += [f"Content-Length: {len(content)}", "", ""]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.crowd.port)
        try:
            writer.write("\r\n".join(head).encode() + content)
            first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
            headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in rows)}
            length = headers.get("content-length")
            received = await (reader.read() if length is None else reader.readexactly(int(length)))
            return Reply(int(first.split()[1]), headers, received)
        finally:
            writer.close()


def play(story: Coroutine[Any, Any, None]) -> None:
    """Run what candidates do; the connection that the event loop had of its own is closed with it."""

    async def whole() -> None:
        try:
            await story
        finally:
            connection.close()

    asyncio.run(whole())


def session_of(person: User) -> str:
    """Sign somebody in without a password and return the session's key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


KINDS = ItemVersion.Kind
MANY = (KINDS.MULTIPLE, KINDS.ORDERING)


def answers_to(attempt: Attempt, *, changed: int = 0) -> list[Given]:
    """Return an answer to every question, and another to the first `changed` of them."""
    answers = []
    for place, item in enumerate(attempt.items.select_related("item_version")):
        numbers = list(range(1, len(item.option_order) + 1))
        many = item.item_version.kind in MANY
        another = defaultdict(lambda: 2, {KINDS.MULTIPLE: numbers[:-1], KINDS.ORDERING: numbers[::-1]})
        answers.append(Given(attempt.pk, item.position, 0, numbers if many else 1))
        if place < changed:
            answers.append(Given(attempt.pk, item.position, 1, another[item.item_version.kind]))
    return answers


def not_kept(acknowledged: Sequence[Given]) -> list[Given]:
    """Return what the server acknowledged and the database has not, or has otherwise."""
    rows = Response.objects.filter(attempt_item__attempt__in={given.attempt for given in acknowledged})
    rows = rows.select_related("attempt_item__item_version")
    kept = {
        (row.attempt_item.attempt_id, row.attempt_item.position, row.revision): row.seen
        for row in rows.iterator(chunk_size=2000)
    }
    missing = object()
    return [
        given
        for given in acknowledged
        if kept.get((given.attempt, given.position, given.revision + 1), missing) != given.value
    ]
