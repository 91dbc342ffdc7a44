"""What is posted needs the token of a form of ours, whoever posts it."""

from django.test import Client

from tests.access.answers import ANSWERS
from tests.access.visits import addressed, send, writes
from tests.access.who import NO_SESSION
from tests.access.world import CAST, World


def test_without_its_token_no_form_does_anything(world: World) -> None:
    tried = 0
    for route, answer in ANSWERS.items():
        if "POST" not in answer.methods:
            continue
        who = next((who for who in sorted(CAST - NO_SESSION) if answer.says(who, "POST") == "welcome"), "owner")
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(world.people[who])
        path = addressed(route, world.rows[answer.about] if answer.about else {})
        with writes() as written:
            response = send(strict, "POST", path, world.bodies.get(route))
        assert (response.status_code, written) == (403, set()), f"{route} as {who}"
        tried += 1
    assert tried > 40
