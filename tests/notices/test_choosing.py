"""How one is told: choosing it, the digest before it goes, ending a kind from a mail, the administrator's page."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.telling import AT, told
from training.notices.models import Choice, Delivery, How
from training.notices.unsubscribing import unsubscribe_url
from training.operations.models import AuditEvent
from training.people.models import User

MAIL = ["training.notices.channels.email.EmailChannel"]
BOTH = [*MAIL, "training.notices.channels.webhook.WebhookChannel"]
SETTINGS, CHANNELS = "/notices/settings/", "/notices/channels/"


@pytest.fixture(autouse=True)
def by_mail(db: None) -> Iterator[None]:
    CentreFactory()
    with override_settings(NOTICE_CHANNELS=MAIL, PUBLIC_URL=""):
        yield


@pytest.fixture
def person() -> User:
    return UserFactory(email="li.na@example.org")


@pytest.fixture
def mine(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def wanted(**changes: str) -> dict[str, str]:
    themes = {
        "exams": "now",
        "coaching": "digest",
        "learning": "digest",
        "certificates": "digest",
        "administration": "digest",
    }
    return {f"{theme}-email": how for theme, how in {**themes, **changes}.items()}


def test_choices_are_kept_with_their_event(mine: Client, person: User) -> None:
    assert mine.post(SETTINGS, wanted(coaching="never", learning="now")).url == SETTINGS
    assert {(row.theme, row.how) for row in person.notice_choices.all()} >= {("coaching", "never"), ("learning", "now")}
    event = AuditEvent.objects.get(action="notices.chosen")
    assert event.person_id == person.pk
    assert event.after["coaching email"] == "never"
    mine.post(SETTINGS, wanted(coaching="never", learning="now"))
    assert AuditEvent.objects.filter(action="notices.chosen").count() == 1


def test_a_choice_that_does_not_exist_is_told(mine: Client, person: User) -> None:
    shown = mine.post(SETTINGS, wanted(coaching="sometimes")).content.decode()
    assert "There is a problem" in shown
    assert not Choice.objects.exists()


def test_without_channels_the_page_says_so(mine: Client) -> None:
    with override_settings(NOTICE_CHANNELS=[]):
        assert "This centre tells people in the inbox only" in page(mine, SETTINGS)
        assert "This centre tells people in the inbox only" in page(mine, "/notices/digest/")


def test_who_is_not_reached_is_told_why(client: Client) -> None:
    client.force_login(UserFactory())
    assert "E-mail does not reach you" in page(client, SETTINGS)


def test_the_digest_is_shown_before_it_goes(mine: Client, person: User) -> None:
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        assert "Nothing: you have read everything" in page(mine, "/notices/digest/")
        told(person, course="Queues", path="/courses/q/")
        told(UserFactory(), course="CANARY")
        shown = page(mine, "/notices/digest/")
    assert "Queues" in shown
    assert 'href="/courses/q/"' in shown
    assert "CANARY" not in shown


def link(person: User, theme: str = "learning") -> str:
    return unsubscribe_url(person_id=person.pk, theme=theme, channel="email")


def test_a_link_in_a_mail_ends_one_kind_without_a_login(client: Client, person: User) -> None:
    assert "Courses and policies" in page(client, link(person))
    assert not Choice.objects.exists()
    assert "Ended" in client.post(link(person)).content.decode()
    assert [(row.theme, row.how) for row in person.notice_choices.all()] == [("learning", How.NEVER)]
    assert client.post(link(person)).status_code == 200


@pytest.mark.parametrize("spoil", [lambda url: url[:-3] + "xx/", lambda _url: "/notices/unsubscribe/x/"])
def test_a_link_nobody_signed_is_none(client: Client, person: User, spoil: Callable[[str], str]) -> None:
    assert client.post(spoil(link(person))).status_code == 404
    assert not Choice.objects.exists()


def test_a_link_ends_nothing_that_is_not_there(client: Client, person: User) -> None:
    assert client.post(link(person, theme="weather")).status_code == 404
    with override_settings(NOTICE_CHANNELS=[]):
        assert client.post(link(person)).status_code == 404
    assert client.post(link(UserFactory(suspended=True))).status_code == 404


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(administrator=True, email="admin@example.org"))
    return client


def test_the_administrator_sees_what_works_and_what_failed(administrator: Client, person: User) -> None:
    told(person, "exam.scored")
    Delivery.objects.update(error={"en": "The mail server cannot be reached."})
    with override_settings(NOTICE_CHANNELS=BOTH, EMAIL_HOST="mail", DEFAULT_FROM_EMAIL="c@example.org"):
        shown = page(administrator, CHANNELS)
    assert "Ready" in shown
    assert "NOTICE_WEBHOOK_URL is empty" in shown
    assert "The mail server cannot be reached." in shown


def test_the_page_takes_as_many_queries_for_many_failures(
    administrator: Client, person: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(12):
        told(person, "exam.scored")
    Delivery.objects.update(error={"en": "x"})
    with django_assert_max_num_queries(14):
        page(administrator, CHANNELS)


def test_a_test_message_goes_the_way_of_all_others(administrator: Client) -> None:
    assert administrator.post(reverse("notices:test", args=["email"])).url == CHANNELS
    delivery = Delivery.objects.get()
    assert delivery.notice.kind == "channel.tested"
    assert delivery.state == Delivery.State.WAITING
    assert AuditEvent.objects.filter(action="notices.channel_tested").count() == 1
    assert administrator.post(reverse("notices:test", args=["pigeon"])).status_code == 404


def test_who_is_not_reached_gets_no_test_message(client: Client) -> None:
    client.force_login(UserFactory(administrator=True))
    shown = client.post(reverse("notices:test", args=["email"]), follow=True).content.decode()
    assert "This channel does not reach you" in shown
    assert not Delivery.objects.exists()
