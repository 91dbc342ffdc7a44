"""Notices: what they say in both languages, whom they reach, and reading them."""

from datetime import UTC, date, datetime
from string import Formatter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories.people import CentreFactory, UserFactory
from training.notices.models import Notice
from training.notices.services import UnknownNoticeError, notify
from training.notices.texts import TEXTS
from training.people.models import Role, User

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COURSE = {"en": "One-time notice", "zh-hans": "一次性告知"}
SAMPLES: dict[str, Any] = {
    "exam": COURSE,
    "certificate": COURSE,
    "course": COURSE,
    "matter": COURSE,
    "score": 87,
    "day": AT,
    "starts_on": date(2026, 12, 1),
    "due_on": date(2026, 12, 1),
    "role": Role.TEACHER.label,
}
FACTS = {kind: {place: SAMPLES.get(place, "李娜") for place in text.places} for kind, text in TEXTS.items()}


def told(person: User, kind: str = "course.assigned", path: str = "/desk/", **facts: object) -> Notice:
    notice = notify(person=person, kind=kind, facts=FACTS[kind] | facts, path=path, at=AT)
    assert notice is not None
    return notice


@pytest.fixture
def person(db: None) -> User:
    CentreFactory()
    return UserFactory()


@pytest.fixture
def inbox(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_is_complete(person: User, kind: str, language: str) -> None:
    notice = told(person, kind)
    notice.refresh_from_db()
    with translation.override(language):
        sentence = notice.sentence
        places = {name for _text, name, _format, _conversion in Formatter().parse(str(TEXTS[kind].sentence)) if name}
    assert places == FACTS[kind].keys()
    assert "{" not in sentence
    assert "2026-" not in sentence


def test_facts_are_said_in_the_reader_s_language(person: User) -> None:
    notice = told(person)
    with translation.override("en"):
        assert notice.sentence == "The course “One-time notice” was assigned to you, due Tue 1 Dec."
    with translation.override("zh-hans"):
        assert "一次性告知" in notice.sentence
        assert "12月1日" in notice.sentence


def test_braces_in_a_fact_are_text(person: User) -> None:
    notice = told(person, course="{person.password} %(x)s {0}")
    assert "{person.password} %(x)s {0}" in notice.sentence


@pytest.mark.parametrize(("kind", "facts"), [("exam.lost", {}), ("exam.scored", {"exam": "x"})])
def test_what_cannot_be_said_is_not_kept(person: User, kind: str, facts: dict[str, str]) -> None:
    with pytest.raises(UnknownNoticeError):
        notify(person=person, kind=kind, facts=facts, path="", at=AT)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_nobody_suspended_is_told() -> None:
    gone = UserFactory(suspended=True)
    assert notify(person=gone, kind="exam.scored", facts=FACTS["exam.scored"], path="", at=AT) is None
    assert not Notice.objects.exists()


def test_the_inbox_shows_new_ones_first_and_nobody_else_s(inbox: Client, person: User) -> None:
    old = told(person, course="Old news")
    Notice.objects.filter(pk=old.pk).update(read_at=AT)
    told(person, course="Fresh news")
    told(UserFactory(), course="CANARY")
    page = inbox.get(reverse("notices:inbox")).content.decode()
    assert page.index("Fresh news") < page.index("Old news")
    assert "CANARY" not in page
    assert "1 notice is new." in page


def test_an_empty_inbox_says_why(inbox: Client) -> None:
    assert "No notices yet" in inbox.get(reverse("notices:inbox")).content.decode()


def test_opening_marks_as_read_and_leads_on(inbox: Client, person: User) -> None:
    notice = told(person, path="/courses/1/?a=b")
    assert inbox.post(reverse("notices:read", args=[notice.pk])).url == "/courses/1/?a=b"
    notice.refresh_from_db()
    first = notice.read_at
    inbox.post(reverse("notices:read", args=[notice.pk]))
    notice.refresh_from_db()
    assert first is not None
    assert notice.read_at == first


@pytest.mark.parametrize("path", ["", "//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(inbox: Client, person: User, path: str) -> None:
    notice = told(person, path=path)
    assert inbox.post(reverse("notices:read", args=[notice.pk])).url == reverse("notices:inbox")


def test_somebody_else_s_notice_is_not_there(inbox: Client) -> None:
    other = told(UserFactory())
    assert inbox.post(reverse("notices:read", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_read_at_once_but_only_one_s_own(inbox: Client, person: User) -> None:
    told(person)
    told(person)
    other = told(UserFactory())
    inbox.post(reverse("notices:read_all"))
    assert list(Notice.objects.filter(read_at=None)) == [other]


def test_looking_changes_nothing(inbox: Client, person: User) -> None:
    notice = told(person)
    inbox.get(reverse("notices:inbox"))
    assert inbox.get(reverse("notices:read", args=[notice.pk])).status_code == 405
    assert inbox.get(reverse("notices:read_all")).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_as_many_queries_for_fifty_as_for_one(inbox: Client, person: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            inbox.get(reverse("notices:inbox"))
        return len(captured)

    told(person)
    queries()
    for_one = queries()
    for _notice in range(49):
        told(person)
    assert queries() == for_one


def test_the_inbox_needs_a_login(client: Client, db: None) -> None:
    assert client.get(reverse("notices:inbox")).status_code == 302
