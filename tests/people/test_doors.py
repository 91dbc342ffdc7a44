"""How often the door lets somebody be wrong, whom that stops, and whom it must not."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, CentreFactory, UserFactory
from training.lib.addresses import client_address, network_of
from training.people import services, tasks
from training.people.models import Tally, User

pytestmark = pytest.mark.django_db

HALL, ELSEWHERE = "10.0.0.1", "10.0.0.2"
TOO_MANY = "Too many attempts."


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    return UserFactory(staff_number="K7")


def sign_in(
    number: str, password: str = PASSWORD, place: str = HALL, client: Client | None = None, **headers: str
) -> HttpResponse:
    return (client or Client()).post(
        reverse("account_login"), {"login": number, "password": password}, REMOTE_ADDR=place, headers=headers
    )


def is_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302


def test_two_hundred_from_one_address_sign_in_in_one_minute() -> None:
    """Half past eight: a hall of clerks behind one address, some of whom mistype at first."""
    numbers = [UserFactory(staff_number=f"c{n}").staff_number for n in range(200)]
    with time_machine.travel(timezone.now(), tick=False):
        wrong = [sign_in(number, "mistyped") for number in numbers[:80]]
        assert not any(map(is_in, wrong))
        assert [number for number in numbers if not is_in(sign_in(number))] == []


def test_a_thousand_tries_at_one_account_from_one_place() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answers = [sign_in("K7", f"guess {n}", **{"x-forwarded-for": f"10.9.{n % 250}.9"}) for n in range(1000)]
        stopped = [TOO_MANY in answer.content.decode() for answer in answers]
        assert stopped == [False] * 5 + [True] * 995
        assert TOO_MANY in sign_in("K7").content.decode()
        assert is_in(sign_in("K7", place=ELSEWHERE))


def test_a_thousand_accounts_tried_from_one_place(settings: object) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answers = [sign_in(f"n{n}", "guess", **{"x-forwarded-for": "10.9.9.9"}) for n in range(1000)]
        stopped = [TOO_MANY in answer.content.decode() for answer in answers]
        assert stopped == [False] * 300 + [True] * 700
        assert not is_in(sign_in("K7"))
        assert is_in(sign_in("K7", place=ELSEWHERE))


def test_who_signed_in_here_before_is_not_locked_out_by_the_neighbour() -> None:
    """A colleague in the same hall, behind the same address, types wrong passwords before the exam."""
    own = Client()
    assert is_in(sign_in("K7", client=own))
    own.post(reverse("account_logout"))
    for n in range(400):
        sign_in("K7" if n < 10 else f"n{n}", "guess")
    assert not is_in(sign_in("K7"))
    assert is_in(sign_in("K7", client=own))


def test_a_known_device_has_its_own_limit() -> None:
    own = Client()
    sign_in("K7", client=own)
    own.post(reverse("account_logout"))
    for _try in range(5):
        sign_in("K7", "guess", client=own)
    assert TOO_MANY in sign_in("K7", client=own).content.decode()


def test_a_device_known_to_one_is_not_known_to_another() -> None:
    UserFactory(staff_number="K8")
    own = Client()
    sign_in("K8", client=own)
    own.post(reverse("account_logout"))
    for _try in range(5):
        sign_in("K7", "guess")
    assert TOO_MANY in sign_in("K7", client=own).content.decode()


def test_a_forged_device_is_none() -> None:
    for _try in range(5):
        sign_in("K7", "guess")
    forger = Client()
    forger.cookies["devices"] = "W1wiYVwiLFtdXQ:1abc:forged"
    assert TOO_MANY in sign_in("K7", client=forger).content.decode()


def test_after_five_minutes_one_may_try_again() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(6):
            sign_in("K7", "guess")
        clock.shift(timedelta(minutes=5))
        assert is_in(sign_in("K7"))


def work_of(number: str) -> tuple[int, int, str]:
    """Return how many queries and password hashes a failure takes, and what it says."""
    client, hashed, encode = Client(), [], MD5PasswordHasher.encode
    client.get(reverse("account_login"))
    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as asked:
        patch.setattr(MD5PasswordHasher, "encode", lambda self, *words: hashed.append(1) or encode(self, *words))
        answer = sign_in(number, "guess", client=client)
    return len(asked), len(hashed), str(answer.context["form"].errors)


def test_every_number_takes_the_same_work_and_hears_the_same() -> None:
    UserFactory(staff_number="left", suspended=True)
    fresh = UserFactory(staff_number="fresh")
    services.issue_codes(codes={fresh.pk: "7K2MQ9XA40TB"}, valid_for=timedelta(1), by="test", at=timezone.now())
    sign_in("warm up", "guess", place=ELSEWHERE)
    sign_in("another", "guess")
    works = {number: work_of(number) for number in ("K7", "nobody", "left", "fresh")}
    assert len(set(works.values())) == 1, works
    assert works["K7"][1] == 1


def test_tallies_keep_no_address_and_go_when_they_no_longer_count() -> None:
    sign_in("K7", "guess", place="203.0.113.9")
    kept = str(list(Tally.objects.values()))
    assert "203.0.113.9" not in kept
    assert "K7" not in kept
    tasks.discard_expired_slips(now=timezone.now())
    assert Tally.objects.count() == 2
    tasks.discard_expired_slips(now=timezone.now() + timedelta(minutes=6))
    assert not Tally.objects.exists()


def test_a_limit_counts_from_its_first_failure() -> None:
    limit = [services.Limit("door", 2, timedelta(minutes=5), "k")]
    at = timezone.now()
    services.count_failure(limit, at=at)
    assert not services.is_exhausted(limit, at=at)
    services.count_failure(limit, at=at + timedelta(minutes=4))
    assert services.is_exhausted(limit, at=at + timedelta(minutes=4))
    assert not services.is_exhausted(limit, at=at + timedelta(minutes=5))
    services.count_failure(limit, at=at + timedelta(minutes=6))
    assert not services.is_exhausted(limit, at=at + timedelta(minutes=6))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "198.51.100.7, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.7, 203.0.113.5", "198.51.100.7"),
        (2, "203.0.113.5", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "not an address", "10.0.0.1"),
    ],
)
def test_proxies_of_ours_alone_are_believed(settings: object, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


def test_one_network_of_ipv6_is_one_place() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"
