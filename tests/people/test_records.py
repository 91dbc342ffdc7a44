"""What HR does to a record: change, move and take it back, lend, let go and take back. Each with its trail."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories.people import (
    AccessFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people.models import Posting, User
from training.people.services import (
    NotAllowedError,
    PeopleError,
    change_person,
    come_back,
    end_loan,
    leave,
    lend,
    move,
    take_back_move,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BEGAN = date(2026, 1, 5)
A_DAY = timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return UserFactory(hr=True)


@pytest.fixture
def person() -> User:
    person = UserFactory(display_name="李娜", latin_name="Li Na")
    PostingFactory(person=person, starts_on=BEGAN, section=SectionFactory(code="west"))
    return person


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def moved(person: User, by: User | str, day: date = TODAY, **facts: Any) -> Posting:
    place = {"department": person.department, "position": PositionFactory(), "section": None, "window": None, **facts}
    return move(person=person, **place, starts_on=day, by=by, at=NOW)


def lent(person: User, by: User | str = "tests", **facts: Any) -> Posting:
    facts = {"section": None, "window": None, "starts_on": TODAY, "until": TODAY + 30 * A_DAY, **facts}
    if facts["section"] is None and facts["window"] is None:
        facts["section"] = SectionFactory()
    return lend(person=person, **facts, by=by, at=NOW)


# ---- names


def test_a_new_name_is_found_and_kept_in_the_trail(person: User, officer: User) -> None:
    facts = {"display_name": "王小红", "latin_name": "Wang Xiaohong", "language": "zh-hans", "email": "w@example.org"}
    change_person(person=person, **facts, by=officer, at=NOW)
    after = User.objects.found_by("wxh").get()
    assert {name: getattr(after, name) for name in facts} == facts
    event = AuditEvent.objects.get()
    assert (event.action, event.before["display_name"], event.after["display_name"]) == (
        "people.changed",
        "李娜",
        "王小红",
    )


def test_the_same_names_leave_no_trail(person: User, officer: User) -> None:
    facts = {name: getattr(person, name) for name in ("display_name", "latin_name", "language", "email")}
    change_person(person=person, **facts, by=officer, at=NOW)
    assert actions() == []


@pytest.mark.parametrize("name", ["=1+1", "", "1", "two\nlines"])
def test_what_is_no_name_is_refused(person: User, officer: User, name: str) -> None:
    with pytest.raises(PeopleError):
        change_person(person=person, display_name=name, latin_name="", language="en", email="", by=officer, at=NOW)


def test_hr_of_another_department_changes_nothing(person: User) -> None:
    stranger = UserFactory(hr=True, hr_grant__department=DepartmentFactory())
    for act in (
        lambda: change_person(
            person=person, display_name="X", latin_name="", language="en", email="", by=stranger, at=NOW
        ),
        lambda: moved(person, stranger),
        lambda: lent(person, stranger),
        lambda: leave(person=person, last_day=TODAY, by=stranger, at=NOW),
        lambda: take_back_move(person=person, by=stranger, at=NOW),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert actions() == []


# ---- moving, and taking it back


def test_a_move_of_today_can_be_taken_back_today(person: User, officer: User) -> None:
    home, before = person.department, person.postings.get()
    moved(person, officer, department=DepartmentFactory())
    take_back_move(person=person, by=officer, at=NOW + timedelta(hours=2))
    posting = person.postings.get()
    assert (posting.pk, posting.until) == (before.pk, None)
    assert User.objects.get(pk=person.pk).department == home
    assert actions() == ["people.moved", "people.move_taken_back"]


def test_not_the_day_after_nor_a_first_posting(person: User, officer: User) -> None:
    with pytest.raises(PeopleError, match="No move"):
        take_back_move(person=person, by=officer, at=NOW)
    moved(person, officer)
    with pytest.raises(PeopleError, match="No move"):
        take_back_move(person=person, by=officer, at=NOW + A_DAY)
    assert person.postings.count() == 2


def test_taking_back_needs_both_departments(person: User, officer: User) -> None:
    there = DepartmentFactory()
    moved(person, officer, department=there)
    with pytest.raises(NotAllowedError):
        take_back_move(person=person, by=UserFactory(hr=True, hr_grant__department=there), at=NOW)


def test_moving_ends_loans(person: User, officer: User) -> None:
    running = lent(person, starts_on=TODAY - 2 * A_DAY)
    later = lent(person, starts_on=TODAY + 60 * A_DAY, until=TODAY + 61 * A_DAY)
    moved(person, officer)
    running.refresh_from_db()
    assert running.until == TODAY - A_DAY
    assert not Posting.objects.filter(pk=later.pk).exists()


def test_taking_a_move_back_brings_back_the_loans_it_ended(person: User, officer: User) -> None:
    lent(person, starts_on=TODAY - 2 * A_DAY)
    lent(person, starts_on=TODAY + 60 * A_DAY, until=TODAY + 61 * A_DAY)
    facts = ("department", "position", "section", "starts_on", "until", "entered_at")
    before = list(person.postings.filter(is_loan=True).order_by("starts_on").values(*facts))
    moved(person, officer)
    take_back_move(person=person, by=officer, at=NOW)
    assert list(person.postings.filter(is_loan=True).order_by("starts_on").values(*facts)) == before


def test_a_loan_entered_since_is_in_the_way_of_taking_back(person: User, officer: User) -> None:
    lent(person)
    moved(person, officer)
    since = lent(person)
    with pytest.raises(PeopleError, match="Another loan"):
        take_back_move(person=person, by=officer, at=NOW)
    assert list(person.postings.filter(is_loan=True)) == [since]
    end_loan(loan=since, on=TODAY, by=officer, at=NOW)
    take_back_move(person=person, by=officer, at=NOW)
    assert person.postings.get(is_loan=True).until == TODAY + 30 * A_DAY


# ---- lending


def test_who_is_lent_keeps_department_and_position(person: User, officer: User) -> None:
    home, window = person.postings.get(), WindowFactory()
    loan = lent(person, officer, window=window)
    assert (loan.section, loan.window, loan.is_loan) == (window.section, window, True)
    assert (loan.department, loan.position) == (home.department, home.position)
    home.refresh_from_db()
    assert home.until is None
    assert list(Posting.objects.on(TODAY).own()) == [home]
    assert actions() == ["people.lent"]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"until": TODAY - A_DAY, "starts_on": TODAY}, "before it begins"),
        ({"until": TODAY - A_DAY, "starts_on": TODAY - 2 * A_DAY}, "over already"),
        ({"starts_on": BEGAN - A_DAY}, "began on"),
        ({"until": TODAY + 400 * A_DAY}, "a year"),
    ],
)
def test_days_that_make_no_loan(person: User, facts: dict[str, date], says: str) -> None:
    with pytest.raises(PeopleError, match=says):
        lent(person, **facts)


def test_loans_do_not_overlap(person: User) -> None:
    lent(person, until=TODAY + 5 * A_DAY)
    with pytest.raises(PeopleError, match="lent elsewhere"):
        lent(person, starts_on=TODAY + 5 * A_DAY)
    lent(person, starts_on=TODAY + 6 * A_DAY)


def test_nobody_is_lent_to_their_own_section_or_from_nowhere(person: User) -> None:
    with pytest.raises(PeopleError, match="already"):
        lent(person, section=person.postings.get().section)
    with pytest.raises(PeopleError, match="no posting"):
        lent(UserFactory())
    with pytest.raises(PeopleError, match="Choose the section"):
        lend(person=person, section=None, window=None, starts_on=TODAY, until=TODAY, by="tests", at=NOW)


def test_a_loan_ends_early_or_never_was(person: User, officer: User) -> None:
    running = lent(person, starts_on=TODAY - 3 * A_DAY)
    end_loan(loan=running, on=TODAY, by=officer, at=NOW)
    running.refresh_from_db()
    assert running.until == TODAY - A_DAY
    with pytest.raises(PeopleError, match="nothing to end"):
        end_loan(loan=running, on=TODAY, by=officer, at=NOW)
    ahead = lent(person, starts_on=TODAY + A_DAY)
    end_loan(loan=ahead, on=TODAY, by=officer, at=NOW)
    assert not Posting.objects.filter(starts_on=TODAY + A_DAY).exists()
    assert actions() == ["people.lent", "people.loan_ended", "people.lent", "people.loan_ended"]


# ---- leaving and coming back


def test_leaving_ends_loans_and_what_one_may_see(person: User, officer: User) -> None:
    loan, access = lent(person), AccessFactory(viewer=person)
    leave(person=person, last_day=TODAY, by=officer, at=NOW)
    for row in (loan, access):
        row.refresh_from_db()
    assert (loan.until, access.until) == (TODAY, TODAY)
    assert {"people.left", "people.access_ended"} <= set(actions())
    with pytest.raises(PeopleError, match="left already"):
        leave(person=person, last_day=TODAY, by=officer, at=NOW)
    with pytest.raises(PeopleError, match="has left"):
        moved(person, officer)
    with pytest.raises(PeopleError, match="has left"):
        lent(person, officer)


def back(person: User, by: User | str, day: date, **facts: Any) -> Posting:
    last = person.postings.order_by("-starts_on").first()
    place = {name: getattr(last, name) for name in ("department", "position", "section", "window")}
    return come_back(person=person, **{**place, **facts}, starts_on=day, by=by, at=NOW)


def test_who_comes_back_finds_the_history(person: User, officer: User) -> None:
    former = person.postings.get()
    leave(person=person, last_day=TODAY - 10 * A_DAY, by=officer, at=NOW)
    posting = back(person, officer, TODAY, position=PositionFactory())
    assert [posting.pk, former.pk] == list(person.postings.order_by("-starts_on").values_list("pk", flat=True))
    assert User.objects.get(pk=person.pk).is_active
    assert actions() == ["people.left", "people.returned"]


def test_a_leaving_by_mistake_is_put_right(person: User, officer: User) -> None:
    former = person.postings.get()
    leave(person=person, last_day=TODAY, by=officer, at=NOW)
    assert back(person, officer, TODAY) == former
    former.refresh_from_db()
    assert former.until is None


def test_coming_back_to_another_place_waits_for_the_end_of_the_last(person: User, officer: User) -> None:
    leave(person=person, last_day=TODAY, by=officer, at=NOW)
    with pytest.raises(PeopleError, match="2026-11-24"):
        back(person, officer, TODAY, position=PositionFactory())
    assert not User.objects.get(pk=person.pk).is_active


def test_coming_back_needs_both_departments_and_somebody_who_left(person: User, officer: User) -> None:
    with pytest.raises(PeopleError, match="has not left"):
        back(person, officer, TODAY)
    leave(person=person, last_day=TODAY - A_DAY, by=officer, at=NOW)
    there = DepartmentFactory()
    with pytest.raises(NotAllowedError):
        back(person, UserFactory(hr=True, hr_grant__department=there), TODAY, department=there)
    with pytest.raises(NotAllowedError):
        back(person, UserFactory(hr=True, hr_grant__department=person.department), TODAY, department=there)
