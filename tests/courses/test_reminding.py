"""What is due soon or late is told once, to whom it concerns and to whom they answer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from courses.services.learning import assign
from courses.services.reminding import remind
from tests.factories.courses import CourseFactory
from tests.factories.people import DepartmentFactory, UserFactory
from training.notices.models import Notice
from training.people.models import User

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
"""Eight in the morning at the centre, on the day of the digest."""
TODAY = date(2026, 11, 2)


def due(person: User, in_days: int) -> None:
    facts = {"why": {"en": "x"}, "by": UserFactory(), "at": MONDAY - timedelta(days=30)}
    assign(person=person, course=CourseFactory(), due_on=TODAY + timedelta(days=in_days), **facts)


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))


def test_a_week_before_and_the_day_after() -> None:
    soon, late, other = UserFactory(), UserFactory(), UserFactory()
    due(soon, 7)
    due(late, -1)
    for days in (-2, 0, 6, 8):
        due(other, days)
    remind(at=MONDAY)
    assert (told("course.due_soon"), told("course.overdue")) == ({soon.pk}, {late.pk})
    sentence = Notice.objects.get(kind="course.overdue").sentence
    assert "was due on Sun 1 Nov and is not finished" in sentence


def test_nobody_is_told_twice_on_a_day() -> None:
    person = UserFactory()
    due(person, -1)
    due(person, -1)
    assert remind(at=MONDAY) == 2
    assert remind(at=MONDAY + timedelta(hours=3)) == 0


def test_who_has_left_is_not_told() -> None:
    due(UserFactory(suspended=True), -1)
    assert remind(at=MONDAY) == 0


def test_heads_and_hr_hear_once_a_week_how_many_of_theirs_are_late() -> None:
    department = DepartmentFactory()
    head = UserFactory(department=department, head=True, head_grant__department=department)
    elsewhere = UserFactory(head=True, head_grant__department=DepartmentFactory())
    hr = UserFactory(hr=True)
    due(UserFactory(department=department), -3)
    due(UserFactory(department=department), -9)
    due(UserFactory(), -3)
    remind(at=MONDAY)
    numbers = {row.person_id: row.facts["n"] for row in Notice.objects.filter(kind="course.people_overdue")}
    assert numbers == {head.pk: 2, hr.pk: 3}
    assert elsewhere.pk not in numbers
    remind(at=MONDAY + timedelta(days=1))
    assert Notice.objects.filter(kind="course.people_overdue").count() == 2
