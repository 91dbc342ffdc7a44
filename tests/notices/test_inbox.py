"""The inbox: what stands together, what is filtered, and marking as read with a way back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.telling import AT, told
from training.notices.models import Notice
from training.notices.queries import unread_count
from training.notices.queries.inbox import MOST_COUNTED, SHOWN
from training.people.models import Centre, User

INBOX = "/notices/"
WEDNESDAY = AT + timedelta(days=2)


@pytest.fixture
def person(db: None) -> User:
    CentreFactory()
    return UserFactory()


@pytest.fixture
def inbox(client: Client, person: User) -> Iterator[Client]:
    client.force_login(person)
    with time_machine.travel(WEDNESDAY, tick=False):
        yield client


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"{INBOX}{query}")
    assert response.status_code == 200
    return response.content.decode()


def told_at(person: User, *moments: datetime, kind: str = "session.logged", **facts: object) -> None:
    for at in moments:
        told(person, kind, at=at, **facts)


def test_the_newest_comes_first_and_nobody_else_s_comes_at_all(inbox: Client, person: User) -> None:
    told(person, course="Old news", at=AT)
    told(person, "role.granted", role="Fresh news", at=AT + timedelta(hours=1))
    told(UserFactory(), course="CANARY")
    page = shown(inbox)
    assert page.index("Fresh news") < page.index("Old news")
    assert "CANARY" not in page
    assert "2 notices are new." in page


def test_an_empty_inbox_says_why(inbox: Client) -> None:
    assert "No notices yet" in shown(inbox)


def test_days_stand_under_their_distance(inbox: Client, person: User) -> None:
    told(person, course="Of today", at=WEDNESDAY - timedelta(hours=1))
    told(person, course="Of Monday", at=AT)
    told(person, course="Of Sunday", at=AT - timedelta(days=1))
    page = shown(inbox)
    order = ["Today", "Of today", "Earlier this week", "Of Monday", "Before this week", "Of Sunday"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_several_of_a_kind_and_day_become_one_line(inbox: Client, person: User) -> None:
    told_at(person, *(AT + timedelta(minutes=n) for n in range(3)), teacher="Li Na")
    told_at(person, AT - timedelta(days=1), teacher="Zhou Min")
    page = shown(inbox)
    assert "3 coaching sessions to confirm" in page
    assert page.count("Li Na logged a coaching session") == 3
    assert page.count("Zhou Min logged a coaching session") == 1
    assert "4 coaching sessions" not in page


def test_a_day_is_a_day_where_the_centre_is(inbox: Client, person: User) -> None:
    last_of_sunday, first_of_monday = (datetime.fromisoformat(f"2026-11-22T{at}+00:00") for at in ("15:59", "16:00"))
    told_at(person, last_of_sunday, first_of_monday)
    assert "2 coaching sessions" not in shown(inbox)


def test_a_kind_without_a_line_for_several_shows_the_newest(inbox: Client, person: User) -> None:
    told(person, "role.granted", role="Editor", at=AT)
    told(person, "role.granted", role="Reviewer", at=AT + timedelta(minutes=1))
    assert "You now hold the role Reviewer. (and 1 more)" in shown(inbox)


def test_a_long_line_leads_to_all_of_it(inbox: Client, person: User) -> None:
    told_at(person, *(AT + timedelta(minutes=n) for n in range(SHOWN + 5)))
    page = shown(inbox)
    assert page.count("logged a coaching session of") == SHOWN
    assert f"Show all {SHOWN + 5}" in page
    assert "?kind=session.logged&amp;day=2026-11-23" in page
    each = shown(inbox, "?kind=session.logged&day=2026-11-23")
    assert each.count("logged a coaching session of") == SHOWN + 5


def test_the_filter_keeps_unread_ones_and_a_theme(inbox: Client, person: User) -> None:
    told(person, course="Read course")
    inbox.post(reverse("notices:read_many"))
    told(person, course="New course")
    told(person, "role.granted", role="New role")
    unread = shown(inbox, "?state=unread")
    assert "Read course" not in unread
    assert "New course" in unread
    learning = shown(inbox, "?theme=learning")
    assert "Read course" in learning
    assert "New role" not in learning


@pytest.mark.parametrize("query", ["?state=x", "?theme=x", "?day=2026-02-30", "?kind=x", "?page=x", "?day=x&kind=y"])
def test_a_filter_that_cannot_be_read_filters_nothing(inbox: Client, person: User, query: str) -> None:
    told(person, course="Here")
    assert "Here" in shown(inbox, query)


def test_a_filter_that_nothing_fits_leads_back(inbox: Client, person: User) -> None:
    told(person)
    page = shown(inbox, "?theme=exams")
    assert "No notice fits this filter" in page
    assert "Show all notices" in page


def test_opening_marks_as_read_and_leads_on(inbox: Client, person: User) -> None:
    notice = told(person, path="/courses/1/?a=b")
    assert inbox.post(reverse("notices:read", args=[notice.pk])).url == "/courses/1/?a=b"
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    with time_machine.travel(WEDNESDAY + timedelta(hours=1), tick=False):
        inbox.post(reverse("notices:read", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first


def test_marking_one_as_read_stays_and_can_be_undone(inbox: Client, person: User) -> None:
    notice, other = told(person), told(person)
    back = inbox.post(f"{reverse('notices:read', args=[notice.pk])}?state=unread", {"stay": "1"}).url
    assert back.startswith(f"{INBOX}?state=unread&read=")
    assert list(person.notices.filter(read_at=None)) == [other]
    page = inbox.get(back).content.decode()
    assert "Marked as read." in page
    assert inbox.post(back.replace(INBOX, reverse("notices:undo"))).url == f"{INBOX}?state=unread"
    assert person.notices.filter(read_at=None).count() == 2


@pytest.mark.parametrize("path", ["", "//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(inbox: Client, person: User, path: str) -> None:
    notice = told(person, path=path)
    assert inbox.post(reverse("notices:read", args=[notice.pk])).url.startswith(f"{INBOX}?read=")


def test_somebody_else_s_notice_is_not_there(inbox: Client) -> None:
    other = told(UserFactory())
    assert inbox.post(reverse("notices:read", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_read_at_once_but_only_one_s_own_and_undone(inbox: Client, person: User) -> None:
    before = told(person)
    Notice.objects.filter(pk=before.pk).update(read_at=AT)
    told(person)
    told(person)
    other = told(UserFactory())
    back = inbox.post(reverse("notices:read_many")).url
    assert list(Notice.objects.filter(read_at=None)) == [other]
    inbox.post(back.replace(INBOX, reverse("notices:undo")))
    assert person.notices.filter(read_at=None).count() == 2


def test_undo_touches_nobody_else(inbox: Client) -> None:
    other = told(UserFactory())
    Notice.objects.filter(pk=other.pk).update(read_at=WEDNESDAY)
    inbox.post(reverse("notices:undo"), query_params={"read": WEDNESDAY.isoformat()})
    other.refresh_from_db()
    assert other.read_at == WEDNESDAY


@pytest.mark.parametrize("moment", ["", "x", "2026-02-30T01:00:00+00:00", "2026-11-25T01:00:00"])
def test_undo_of_nothing_changes_nothing(inbox: Client, person: User, moment: str) -> None:
    notice = told(person)
    Notice.objects.filter(pk=notice.pk).update(read_at=WEDNESDAY)
    assert inbox.post(reverse("notices:undo"), query_params={"read": moment}).url == INBOX
    notice.refresh_from_db()
    assert notice.read_at == WEDNESDAY


def test_only_what_the_filter_shows_is_marked(inbox: Client, person: User) -> None:
    told(person)
    kept = told(person, "role.granted")
    inbox.post(f"{reverse('notices:read_many')}?theme=learning")
    assert list(person.notices.filter(read_at=None)) == [kept]


def test_only_one_line_is_marked(inbox: Client, person: User) -> None:
    told_at(person, AT, AT + timedelta(minutes=1), AT - timedelta(days=1))
    back = inbox.post(f"{reverse('notices:read_many')}?kind=session.logged&day=2026-11-23").url
    assert "kind" not in back
    left = person.notices.get(read_at=None)
    assert left.created_at.date() == date(2026, 11, 22)


def test_looking_changes_nothing(inbox: Client, person: User) -> None:
    notice = told(person)
    shown(inbox)
    for address in (reverse("notices:read", args=[notice.pk]), reverse("notices:read_many"), reverse("notices:undo")):
        assert inbox.get(address).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_as_many_queries_for_ten_thousand_as_for_one(inbox: Client, person: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(inbox)
        return len(captured)

    notice = told(person)
    queries()
    for_one = queries()
    Notice.objects.bulk_create(
        (
            Notice(
                person=person,
                kind=notice.kind,
                facts=notice.facts,
                path="/desk/",
                created_at=AT - timedelta(hours=n // 40),
            )
            for n in range(10_000)
        ),
        batch_size=1000,
    )
    assert queries() == for_one


def test_the_bell_says_how_many_are_new_to_eye_and_ear(inbox: Client, person: User) -> None:
    assert "bell-count" not in shown(inbox)
    told(person)
    page = shown(inbox)
    assert '<span class="bell-count" aria-hidden="true">1</span><span class="vh">, 1 unread</span>' in page
    Notice.objects.bulk_create(
        Notice(person=person, kind="role.granted", facts={"role": "x"}, created_at=AT) for _n in range(MOST_COUNTED + 5)
    )
    assert Centre.objects.annotate(unread=unread_count(person)).get().unread == MOST_COUNTED
    assert '<span class="bell-count" aria-hidden="true">99+</span>' in shown(inbox)


def test_the_inbox_needs_a_login(client: Client, db: None) -> None:
    assert client.get(INBOX).status_code == 302
