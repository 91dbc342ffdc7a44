"""Signing in, and an exam from its first question to its result."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks.measuring import begin, heading, line, newcomers, page, signed_in, statements_of, timed

SITTERS = 12


def main() -> None:
    begin()
    heading()
    log_in()
    sit()


def log_in() -> None:
    """The form with its token, and the password: the password's hash is most of it."""
    from django.test import Client
    from django.urls import reverse

    from training.people.models import User

    numbers = User.objects.active().filter(staff_number__startswith="204").values_list("staff_number", flat=True)
    address = reverse("account_login")

    def whole(number: str) -> None:
        client = Client()
        client.get(address)
        response = client.post(address, {"login": number, "password": "demo"})
        assert response.status_code == 302, response.status_code

    chosen = list(numbers[: SITTERS + 1])
    times = [timed(partial(whole, number)) for number in chosen[:-1]]
    line("log in, whole", times, statements_of(partial(whole, chosen[-1])), (150, 10, 224))


def sit() -> None:
    """Start, read, answer and hand in as many people as get a place for it; the first of each warms up."""
    from django.urls import reverse
    from django.utils import timezone

    from assessments.models import Attempt, Entitlement, Exam

    exam, now = Exam.objects.filter(is_open=True).order_by("pk").first(), timezone.now()
    people = newcomers(SITTERS)
    for person in people:
        Entitlement.objects.create(person=person, exam=exam, why={"en": "Benchmark"}, granted_at=now)
    clients = {person.pk: signed_in(person.staff_number) for person in people}
    starting = _timed(
        [partial(client.post, reverse("assessments:start", args=[exam.code])) for client in clients.values()]
    )
    attempts = list(Attempt.objects.filter(person__in=clients, exam=exam, state=Attempt.State.OPEN))
    line("start an exam", *starting, (25, 16, 78))
    first = attempts[0]
    page("exam page", clients[first.person_id], reverse("assessments:question", args=[first.pk, 2]), (15, 8, 89))
    line("save an answer", *_timed(list(_answers(attempts, clients))), (6, 4, 34))
    papers = [partial(clients[one.person_id].post, reverse("assessments:hand_in", args=[one.pk])) for one in attempts]
    number = first.items.count()
    line(f"hand in, {number} items", *_timed(papers), (40, 12, 74))


def _answers(attempts: list[Any], clients: dict[int, Any]) -> Any:
    from django.urls import reverse

    from assessments.models import ItemVersion

    many = (ItemVersion.Kind.MULTIPLE, ItemVersion.Kind.ORDERING)
    for attempt in attempts:
        for item in attempt.items.select_related("item_version"):
            numbers = list(range(1, len(item.option_order) + 1))
            value = numbers if item.item_version.kind in many else 1
            address = reverse("assessments:answer", args=[attempt.pk, item.position])
            sent = {"revision": 0, "value": value}
            yield partial(clients[attempt.person_id].post, address, sent, content_type="application/json")


def _timed(steps: list[Callable[[], Any]]) -> tuple[list[tuple[float, float]], int]:
    """Take each step once: the first warms up, the last is counted for its statements."""
    steps[0]()
    times = [timed(step) for step in steps[1:-1]]
    return times, statements_of(steps[-1])


if __name__ == "__main__":
    main()
