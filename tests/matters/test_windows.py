"""Which window serves what: from a day, until a day, and never forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.authorisations import MatterFactory
from tests.factories.people import CentreFactory, UserFactory, WindowFactory
from training.matters.models import WindowMatter
from training.matters.services import set_window_matters
from training.operations.models import AuditEvent
from training.people.models import User, Window
from training.people.services import NotAllowedError, PeopleError

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True)


def rows(window: Window) -> list[tuple[str, date, date | None]]:
    found = window.window_matters.order_by("matter__code", "starts_on")
    return list(found.values_list("matter__code", "starts_on", "until"))


def test_what_a_window_serves_from_a_day(hr: User) -> None:
    window, keeps, ends, begins = WindowFactory(), *(MatterFactory(code=code) for code in "abc")
    for matter in (keeps, ends):
        WindowMatter.objects.create(window=window, matter=matter, starts_on=LONG_AGO)
    assert set_window_matters(served={window: [keeps, begins]}, starts_on=TODAY, by=hr, at=AT) == 1
    after = [("a", LONG_AGO, None), ("b", LONG_AGO, YESTERDAY), ("c", TODAY, None)]
    assert rows(window) == after
    event = AuditEvent.objects.get(action="matters.window_serves")
    assert (event.before, event.after) == ({"serves": ["a", "b"]}, {"serves": ["a", "c"], "starts_on": "2026-11-25"})
    assert set_window_matters(served={window: [keeps, begins]}, starts_on=TODAY, by=hr, at=AT) == 0
    assert rows(window) == after
    assert set(WindowMatter.objects.on(TODAY).values_list("matter__code", flat=True)) == {"a", "c"}


def test_what_was_planned_is_replaced_and_what_was_served_stays(hr: User) -> None:
    window, matter = WindowFactory(), MatterFactory(code="a")
    set_window_matters(served={window: [matter]}, starts_on=TOMORROW, by=hr, at=AT)
    set_window_matters(served={window: [matter]}, starts_on=TODAY, by=hr, at=AT)
    assert rows(window) == [("a", TODAY, None)]
    set_window_matters(served={window: []}, starts_on=TODAY, by=hr, at=AT)
    assert rows(window) == []
    WindowMatter.objects.create(window=window, matter=matter, starts_on=YESTERDAY)
    with pytest.raises(PeopleError):
        set_window_matters(served={window: []}, starts_on=LONG_AGO, by=hr, at=AT)


def test_a_closed_window_serves_nothing() -> None:
    row = WindowMatter.objects.create(window=WindowFactory(until=TODAY), matter=MatterFactory(), starts_on=LONG_AGO)
    assert list(WindowMatter.objects.on(TODAY)) == [row]
    assert list(WindowMatter.objects.on(TOMORROW)) == []


def test_many_windows_take_as_many_queries_as_one(hr: User) -> None:
    matters, counts = [MatterFactory() for _n in range(3)], []
    for number in (1, 20):
        served = dict.fromkeys(WindowFactory.create_batch(number), matters)
        person = User.objects.get(pk=hr.pk)
        with CaptureQueriesContext(connection) as captured:
            set_window_matters(served=served, starts_on=TODAY, by=person, at=AT)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_only_hr_of_the_whole_centre_says_what_windows_serve() -> None:
    part = UserFactory()
    hr = UserFactory(hr=True, hr_grant__department=part.department)
    with pytest.raises(NotAllowedError):
        set_window_matters(served={WindowFactory(): []}, starts_on=TODAY, by=hr, at=AT)


def test_the_screen_changes_it_and_tells_the_history(client: Client, hr: User) -> None:
    CentreFactory()
    window, before, after = WindowFactory(number=7), MatterFactory(live=True), MatterFactory(live=True)
    WindowMatter.objects.create(window=window, matter=before, starts_on=LONG_AGO)
    client.force_login(hr)
    with time_machine.travel(AT, tick=False):
        url = reverse("matters:change_window", args=[7])
        page = client.post(url, {"matters": [after.code], "starts_on": "2026-11-25"}, follow=True)
        assert page.status_code == 200
        assert [(row.matter, row.until) for row in page.context["history"]] == [(after, None), (before, YESTERDAY)]
        overview = client.get(reverse("matters:windows"))
        assert list(overview.context["unserved"]) == [before]
        faulty = client.post(url, {"matters": [before.code], "starts_on": "soon"})
    assert faulty.context["chosen"] == {before.code}
    assert "Error: " in faulty.content.decode()


def test_the_list_takes_as_many_queries_for_one_window_as_for_thirty(client: Client, hr: User) -> None:
    CentreFactory()
    client.force_login(hr)
    counts = []
    for number in (1, 29):
        for window in WindowFactory.create_batch(number):
            WindowMatter.objects.create(window=window, matter=MatterFactory(live=True), starts_on=LONG_AGO)
        client.get(reverse("matters:windows"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("matters:windows"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
