"""Sessions: seen, ended by oneself, by HR, by time, by leaving."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, CentreFactory, DepartmentFactory, UserFactory
from training.operations.models import AuditEvent
from training.people import queries, rules, services
from training.people.models import User

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 14; HBN-AL00) AppleWebKit/537.36 Chrome/120 MicroMessenger/8.0.47 Mobile"


@pytest.fixture(autouse=True)
def person() -> User:
    CentreFactory()
    return UserFactory(staff_number="K7", department=DepartmentFactory(code="counter"))


def signed_in(number: str = "K7", place: str = "10.0.0.1", agent: str = CHROME) -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=place)
    client.post(reverse("account_login"), {"login": number, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("people:me")).status_code == 200


def test_one_sees_where_one_is_signed_in() -> None:
    here = signed_in()
    signed_in(place="10.0.0.2", agent=WECHAT)
    page = here.get(reverse("people:security")).content.decode()
    assert "Chrome on Windows" in page
    assert "WeChat on Android" in page
    assert "10.0.0.2" in page
    assert page.count("this one") == 1


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (CHROME, ("Chrome", "Windows")),
        (WECHAT, ("WeChat", "Android")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", ("Firefox", "Linux")),
        ("curl/8", ("", "")),
    ],
)
def test_devices_in_words(agent: str, device: tuple[str, str]) -> None:
    assert rules.device_of(agent) == device


def test_ending_one_of_ones_sessions() -> None:
    here, there, third = signed_in(), signed_in(), signed_in()
    row = UserSession.objects.get(session_key=there.session.session_key)
    here.post(reverse("people:end_own_sessions"), {"session": row.pk})
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    assert AuditEvent.objects.get(action="people.sessions_ended").after == {"sessions": 1}


def test_where_somebody_signed_in_outlives_the_session(person: User) -> None:
    """The log of sign-ins is kept for months (Cybersecurity Law, article 21); the list shows what is open."""
    here, there, left = signed_in(), signed_in(place="10.0.0.2"), signed_in(place="10.0.0.3")
    here.post(reverse("people:end_own_sessions"))
    left.post(reverse("account_logout"))
    signed_in(place="10.0.0.4")
    assert not is_in(there)
    noted = UserSession.objects.filter(user=person).order_by("created_at").values_list("ip", flat=True)
    assert list(noted) == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]
    assert {one.address for one in queries.open_sessions(person, at=timezone.now())} == {"10.0.0.1", "10.0.0.4"}
    here.post(reverse("people:end_own_sessions"))
    ended = AuditEvent.objects.filter(action="people.sessions_ended").order_by("pk")
    assert [event.after for event in ended] == [{"sessions": 2}, {"sessions": 1}]


def test_signing_in_costs_ten_statements_however_many_sessions_there_were(settings: object) -> None:
    settings.FIRST_RUN = True  # as in a real centre: one of the ten asks whether anybody is here
    counts = []
    for _time in range(3):
        client = Client(headers={"user-agent": CHROME})
        with CaptureQueriesContext(connection) as asked:
            client.post(reverse("account_login"), {"login": "K7", "password": PASSWORD})
        control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        counts.append(sum(not query["sql"].startswith(control) for query in asked))
        assert is_in(client)
    assert counts == [10] * 3


def test_signing_in_again_within_a_session_goes_on_with_its_row(person: User) -> None:
    at = timezone.now()
    for place in ("10.0.0.1", "10.0.0.2"):
        services.session_begun(person=person, key="k", address=place, device=CHROME * 9, at=at)
    assert [row.ip for row in UserSession.objects.filter(user=person)] == ["10.0.0.2"]


def test_ending_all_other_sessions() -> None:
    here, there, third = signed_in(), signed_in(), signed_in()
    here.post(reverse("people:end_own_sessions"))
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)


def test_nobody_ends_the_session_of_somebody_else() -> None:
    UserFactory(staff_number="K8")
    here, other = signed_in(), signed_in("K8")
    row = UserSession.objects.get(session_key=other.session.session_key)
    here.post(reverse("people:end_own_sessions"), {"session": row.pk})
    assert is_in(other)


def test_hr_ends_somebodys_sessions(person: User) -> None:
    there = signed_in()
    hr = Client()
    hr.force_login(UserFactory(hr=True, hr_grant__department=person.department))
    assert "Chrome on Windows" in hr.get(reverse("people:person_sign_in", args=["K7"])).content.decode()
    hr.post(reverse("people:end_their_sessions", args=["K7"]))
    assert not is_in(there)
    assert AuditEvent.objects.get(action="people.sessions_ended").person_id == person.pk


def test_hr_of_another_department_finds_nobody() -> None:
    there = signed_in()
    hr = Client()
    hr.force_login(UserFactory(hr=True, hr_grant__department=DepartmentFactory(code="archive")))
    assert hr.get(reverse("people:person_sign_in", args=["K7"])).status_code == 404
    assert hr.post(reverse("people:end_their_sessions", args=["K7"])).status_code == 404
    assert is_in(there)


def test_an_old_cookie_is_dead_after_signing_out() -> None:
    client = signed_in()
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    client.post(reverse("account_logout"))
    assert not is_in(stolen)


def test_signing_in_takes_no_session_number_from_before() -> None:
    planted = Client()
    planted.get(reverse("account_login"))
    planted.session["x"] = 1
    planted.session.save()
    before = planted.session.session_key
    planted.post(reverse("account_login"), {"login": "K7", "password": PASSWORD})
    assert planted.session.session_key != before
    old = Client()
    old.cookies["sessionid"] = before
    assert not is_in(old)


def test_a_session_nobody_uses_ends(settings: object) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        for _request in range(3):
            clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS - 1))
            assert is_in(client)
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1))
        assert not is_in(client)


def test_a_session_in_use_ends_at_its_greatest_age(settings: object) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        for _hour in range(settings.SESSION_ABSOLUTE_SECONDS // 3600):
            clock.shift(timedelta(hours=1))
            assert is_in(client)
        clock.shift(timedelta(seconds=1))
        assert not is_in(client)


def test_use_is_noted_now_and_then_only(person: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        began = timezone.now()
        clock.shift(timedelta(minutes=4))
        client.get(reverse("people:me"))
        assert queries.open_sessions(person, at=timezone.now())[0].seen_at == began
        clock.shift(timedelta(minutes=2))
        client.get(reverse("people:me"), REMOTE_ADDR="10.0.0.9")
        [row] = queries.open_sessions(person, at=timezone.now())
        assert (row.seen_at, row.address) == (timezone.now(), "10.0.0.9")


def test_who_leaves_is_out_with_the_next_request(person: User) -> None:
    client = signed_in()
    assert is_in(client)
    services.leave(person=person, last_day=timezone.localdate(), by="test", at=timezone.now())
    assert not is_in(client)


def test_who_moves_sees_only_what_the_new_place_lets_them(person: User) -> None:
    archive = DepartmentFactory(code="archive")
    services.grant_role(
        person=person,
        role="head",
        department=person.department,
        starts_on=timezone.localdate(),
        until=None,
        by="test",
        at=timezone.now(),
    )
    client = signed_in()
    assert client.get("/people/").status_code == 200
    services.end_role(
        person=person, role="head", department=person.department, on=timezone.localdate(), by="test", at=timezone.now()
    )
    User.objects.filter(pk=person.pk).update(department=archive)
    assert client.get("/people/").status_code == 403
