"""Two lines: the home department, and the hall section somebody stands in; each sees its own and no further."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.people import DepartmentFactory, PostingFactory, RoleGrantFactory, SectionFactory, UserFactory
from training.people.models import Department, Section, User
from training.people.permissions import (
    departments_kept,
    departments_overseen,
    may_give,
    may_keep,
    overseen_staff,
    sections_held,
    standing,
    visible_staff,
)
from training.people.services import NotAllowedError, PeopleError, end_role, grant_role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def section() -> Section:
    return SectionFactory(code="east")


@pytest.fixture
def section_head(section: Section) -> User:
    person = UserFactory()
    RoleGrantFactory(person=person, role="head", section=section)
    return person


def posted(section: Section | None, **facts: Any) -> User:
    person = UserFactory()
    PostingFactory(person=person, section=section, **facts)
    return person


def test_the_head_of_a_section_sees_whoever_stands_there(section: Section, section_head: User) -> None:
    here, also_here, elsewhere = posted(section), posted(section), posted(SectionFactory())
    assert here.department != also_here.department
    assert set(overseen_staff(section_head, today=TODAY)) == {here, also_here}
    assert elsewhere not in visible_staff(section_head, today=TODAY)


def test_a_section_is_no_department_and_no_centre(section: Section, section_head: User) -> None:
    posted(section)
    assert not departments_overseen(section_head).exists()
    assert not departments_kept(section_head).exists()
    assert list(sections_held(section_head, {"head"})) == [section]
    assert not may_keep(section_head, None)


def test_both_lines_see_a_person_lent_while_it_lasts(section: Section, section_head: User) -> None:
    person = posted(SectionFactory())
    at_home = UserFactory(head=True, head_grant__department=person.department)
    last = TODAY + timedelta(days=3)
    PostingFactory(person=person, section=section, is_loan=True, starts_on=TODAY, until=last)

    def seen_by(viewer: User, day: date) -> bool:
        return visible_staff(viewer, today=day).filter(pk=person.pk).exists()

    days = [TODAY - timedelta(days=1), TODAY, last, last + timedelta(days=1)]
    assert [seen_by(section_head, day) for day in days] == [False, True, True, False]
    assert all(seen_by(at_home, day) for day in days)


def test_as_what_somebody_is_seen(section: Section, section_head: User) -> None:
    person = posted(section)
    department = UserFactory(hr=True, hr_grant__department=person.department)
    assert standing(section_head, person, today=TODAY) == {"head"}
    assert standing(department, person, today=TODAY) == {"hr"}
    assert standing(UserFactory(director=True), person, today=TODAY) == {"director"}
    assert standing(person, person, today=TODAY) == {"self"}
    assert standing(UserFactory(), person, today=TODAY) == frozenset()
    assert standing(section_head, posted(SectionFactory()), today=TODAY) == frozenset()


def grant(by: User | str, **facts: Any) -> Any:
    at = timezone.now()
    facts = {"person": UserFactory(), "role": "head", "department": None, "until": None, **facts}
    return grant_role(**facts, starts_on=timezone.localdate(at), by=by, at=at)


def test_the_whole_centre_s_hr_appoints_the_head_of_a_section(section: Section) -> None:
    given = grant(UserFactory(hr=True), section=section)
    assert (given.section, given.department, given.reach) == (section, None, str(section))


def test_hr_of_a_department_does_not(section: Section) -> None:
    department: Department = DepartmentFactory()
    officer = UserFactory(hr=True, hr_grant__department=department)
    person = UserFactory(department=department)
    assert not may_give(officer, "head", None, section)
    with pytest.raises(NotAllowedError):
        grant(officer, person=person, section=section)


@pytest.mark.parametrize("role", ["hr", "director", "clerk", "administrator"])
def test_a_section_has_only_a_head(section: Section, role: str) -> None:
    with pytest.raises(PeopleError, match="Only a head"):
        grant("tests", role=role, section=section)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(role=role, section=section)


def test_not_over_a_department_as_well(section: Section) -> None:
    with pytest.raises(PeopleError, match="not both"):
        grant("tests", section=section, department=DepartmentFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(role="head", section=section, department=DepartmentFactory())


def test_one_open_grant_for_each_section(section: Section) -> None:
    person = UserFactory()
    first = grant("tests", person=person, section=section)
    assert grant("tests", person=person, section=section) == first
    grant("tests", person=person, section=SectionFactory())
    grant("tests", person=person, department=DepartmentFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(person=person, role="head", section=section)


def test_ending_one_leaves_the_other(section: Section) -> None:
    person, at = UserFactory(), timezone.now()
    grant("tests", person=person, section=section)
    grant("tests", person=person)
    ended = end_role(
        person=person, role="head", department=None, section=section, on=timezone.localdate(at), by="tests", at=at
    )
    assert ended == 1
    assert [one.is_for_centre for one in person.role_grants.filter(until=None)] == [True]
