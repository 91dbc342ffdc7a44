"""Parts of the centre: adding, renaming, moving, closing, and what stands in the way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories.people import (
    DepartmentFactory,
    HallFactory,
    PositionFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people import permissions
from training.people.models import Department, Posting, User, Window
from training.people.queries import department_tree, history_of
from training.people.services import (
    NotAllowedError,
    PeopleError,
    add_department,
    add_hall,
    add_position,
    add_section,
    add_window,
    close_part,
    move_department,
    move_window,
    rename_part,
    reopen_part,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
NAME = {"en": "Taxes", "zh-hans": "税务科"}


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True)


def test_parts_are_added_with_a_trail(hr: User) -> None:
    top = add_department(code="tax", name=NAME, parent=None, by=hr, at=AT)
    below = add_department(code="tax-1", name=NAME, parent=top, by=hr, at=AT)
    hall = add_hall(code="C", name=NAME, by=hr, at=AT)
    section = add_section(code="C1", name=NAME, hall=hall, by=hr, at=AT)
    window = add_window(number=61, name={}, section=section, by=hr, at=AT)
    position = add_position(code="guide", name=NAME, by=hr, at=AT)
    assert below.get_parent() == top
    assert [one.what for one in history_of(window)] == ["Added"]
    subjects = AuditEvent.objects.order_by("pk").values_list("subject_type", "subject_id")
    made = (top, below, hall, section, window, position)
    assert list(subjects) == [(part._meta.label_lower, str(part.pk)) for part in made]


def test_two_children_of_one_parent_object(hr: User) -> None:
    top = add_department(code="tax", name=NAME, parent=None, by=hr, at=AT)
    for code in ("tax-1", "tax-2"):
        add_department(code=code, name=NAME, parent=top, by=hr, at=AT)
    assert [line.department.code for line in department_tree(Department.objects.all())][-3:] == [
        "tax",
        "tax-1",
        "tax-2",
    ]


@pytest.mark.parametrize(("code", "name"), [("TAX", NAME), ("a b", NAME), ("税", NAME), ("new", {"en": " "})])
def test_a_faulty_part_is_refused(hr: User, code: str, name: dict[str, str]) -> None:
    DepartmentFactory(code="tax")
    with pytest.raises(PeopleError):
        add_department(code=code, name=name, parent=None, by=hr, at=AT)


def test_a_windows_number_is_its_own(hr: User) -> None:
    section = WindowFactory(number=7, until=TODAY).section
    for number in (7, 0, 10_000):
        with pytest.raises(PeopleError):
            add_window(number=number, name=NAME, section=section, by=hr, at=AT)


def test_renaming_keeps_the_row_and_its_history(hr: User) -> None:
    part = DepartmentFactory(name={"en": "Old"})
    rename_part(part=part, name=NAME, by=hr, at=AT)
    rename_part(part=part, name=NAME, by=hr, at=AT)
    (only,) = history_of(part)
    assert (only.what, only.before, only.after) == ("Renamed", "Old", "Taxes")
    assert Department.objects.get(pk=part.pk).name == NAME


def test_a_department_moves_with_all_below_and_roles_follow(hr: User) -> None:
    market, police = DepartmentFactory(), DepartmentFactory()
    section = DepartmentFactory(parent=market)
    person = UserFactory(department=DepartmentFactory(parent=section))
    head = UserFactory(head=True, head_grant__department=police)
    move_department(department=section, parent=police, by=hr, at=AT)
    assert person in permissions.overseen_staff(head, today=TODAY)
    move_department(department=Department.objects.get(pk=section.pk), parent=None, by=hr, at=AT)
    assert person not in permissions.overseen_staff(User.objects.get(pk=head.pk), today=TODAY)
    assert [one.before for one in history_of(section)] == [police.code, market.code]


def test_a_department_never_stands_under_itself_or_a_closed_one(hr: User) -> None:
    top = DepartmentFactory()
    below = DepartmentFactory(parent=top)
    for parent in (Department.objects.get(pk=top.pk), below, DepartmentFactory(until=TODAY)):
        with pytest.raises(PeopleError):
            move_department(department=top, parent=parent, by=hr, at=AT)


def test_a_window_moves_from_a_day_and_its_people_with_it(hr: User) -> None:
    window, section = WindowFactory(), SectionFactory()
    before = window.section
    settled = PostingFactory(window=window, section=before)
    fresh = PostingFactory(window=window, section=before, starts_on=TODAY)
    gone = PostingFactory(window=window, section=before, until=date(2026, 1, 1))
    move_window(window=window, section=section, starts_on=date(2026, 11, 20), by=hr, at=AT)
    assert Window.objects.get(pk=window.pk).section == section
    held = (
        Posting.objects.filter(person=settled.person).order_by("starts_on").values_list("section", "starts_on", "until")
    )
    assert list(held) == [
        (before.pk, settled.starts_on, date(2026, 11, 19)),
        (section.pk, date(2026, 11, 20), None),
    ]
    assert Posting.objects.get(person=fresh.person).section == section
    assert Posting.objects.get(pk=gone.pk).section == before
    assert AuditEvent.objects.filter(action="people.moved", person_id=settled.person_id).exists()
    with pytest.raises(PeopleError):
        move_window(window=window, section=before, starts_on=TODAY + timedelta(days=1), by=hr, at=AT)


def test_nothing_closes_over_somebody(hr: User) -> None:
    posting = PostingFactory(window=WindowFactory(), person__display_name="李娜")
    posting.section = posting.window.section
    posting.save()
    for part in (posting.window, posting.section, posting.position, posting.department):
        with pytest.raises(PeopleError, match="李娜"):
            close_part(part=part, last_day=TODAY, by=hr, at=AT)
    Posting.objects.update(until=TODAY)
    User.objects.filter(pk=posting.person_id).update(is_active=False)
    for part in (posting.window, posting.section, posting.position, posting.department):
        close_part(part=part, last_day=TODAY, by=hr, at=AT)
        assert type(part).objects.open_on(TODAY).filter(pk=part.pk).exists()
        assert not type(part).objects.open_on(TODAY + timedelta(days=1)).filter(pk=part.pk).exists()


def test_what_else_keeps_a_part_open(hr: User) -> None:
    top = DepartmentFactory()
    DepartmentFactory(parent=top, name={"en": "The one below"})
    held = UserFactory(head=True, head_grant__department=DepartmentFactory(), department=None)
    over = held.role_grants.get().department
    shift = ShiftFactory(day=TODAY + timedelta(days=3))
    section = SectionFactory(name={"en": "Corner"})
    led = RoleGrantFactory(role="head", section=SectionFactory(), person__display_name="赵科").section
    for part, named in (
        (top, "The one below"),
        (over, held.display_name),
        (shift.window, "1 shift on"),
        (shift.window.section, str(shift.window)),
        (section.hall, "Corner"),
        (led, "赵科.* \\(Head\\).*end their roles"),
    ):
        with pytest.raises(PeopleError, match=named):
            close_part(part=part, last_day=TODAY, by=hr, at=AT)


def test_a_refusal_names_five_and_counts_the_rest(hr: User) -> None:
    department = DepartmentFactory()
    UserFactory.create_batch(8, department=department)
    with pytest.raises(PeopleError, match="and 3 more"):
        close_part(part=department, last_day=TODAY, by=hr, at=AT)


def test_a_part_opens_again_unless_what_it_stands_in_has_closed(hr: User) -> None:
    hall = HallFactory(until=TODAY)
    section = SectionFactory(hall=hall, until=TODAY)
    with pytest.raises(PeopleError):
        reopen_part(part=section, by=hr, at=AT)
    for part in (hall, section):
        reopen_part(part=part, by=hr, at=AT)
        part.refresh_from_db()
        assert part.until is None
    assert [one.what for one in history_of(hall)] == ["Opened again"]


def test_nothing_is_added_to_what_has_closed(hr: User) -> None:
    with pytest.raises(PeopleError):
        add_section(code="x", name=NAME, hall=HallFactory(until=TODAY), by=hr, at=AT)
    with pytest.raises(PeopleError):
        add_window(number=1, name=NAME, section=SectionFactory(until=TODAY), by=hr, at=AT)
    with pytest.raises(PeopleError):
        add_department(code="x", name=NAME, parent=DepartmentFactory(until=TODAY), by=hr, at=AT)


def test_the_structure_is_not_a_departments_to_change() -> None:
    own = DepartmentFactory()
    hr = UserFactory(hr=True, hr_grant__department=own, department=own)
    for change in (
        lambda: add_department(code="x", name=NAME, parent=own, by=hr, at=AT),
        lambda: add_position(code="x", name=NAME, by=hr, at=AT),
        lambda: rename_part(part=own, name=NAME, by=hr, at=AT),
        lambda: move_department(department=own, parent=None, by=hr, at=AT),
        lambda: move_window(window=WindowFactory(), section=SectionFactory(), starts_on=TODAY, by=hr, at=AT),
        lambda: close_part(part=PositionFactory(), last_day=TODAY, by=hr, at=AT),
        lambda: reopen_part(part=PositionFactory(until=TODAY), by=hr, at=AT),
    ):
        with pytest.raises(NotAllowedError):
            change()


def test_the_tree_counts_who_is_at_home_and_below() -> None:
    top = DepartmentFactory()
    below = DepartmentFactory(parent=top)
    UserFactory.create_batch(2, department=below)
    UserFactory(department=top)
    UserFactory(department=top, suspended=True)
    lines = {line.department: (line.staff, line.staff_below) for line in department_tree(Department.objects.all())}
    assert (lines[top], lines[below]) == ((1, 3), (2, 2))
