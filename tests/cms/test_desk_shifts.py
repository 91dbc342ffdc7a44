"""The window of the day on the desk: from the roster where there is one, else from the posting."""

from datetime import date

import pytest
from django.test import Client

from tests.factories.people import (
    PostingFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

TODAY = date(2026, 11, 25)


def test_the_roster_says_where_one_stands_and_who_stands_beside(client: Client) -> None:
    person, section = UserFactory(), SectionFactory()
    posted, beside = WindowFactory(number=7, section=section), WindowFactory(number=8, section=section)
    PostingFactory(person=person, window=posted)
    ShiftFactory(person=person, window=posted, day=TODAY)
    ShiftFactory(window=beside, day=TODAY, person__display_name="陈浩")
    ShiftFactory(window=posted, day=TODAY, person__display_name="李娜")
    ShiftFactory(window=beside, day=TODAY, half="afternoon", person__display_name="外人")
    client.force_login(person)
    page = client.get("/desk/").content.decode()
    for told in ("At your window today", "Window 7, Morning", "陈浩 at Window 8", "with 李娜 at the same window"):
        assert told in page
    assert "外人" not in page


def test_without_a_roster_the_posting_says_it(client: Client) -> None:
    person = UserFactory()
    ShiftFactory(person=person, day=date(2026, 11, 24))
    client.force_login(person)
    assert "At your window" not in client.get("/desk/").content.decode()
    PostingFactory(person=person, window=WindowFactory(number=7))
    page = client.get("/desk/").content.decode()
    assert "Window 7" in page
    assert "At your window today" not in page
