"""Who sees whom: by role, by posting, by relation, by date."""

from datetime import date, timedelta

import pytest

from tests.factories.people import (
    AccessFactory,
    DepartmentFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
)
from training.people.models import Role, User
from training.people.permissions import overseen_staff, standing, visible_staff

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def seen(viewer: User, day: date = TODAY) -> set[User]:
    return set(visible_staff(viewer, today=day))


def test_everybody_sees_themselves_and_nobody_else() -> None:
    person = UserFactory(posted=True)
    UserFactory(department=person.department, posted=True)
    assert seen(person) == {person}
    assert set(overseen_staff(person, today=TODAY)) == set()


@pytest.mark.parametrize("role", ["head", "hr", "director", "auditor", "administrator"])
def test_overseers_see_their_department_and_those_below(role: str) -> None:
    top = DepartmentFactory()
    below = DepartmentFactory(parent=top)
    inside, deeper, outside = UserFactory(department=top), UserFactory(department=below), UserFactory()
    viewer = UserFactory(**{role: True, f"{role}_grant__department": top})
    assert seen(viewer) == {viewer, inside, deeper}
    assert set(overseen_staff(viewer, today=TODAY)) == {inside, deeper}
    assert outside in seen(UserFactory(**{role: True}))


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "reviewer", "examiner", "invigilator", "marker"])
def test_other_roles_see_nobody(role: str) -> None:
    viewer = UserFactory(**{role: True})
    UserFactory(department=viewer.department)
    assert seen(viewer) == {viewer}


@pytest.mark.parametrize("role", ["hr", "director", "auditor", "administrator"])
def test_people_without_a_department_are_seen_by_the_whole_centre_alone(role: str) -> None:
    stray = UserFactory(department=None)
    held_over_one = UserFactory(**{role: True, f"{role}_grant__department": DepartmentFactory()})
    assert stray not in seen(held_over_one)
    assert stray not in set(overseen_staff(held_over_one, today=TODAY))
    assert standing(held_over_one, stray, today=TODAY) == frozenset()
    wide = UserFactory(**{role: True})
    assert stray in seen(wide)
    assert stray in set(overseen_staff(wide, today=TODAY))
    assert standing(wide, stray, today=TODAY) == {role}


def test_no_head_sees_people_without_a_department() -> None:
    stray, section = UserFactory(department=None), SectionFactory()
    for grant in ({"department": DepartmentFactory()}, {"section": section}):
        head = UserFactory()
        RoleGrantFactory(person=head, role="head", **grant)
        assert stray not in seen(head)


def test_people_posted_into_a_department_are_seen_by_both_lines() -> None:
    home, host = DepartmentFactory(), DepartmentFactory()
    seconded = UserFactory(department=home)
    PostingFactory(person=seconded, department=host, starts_on=date(2026, 1, 1), until=TODAY)
    at_home = UserFactory(head=True, head_grant__department=home)
    at_host = UserFactory(head=True, head_grant__department=host)

    assert seconded in seen(at_home)
    assert seconded in seen(at_host)
    assert seconded not in seen(at_host, TODAY + timedelta(days=1))
    assert seconded not in seen(at_host, date(2025, 12, 31))


def test_access_counts_between_its_days() -> None:
    access = AccessFactory(starts_on=TODAY, until=TODAY)
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    assert [access.subject in seen(access.viewer, day) for day in days] == [False, True, False]
    assert access.viewer not in seen(access.subject)


def test_a_grant_that_has_ended_shows_nobody() -> None:
    viewer = UserFactory()
    RoleGrantFactory(person=viewer, role=Role.HR, until=date(2021, 1, 1))
    UserFactory()
    assert seen(viewer) == {viewer}


def test_two_grants_show_both_departments_without_repeats() -> None:
    first, second = UserFactory(posted=True), UserFactory(posted=True)
    UserFactory(posted=True)
    viewer = UserFactory(head=True, head_grant__department=first.department)
    RoleGrantFactory(person=viewer, role=Role.HR, department=second.department)
    AccessFactory(viewer=viewer, subject=first)
    assert list(visible_staff(viewer, today=TODAY).order_by("pk")) == [first, second, viewer]
