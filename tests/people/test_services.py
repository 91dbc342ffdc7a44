"""Coming, moving, leaving, roles, access, language: what each writes, and to whom it is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.people import (
    AccessFactory,
    DepartmentFactory,
    PositionFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people.models import Department, Posting, Role, User
from training.people.services import (
    NotAllowedError,
    PeopleError,
    choose_language,
    end_access,
    end_role,
    give_access,
    grant_role,
    hire,
    leave,
    mirror_roles,
    move,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def tax() -> Department:
    return DepartmentFactory(code="tax")


@pytest.fixture
def hr(tax: Department) -> User:
    return UserFactory(hr=True, hr_grant__department=tax, department=tax)


def fresh(person: User) -> User:
    """The person as the next request sees them."""
    return User.objects.get(pk=person.pk)


def hired(tax: Department, by: User, **changes: Any) -> User:
    facts = {
        "staff_number": "20418",
        "display_name": "李娜",
        "latin_name": "Li Na",
        "department": tax,
        "position": PositionFactory(),
        "section": None,
        "window": None,
        "starts_on": date(2026, 3, 1),
        "language": "zh-hans",
        "by": by,
        "at": AT,
    }
    return hire(**facts | changes)


def granted(person: User, role: str, by: User, department: Department | None = None) -> None:
    grant_role(person=person, role=role, department=department, starts_on=TODAY, until=None, by=by, at=AT)


# ---- coming


def test_hire_opens_an_account_without_a_password_and_a_posting(tax: Department, hr: User) -> None:
    window = WindowFactory()
    person = hired(tax, hr, window=window)

    posting = person.postings.get()
    event = AuditEvent.objects.get(action="people.hired")
    assert not person.has_usable_password()
    assert (posting.department, posting.window, posting.section) == (tax, window, window.section)
    assert (event.actor_id, event.person_id, event.happened_at) == (hr.pk, person.pk, AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"staff_number": "me"},
        {"staff_number": "taken"},
        {"staff_number": "TAKEN"},
        {"display_name": "=1+1"},
        {"latin_name": "李娜"},
    ],
)
def test_hire_refuses_what_no_person_can_be(tax: Department, hr: User, wrong: dict[str, str]) -> None:
    UserFactory(staff_number="taken")
    with pytest.raises(PeopleError):
        hired(tax, hr, **wrong)


def test_a_window_outside_the_section_is_refused(tax: Department, hr: User) -> None:
    with pytest.raises(PeopleError, match="not in that section"):
        hired(tax, hr, section=SectionFactory(), window=WindowFactory())
    assert not User.objects.filter(staff_number="20418").exists()


def test_two_numbers_that_differ_in_case_alone_are_one() -> None:
    UserFactory(staff_number="k7")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(staff_number="K7")


# ---- moving


def test_move_ends_one_posting_and_opens_the_next(tax: Department) -> None:
    person, market = UserFactory(department=tax, posted=True), DepartmentFactory()
    hr = UserFactory(hr=True)
    move(
        person=person,
        department=market,
        position=PositionFactory(),
        section=None,
        window=None,
        starts_on=TODAY,
        by=hr,
        at=AT,
    )

    before, after = Posting.objects.order_by("starts_on")
    event = AuditEvent.objects.get()
    assert (before.until, after.starts_on, after.until) == (YESTERDAY, TODAY, None)
    assert fresh(person).department == market
    assert (event.before["department"], event.after["department"]) == (tax.pk, market.pk)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2020, 1, 1)])
def test_a_move_neither_lies_ahead_nor_before_the_posting(tax: Department, hr: User, day: date) -> None:
    person = UserFactory(department=tax, posted=True)
    with pytest.raises(PeopleError):
        move(
            person=person,
            department=tax,
            position=PositionFactory(),
            section=None,
            window=None,
            starts_on=day,
            by=hr,
            at=AT,
        )
    assert Posting.objects.get().until is None


@pytest.mark.parametrize("direction", ["in", "out"])
def test_hr_moves_nobody_across_the_wall(tax: Department, hr: User, direction: str) -> None:
    market = DepartmentFactory()
    home, target = (tax, market) if direction == "out" else (market, tax)
    with pytest.raises(NotAllowedError):
        move(
            person=UserFactory(department=home),
            department=target,
            position=PositionFactory(),
            section=None,
            window=None,
            starts_on=TODAY,
            by=hr,
            at=AT,
        )


# ---- leaving


def test_leaving_ends_posting_roles_access_and_account(tax: Department, hr: User) -> None:
    person = UserFactory(department=tax, posted=True, editor=True, head=True)
    access = AccessFactory(viewer=person)
    centre_hr = UserFactory(hr=True)

    leave(person=person, last_day=YESTERDAY, by=centre_hr, at=AT)

    after = fresh(person)
    access.refresh_from_db()
    assert not after.is_active
    assert after.role_names == frozenset()
    assert after.postings.get().until == YESTERDAY
    assert {grant.until for grant in after.role_grants.all()} == {YESTERDAY}
    assert access.until == YESTERDAY
    assert not after.groups.exists()
    assert {event.action for event in AuditEvent.objects.all()} == {
        "people.left",
        "people.role_ended",
        "people.access_ended",
    }


def test_nobody_ends_their_own_employment(hr: User) -> None:
    with pytest.raises(NotAllowedError):
        leave(person=hr, last_day=TODAY, by=hr, at=AT)


def test_hr_suspends_no_administrator(tax: Department, hr: User) -> None:
    with pytest.raises(NotAllowedError):
        leave(person=UserFactory(administrator=True, department=tax), last_day=TODAY, by=hr, at=AT)


# ---- roles


def test_a_role_begins_at_once_and_ends_at_once(tax: Department, hr: User) -> None:
    person = UserFactory(department=tax)
    granted(person, Role.EDITOR, hr, tax)
    assert fresh(person).role_names == {"editor"}
    assert [group.name for group in person.groups.all()] == ["editor"]

    assert end_role(person=person, role=Role.EDITOR, department=tax, on=TODAY, by=hr, at=AT) == 1
    assert fresh(person).role_names == frozenset()
    assert not person.groups.exists()
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == ["people.role_granted", "people.role_ended"]


def test_a_role_held_already_is_not_given_twice(tax: Department, hr: User) -> None:
    person = UserFactory(department=tax)
    granted(person, Role.EXAMINER, hr, tax)
    granted(person, Role.EXAMINER, hr, tax)
    assert person.role_grants.count() == 1
    assert AuditEvent.objects.count() == 1


def test_a_role_for_the_whole_centre_stands_once_in_the_database() -> None:
    person = UserFactory(hr=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(person=person, role=Role.HR)


def test_a_role_does_not_end_before_it_begins(tax: Department, hr: User) -> None:
    with pytest.raises(PeopleError):
        grant_role(
            person=UserFactory(department=tax),
            role=Role.HEAD,
            department=tax,
            starts_on=TODAY,
            until=YESTERDAY,
            by=hr,
            at=AT,
        )


def test_only_an_administrator_makes_administrators(tax: Department, hr: User) -> None:
    person = UserFactory(department=tax)
    for by in (hr, UserFactory(hr=True), UserFactory(director=True), UserFactory(editor=True)):
        with pytest.raises(NotAllowedError):
            granted(person, Role.ADMINISTRATOR, by, tax)
    assert not fresh(person).is_superuser

    granted(person, Role.ADMINISTRATOR, UserFactory(administrator=True))
    assert fresh(person).is_superuser
    assert person.groups.get().name == "administrator"


def test_hr_gives_roles_over_their_own_departments_alone(tax: Department, hr: User) -> None:
    person, market = UserFactory(department=tax), DepartmentFactory()
    for department in (market, None):
        with pytest.raises(NotAllowedError):
            granted(person, Role.EDITOR, hr, department)
    with pytest.raises(NotAllowedError):
        granted(UserFactory(department=market), Role.EDITOR, hr, tax)


def test_nobody_gives_themselves_a_role(tax: Department, hr: User) -> None:
    with pytest.raises(NotAllowedError):
        granted(hr, Role.HEAD, hr, tax)


def test_hr_changes_no_role_of_an_administrator(tax: Department, hr: User) -> None:
    administrator = UserFactory(administrator=True, department=tax)
    with pytest.raises(NotAllowedError):
        granted(administrator, Role.EDITOR, hr, tax)
    with pytest.raises(NotAllowedError):
        end_role(person=administrator, role=Role.ADMINISTRATOR, department=None, on=TODAY, by=hr, at=AT)


def test_a_suspended_hr_officer_gives_nothing(tax: Department) -> None:
    with pytest.raises(NotAllowedError):
        granted(UserFactory(department=tax), Role.EDITOR, UserFactory(hr=True, suspended=True), tax)


def test_groups_follow_the_dates_of_grants() -> None:
    person = UserFactory()
    RoleGrantFactory(person=person, role=Role.REVIEWER, starts_on=TODAY, until=TODAY)
    RoleGrantFactory(person=person, role=Role.ADMINISTRATOR, starts_on=TODAY, until=TODAY)
    seen = []
    for day in (YESTERDAY, TODAY, TODAY + timedelta(days=1)):
        mirror_roles(today=day)
        seen.append((sorted(group.name for group in person.groups.all()), fresh(person).is_superuser))
    assert seen == [([], False), (["administrator", "reviewer"], True), ([], False)]


def test_a_superuser_made_on_the_command_line_is_an_administrator() -> None:
    person = User.objects.create_superuser("root1", "correct horse", display_name="Root")
    mirror_roles(today=timezone.localdate())
    assert fresh(person).is_superuser
    assert person.role_names == {"administrator"}


# ---- access and language


def test_access_is_given_and_ended_with_a_trace() -> None:
    viewer, subject = UserFactory(), UserFactory()
    access = give_access(
        viewer=viewer, subject=subject, why="mentorship", starts_on=TODAY, until=None, by="mentors", at=AT
    )
    end_access(access=access, on=TODAY, by="mentors", at=AT)

    access.refresh_from_db()
    given, ended = AuditEvent.objects.order_by("pk")
    assert access.until == YESTERDAY
    assert (given.person_id, ended.person_id) == (subject.pk, subject.pk)
    assert (ended.before["until"], ended.after["until"]) == (None, YESTERDAY.isoformat())


def test_access_that_ended_stays_as_it_is() -> None:
    access = AccessFactory(until=date(2025, 1, 1))
    end_access(access=access, on=TODAY, by="mentors", at=AT)
    access.refresh_from_db()
    assert access.until == date(2025, 1, 1)


def test_a_language_is_chosen_once() -> None:
    person = UserFactory()
    choose_language(person=person, language="zh-hans", at=AT)
    choose_language(person=person, language="zh-hans", at=AT)
    assert fresh(person).language == "zh-hans"
    assert AuditEvent.objects.get().after == {"language": "zh-hans"}
