"""Another person's rows: to whoever may not see one it is not there, in the same words and with the same work."""

import re
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.answers import ANSWERS
from tests.access.visits import addressed, send, writes
from tests.access.who import NO_SESSION, Answer
from tests.access.world import CAST, NOBODY, World

# What differs between any two answers: the address itself, repeated in links and forms, and what is drawn by lot.
BY_LOT = re.compile(rb'(nonce|value|name="csrfmiddlewaretoken" value)="[^"]{16,}"')
STRANGERS = ("colleague", "hr elsewhere", "head elsewhere", "other teacher", "examiner")
# A section stands in an address by its course, which is no secret; whose enrolment it is does not.
GUARDED = {
    route: answer
    for route, answer in ANSWERS.items()
    if answer.sees and answer.sees < CAST - NO_SESSION and answer.about != "section"
}


def swapped(row: dict[str, object]) -> dict[str, object]:
    """Return the address of a row that does not exist, for that of one that does."""
    identity, value = next(iter(row.items()))
    no_one = {int: NOBODY, UUID: UUID(int=NOBODY)}.get(type(value), "nobody")
    return {**row, identity: no_one}


def strangers_to(answer: Answer, method: str) -> list[str]:
    return [who for who in STRANGERS if answer.says(who, method) == "nothing"]


def ask(client: Client, method: str, path: str, body: object) -> tuple[int, bytes, int, set[str]]:
    """Return status, text, number of statements and the tables written to."""
    cache.clear()
    with CaptureQueriesContext(connection) as asked, writes() as written:
        response = send(client, method, path, body)
    text = BY_LOT.sub(b"", response.content.replace(path.encode(), b"HERE"))
    return response.status_code, text, len(asked), written


def test_the_table_guards_every_kind_of_row() -> None:
    kinds = {answer.about for answer in GUARDED.values()}
    assert kinds >= {"person", "cell", "notice", "attempt", "result", "certificate", "revocation", "department"}
    assert kinds >= {"running job", "failed job", "done job"}
    assert kinds >= {"mentorship", "proposed", "session", "observation", "case", "round", "authorisation"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_row_of_others_is_like_one_that_does_not_exist(method: str, world: World, clients: dict[str, Client]) -> None:
    tried = 0
    for route, answer in GUARDED.items():
        row, body = world.rows[answer.about], world.bodies.get(route)
        for who in strangers_to(answer, method) if method in answer.methods else ():
            theirs = ask(clients[who], method, addressed(route, row), body)
            no_ones = ask(clients[who], method, addressed(route, swapped(row)), body)
            assert theirs == no_ones, f"{method} {route} as {who}"
            assert (theirs[0], theirs[3]) == (404, set()), f"{method} {route} as {who}"
            tried += 1
    assert tried > 40
