"""Where somebody reads and for how long; a clause as it reads today; questions inside a lesson."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Course, Enrolment, UnitProgress, UnitVersion
from courses.services import learning
from courses.services.reading import MOST_AT_ONCE, Place, keep_place
from tests.factories.courses import CourseFactory
from tests.factories.matters import clause_draft, policy_draft
from tests.factories.people import CentreFactory, UserFactory
from tests.factories.practice import practice_exam
from training.matters.models import ClauseVersion
from training.matters.services import publish_policy
from training.people.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client: Client) -> User:
    CentreFactory()
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def enrolment(person: User) -> Enrolment:
    return learning.enrol(person=person, course=CourseFactory(units=(3, 1)), by=person, at=NOW)


def keeps(enrolment: Enrolment, section: int, *, seen: int = 0, at: int = 0, visible: float = 0) -> UnitProgress:
    """Tell of a place in the first lesson: seen and told so many seconds from now."""
    unit = UnitVersion.objects.filter(course_version=enrolment.version)[0]
    moments = {"seen_at": NOW + timedelta(seconds=seen), "at": NOW + timedelta(seconds=at)}
    return keep_place(enrolment=enrolment, unit=unit, place=Place(section, 1, section), visible=visible, **moments)


def address(name: str, enrolment: Enrolment, number: int = 1) -> str:
    return reverse(f"courses:{name}", args=[enrolment.course.slug, "lesson-1", number])


# ---------------------------------------------------------------- the place


def test_of_two_devices_the_one_that_read_last_wins_whichever_tells_first(enrolment: Enrolment) -> None:
    keeps(enrolment, 3, seen=20, at=21)
    stale = keeps(enrolment, 1, seen=10, at=60)
    assert (stale.section, stale.line) == (3, 3)
    assert keeps(enrolment, 2, seen=59, at=61).section == 2


def test_a_device_whose_clock_runs_ahead_does_not_win_for_ever(enrolment: Enrolment) -> None:
    keeps(enrolment, 3, seen=10_000, at=10)
    assert keeps(enrolment, 1, seen=15, at=16).section == 1


def test_finishing_a_section_moves_the_place_on(enrolment: Enrolment) -> None:
    keeps(enrolment, 1)
    unit = UnitVersion.objects.filter(course_version=enrolment.version)[0]
    learning.finish_section(enrolment=enrolment, unit=unit, number=1, at=NOW + timedelta(seconds=30))
    late = keeps(enrolment, 1, seen=20, at=40)
    assert (late.section, late.passage, late.line) == (2, 0, 0)


def test_the_page_says_where_to_read_on_in_the_section_that_was_read_last(client: Client, enrolment: Enrolment) -> None:
    sent = client.post(address("keep_place", enrolment, 2), {"passage": 1, "line": 4, "age": 500, "visible": "12.5"})
    assert sent.status_code == 204
    assert client.get(reverse("courses:resume", args=[enrolment.course.slug])).headers["Location"] == address(
        "section", enrolment, 2
    )
    assert 'data-at-passage="1" data-at-line="4"' in client.get(address("section", enrolment, 2)).content.decode()
    assert 'data-at-passage="0" data-at-line="0"' in client.get(address("section", enrolment, 1)).content.decode()


@pytest.mark.parametrize("told", [{}, {"passage": "x"}, {"passage": 1, "line": -1, "age": 0, "visible": 1}])
def test_what_is_no_place_is_refused(client: Client, enrolment: Enrolment, told: dict[str, Any]) -> None:
    assert client.post(address("keep_place", enrolment), told).status_code == 400
    assert not UnitProgress.objects.exists()


def test_nobody_keeps_a_place_in_a_course_they_do_not_learn(client: Client, enrolment: Enrolment) -> None:
    client.force_login(UserFactory())
    told = {"passage": 1, "line": 1, "age": 0, "visible": 1}
    assert client.post(address("keep_place", enrolment), told).status_code == 404


# ---------------------------------------------------------------- the time


def test_no_more_counts_than_has_passed_since_it_told_the_last_time(enrolment: Enrolment) -> None:
    assert keeps(enrolment, 1, at=0, visible=30).seconds == 30
    assert keeps(enrolment, 1, at=20, visible=3000).seconds == 50
    assert keeps(enrolment, 1, at=4000, visible=3000).seconds == 50 + MOST_AT_ONCE
    assert keeps(enrolment, 1, at=4030, visible=0).seconds == 50 + MOST_AT_ONCE


def test_two_windows_do_not_count_the_same_minute_twice(enrolment: Enrolment, person: User) -> None:
    other = learning.enrol(person=person, course=CourseFactory(units=(1,)), by=person, at=NOW)
    keeps(enrolment, 1, at=30, visible=30)
    assert keeps(other, 1, at=31, visible=30).seconds == 1


def test_the_course_says_how_long_it_was_read(client: Client, enrolment: Enrolment) -> None:
    UnitProgress.objects.filter(pk=keeps(enrolment, 1).pk).update(seconds=1500)
    assert "25 min" in client.get(reverse("courses:course", args=[enrolment.course.slug])).content.decode()


# ---------------------------------------------------------------- the size of the text


def test_the_device_keeps_the_size_of_the_text(client: Client, enrolment: Enrolment) -> None:
    page = address("section", enrolment)
    assert "data-text-size=" not in client.get(page).content.decode().split("<body")[0]
    assert client.post("/text-size/", {"size": "large", "next": page}).headers["Location"] == page
    assert 'data-text-size="large"' in client.get(page).content.decode().split("<body")[0]
    client.post("/text-size/", {"size": "huge", "next": "https://elsewhere.example/"})
    assert "data-text-size=" not in client.get(page).content.decode().split("<body")[0]


# ---------------------------------------------------------------- a clause as it reads today


def test_a_clause_shows_what_it_says_differently_from_the_lesson(client: Client, person: User) -> None:
    first = clause_draft("Within 30 days.")
    draft = policy_draft(first)
    publish_policy(draft=draft, language="en", by=None, at=NOW)
    cited = ClauseVersion.objects.get()
    path = reverse("courses:clause_today", args=[cited.pk])
    as_part = {"headers": {"HX-Request": "true"}}
    assert "Within 30 days." in client.get(path, **as_part).content.decode()
    later = clause_draft("Within 60 days.", uid=first.uid)
    publish_policy(draft=policy_draft(later, uid=draft.uid, slug=draft.slug), language="en", by=None, at=NOW)
    shown = client.get(path, **as_part).content.decode()
    assert "<del>30</del><ins>60</ins>" in shown
    assert "reads differently from" in shown
    assert client.get(path).headers["Location"].startswith(f"/policies/{draft.slug}/#clause-")
    assert client.get(reverse("courses:clause_today", args=[0]), **as_part).status_code == 404


# ---------------------------------------------------------------- practice


def asks(course: Course, **value: Any) -> None:
    """Let the first section of a course ask questions."""
    unit = UnitVersion.objects.filter(course_version__course=course)[0]
    block = {"type": "practice", "value": {"items": [], "competency": "", "number": 3} | value}
    for sections in unit.sections.values():
        sections[0]["blocks"] = [block]
    unit.save()


def test_named_questions_stand_in_the_lesson_and_their_keys_do_not(client: Client, enrolment: Enrolment) -> None:
    exam = practice_exam(items=2, asked=1)
    items = list(exam.bank.items.order_by("pk"))
    versions = [item.versions.get() for item in items]
    for version in versions:
        version.rationale = {"en": "KEY-7f3"}
        version.save()
    asks(enrolment.course, items=[*(f"{exam.bank.code}/{item.code}" for item in items), f"{exam.bank.code}/gone"])
    page = client.get(address("section", enrolment)).content.decode()
    assert [f'data-practice="practice-{version.pk}"' in page for version in versions] == [True, True]
    assert "KEY-7f3" not in page
    to = reverse("assessments:practise_item", args=[exam.bank.code, items[0].code])
    sent_to = f"{to}?back={address('section', enrolment).replace('/', '%2F')}"
    assert f'action="{sent_to}"' in page
    answered = client.post(sent_to, {"revision": "0", "action": "check", "choice": "1"}).content.decode()
    assert "KEY-7f3" in answered
    assert f'href="{address("section", enrolment)}"' in answered


def test_questions_are_drawn_about_a_competency_the_same_each_time(client: Client, enrolment: Enrolment) -> None:
    exam = practice_exam(items=6)
    competency = exam.bank.items.all()[0].competency.code
    asks(enrolment.course, competency=competency, number=2)
    page = client.get(address("section", enrolment)).content.decode()
    assert page.count("data-practice=") == 2
    assert client.get(address("section", enrolment)).content.decode().count("data-practice=") == 2


def test_a_bank_for_exams_is_never_practised(client: Client, enrolment: Enrolment) -> None:
    exam = practice_exam(items=1, asked=1)
    item = exam.bank.items.get()
    exam.bank.for_practice = False
    exam.bank.save()
    asks(enrolment.course, items=[f"{exam.bank.code}/{item.code}"], competency=item.competency.code)
    page = client.get(address("section", enrolment)).content.decode()
    assert "data-practice=" not in page
    assert "nothing to practise here" in page


def test_more_questions_ask_the_database_no_more(client: Client, enrolment: Enrolment) -> None:
    exam = practice_exam(items=4, asked=1)
    keys = [f"{exam.bank.code}/{item.code}" for item in exam.bank.items.all()]
    counts = []
    for some in (keys[:1], keys[:1], keys):  # the first visit fills what is kept
        asks(enrolment.course, items=some)
        with CaptureQueriesContext(connection) as asked:
            client.get(address("section", enrolment))
        counts.append(len(asked))
    assert counts[1] == counts[2]
