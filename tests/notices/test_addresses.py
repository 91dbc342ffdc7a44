"""An address of one's own: mailed a link by the worker, confirmed once by the person alone, changed, removed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.telling import told
from training.accountability import tasks as retention
from training.notices import services
from training.notices.models import AddressConfirmation, Delivery
from training.operations.models import AuditEvent
from training.people.models import User
from training.people.services import change_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ADDRESS = "li.na@example.org"
PAGE = "/notices/address/"


@pytest.fixture(autouse=True)
def mailed(settings: Any) -> Iterator[None]:
    settings.NOTICE_CHANNELS = ["training.notices.channels.email.EmailChannel"]
    settings.DEFAULT_FROM_EMAIL = "centre@example.org"
    settings.PUBLIC_URL = "https://training.example"
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> User:
    return UserFactory(staff_number="20418")


@pytest.fixture
def clerk(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


def ask(clerk: Client, address: str = ADDRESS) -> str:
    return clerk.post(PAGE, {"address": address}, follow=True).content.decode()


def deliver() -> None:
    list(services.deliver_due(clock=lambda: datetime.now(UTC), most=50))


def link() -> str:
    """The path of the link in the newest mail."""
    deliver()
    [address] = set(re.findall(r"https://training\.example\S+", mail.outbox[-1].body))
    return urlsplit(address).path


def test_the_request_sends_nothing_and_the_worker_sends_a_link(clerk: Client, person: User) -> None:
    page = ask(clerk)
    assert ADDRESS in page
    assert "on its way" in page
    assert mail.outbox == []
    deliver()
    [sent] = mail.outbox
    assert sent.to == [ADDRESS]
    assert person.display_name not in sent.body  # a stranger who gets it by mistake learns no name
    assert person.staff_number not in sent.body
    assert "The link is sent" in clerk.get(PAGE).content.decode()
    deliver()
    assert len(mail.outbox) == 1


def test_looking_confirms_nothing_and_the_button_does(clerk: Client, person: User) -> None:
    ask(clerk)
    path = link()
    assert ADDRESS in clerk.get(path).content.decode()
    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at) == ("", None)
    told(person, "exam.scored")
    deliver()
    assert len(mail.outbox) == 1

    assert "is confirmed" in clerk.post(path, follow=True).content.decode()
    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at) == (ADDRESS, NOW)
    told(person, "exam.scored")
    deliver()
    assert mail.outbox[-1].to == [ADDRESS]
    actions = AuditEvent.objects.filter(person_id=person.pk).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["notices.address_asked", "people.email_confirmed"]


def test_a_link_that_is_given_up_works_no_more(clerk: Client, person: User) -> None:
    ask(clerk)
    path = link()
    for _time in range(2):
        services.give_up_link(person=person, at=NOW)
    assert clerk.post(path).status_code == 404
    given_up = AuditEvent.objects.get(action="notices.address_given_up")
    assert given_up.before == {"address": ADDRESS}


def test_a_link_works_once_a_day_long_and_for_its_person_alone(clerk: Client, person: User) -> None:
    ask(clerk)
    path = link()
    other = Client()
    other.force_login(UserFactory())
    for answer in (other.get(path), other.post(path)):
        assert answer.status_code == 404
        assert ADDRESS not in answer.content.decode()
    assert Client().get(path).url.startswith(reverse("account_login"))
    with time_machine.travel(NOW + services.LINK_WORKS, tick=False):
        clerk.force_login(person)
        assert clerk.post(path).status_code == 404
    clerk.force_login(person)
    assert clerk.post(path).status_code == 302
    assert clerk.post(path).status_code == 404
    assert clerk.post(PAGE + "nobody-signed-this/").status_code == 404


def test_another_address_counts_from_its_own_link_on(clerk: Client, person: User) -> None:
    ask(clerk)
    first = link()
    ask(clerk, "second@example.org")
    assert clerk.post(first).status_code == 404  # the second link took its place
    clerk.post(link())
    ask(clerk, "third@example.org")
    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at) == ("second@example.org", NOW)
    third = link()
    clerk.post(PAGE + "give-up/")
    assert clerk.post(third).status_code == 404
    person.refresh_from_db()
    assert person.email == "second@example.org"


def test_removing_takes_the_address_and_the_link(clerk: Client, person: User) -> None:
    ask(clerk)
    clerk.post(link())
    ask(clerk, "second@example.org")
    path = link()
    clerk.post(PAGE + "remove/")
    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at) == ("", None)
    assert clerk.post(path).status_code == 404
    assert AuditEvent.objects.get(action="people.email_removed").before == {"email": ADDRESS}
    told(person, "exam.scored")
    assert not Delivery.objects.filter(notice__isnull=False).exists()


def test_a_mailbox_cannot_be_flooded(clerk: Client, person: User) -> None:
    for _time in range(5):
        ask(clerk)
    page = ask(clerk)
    assert "five links within a day" in page
    assert f'value="{ADDRESS}"' in page
    assert AddressConfirmation.objects.count() == 5
    deliver()
    assert len(mail.outbox) == 1  # the four before were replaced before they went
    with time_machine.travel(NOW + timedelta(days=1, minutes=1), tick=False):
        clerk.force_login(person)
        assert "on its way" in ask(clerk)


def test_nobody_learns_that_an_address_is_known(clerk: Client) -> None:
    UserFactory(email=ADDRESS)
    known, unknown = ask(clerk), ask(clerk, "li.mu@example.org")
    assert hidden(known, ADDRESS) == hidden(unknown, "li.mu@example.org")


def hidden(page: str, address: str) -> str:
    return re.sub(r'(csrf\w*" value|nonce)="[^"]+"', "", page.replace(address, "it"))


def test_what_hr_enters_waits_for_the_person(clerk: Client, person: User) -> None:
    person.email, person.email_confirmed_at = ADDRESS, NOW
    person.save()
    officer = UserFactory(hr=True)
    facts = {"display_name": person.display_name, "latin_name": person.latin_name, "language": "en"}
    change_person(person=person, **facts, email=ADDRESS, by=officer, at=NOW)
    assert person.email_confirmed_at
    change_person(person=person, **facts, email="hr@example.org", by=officer, at=NOW)
    person.refresh_from_db()
    assert person.email_confirmed_at is None
    told(person, "exam.scored")
    deliver()
    assert mail.outbox == []

    hr = Client()
    hr.force_login(officer)
    assert "not confirmed" in hr.get("/people/20418/").content.decode()
    page = clerk.get(PAGE).content.decode()
    assert 'value="hr@example.org"' in page
    ask(clerk, "hr@example.org")
    clerk.post(link())
    assert "not confirmed" not in hr.get("/people/20418/").content.decode()


def test_a_link_that_came_too_late_is_not_sent(clerk: Client) -> None:
    ask(clerk)
    with time_machine.travel(NOW + services.LINK_WORKS, tick=False):
        deliver()
    assert mail.outbox == []
    assert Delivery.objects.get().state == Delivery.State.DROPPED


def test_a_centre_without_mail_says_so(clerk: Client, settings: Any) -> None:
    settings.NOTICE_CHANNELS = []
    page = clerk.get(PAGE).content.decode()
    assert "This centre sends no e-mail" in page
    assert "Send me the link" not in page
    ask(clerk)
    assert not AddressConfirmation.objects.exists()


def test_nonsense_is_refused_and_kept(clerk: Client) -> None:
    page = ask(clerk, "li.na at example")
    assert "There is a problem" in page
    assert 'value="li.na at example"' in page


def test_what_was_asked_about_is_forgotten_after_a_month(clerk: Client, person: User) -> None:
    ask(clerk)
    clerk.post(link())
    retention.purge(now=NOW + timedelta(days=30))
    assert AddressConfirmation.objects.exists()
    retention.purge(now=NOW + timedelta(days=34))
    assert not AddressConfirmation.objects.exists()
    person.refresh_from_db()
    assert person.email == ADDRESS
