"""Lists about people and days: the roster and holidays; only one's own people, twice the same as once."""

from datetime import date

import pytest
from django.utils import translation

from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory, WindowFactory
from tests.people.lists import AT, again, begun, counts, imported, sentences
from training.lib.imports import import_of
from training.operations.models import AuditEvent
from training.people.models import CalendarDay, Department, Shift, User

pytestmark = pytest.mark.django_db

ROSTER = "工号,姓名,日期,上下午,窗口号"


@pytest.fixture
def tax() -> Department:
    CentreFactory()
    WindowFactory(number=7)
    WindowFactory(number=8, until=date(2026, 11, 1))
    return DepartmentFactory(code="tax")


@pytest.fixture
def hr(tax: Department) -> User:
    return UserFactory(hr=True, hr_grant__department=tax, department=tax)


@pytest.fixture
def clerk(tax: Department) -> User:
    return UserFactory(staff_number="00K1", display_name="李娜", department=tax)


def test_the_roster_puts_people_at_windows(hr: User, clerk: User) -> None:
    lines = ROSTER, "00k1,李娜,2026-11-24,上午,007", "00K1,,2026-11-24,Afternoon,7"
    assert counts(imported("roster", hr, *lines)) == (2, 0, 0, 0)
    assert list(Shift.objects.order_by("-half").values_list("person", "day", "half", "window__number")) == [
        (clerk.pk, date(2026, 11, 24), "morning", 7),
        (clerk.pk, date(2026, 11, 24), "afternoon", 7),
    ]
    assert AuditEvent.objects.get(action="people.roster_set").person_id == clerk.pk
    assert counts(imported("roster", hr, *lines)) == (0, 0, 2, 0)
    WindowFactory(number=9)
    assert counts(imported("roster", hr, ROSTER, "00K1,,2026-11-24,上午,9")) == (0, 1, 0, 0)


def test_what_is_wrong_with_a_shift_is_named_by_its_cell(hr: User, clerk: User) -> None:
    foreign = UserFactory(staff_number="F1")
    lines = (
        f"{foreign.staff_number},,2026-11-24,上午,7",
        "NONE,,2026-11-24,上午,7",
        "00K1,王芳,2026-11-24,上午,7",
        "00K1,,24.11.2026,上午,7",
        "00K1,,2026-11-24,夜里,7",
        "00K1,,2026-11-24,上午,70",
        "00K1,,2026-11-24,上午,8",
        "00K1,,2026-11-25,上午,7",
        "00K1,,2026-11-25,morning,7",
    )
    assert sentences(begun("roster", hr, ROSTER, *lines)) == [
        (2, "A", "nobody in your departments has the staff number “F1”."),
        (3, "A", "nobody in your departments has the staff number “NONE”."),
        (4, "B", "“00K1” is “李娜” on record. Put the number or the name right."),
        (5, "C", "“24.11.2026” is not a date. Write it as 2026-03-01."),
        (6, "D", "“夜里” is no half of a day: write morning or afternoon."),
        (7, "E", "no window has the number “70”."),
        (8, "E", "Window 8 closed on 2026-11-01. Choose another."),
        (9, "A", "“00K1 2026-11-25 morning” is in line 10 too."),
        (10, "A", "“00K1 2026-11-25 morning” is in line 9 too."),
    ]


def test_an_administrator_is_left_alone(hr: User, tax: Department) -> None:
    UserFactory(staff_number="ADMIN", department=tax, administrator=True)
    run = begun("roster", hr, ROSTER, "ADMIN,,2026-11-24,上午,7")
    assert sentences(run) == [
        (2, "A", "“ADMIN” is an administrator; only an administrator changes that record."),
    ]


def test_holidays_and_make_up_days(tax: Department) -> None:
    hr = UserFactory(hr=True)
    lines = "日期,类型,节日名称（中文）", "2026-10-01,放假,国庆节", "2026/10/10,调休,国庆节"
    assert counts(imported("holidays", hr, *lines)) == (2, 0, 0, 0)
    assert dict(CalendarDay.objects.values_list("day", "is_working")) == {
        date(2026, 10, 1): False,
        date(2026, 10, 10): True,
    }
    assert counts(imported("holidays", hr, *lines)) == (0, 0, 2, 0)
    named = "day,kind,holiday name in english", "2026-10-01,Holiday,National Day", "2026-10-10,Holiday,"
    assert counts(imported("holidays", hr, *named)) == (0, 2, 0, 0)
    assert CalendarDay.objects.get(day=date(2026, 10, 1)).name == {"en": "National Day", "zh-hans": "国庆节"}
    wrong = begun("holidays", hr, "day,kind,name", "2026-10-02,maybe,National Day", "2026-10-03,Holiday,")
    assert sentences(wrong) == [
        (2, "B", "“maybe” is neither a holiday nor a make-up working day."),
        (3, "C", "say which holiday it belongs to, in one language at least."),
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", ["roster", "holidays"])
def test_an_export_imports_again_unchanged(clerk: User, kind: str, language: str, file_format: str) -> None:
    hr = UserFactory(hr=True)
    imported("roster", hr, ROSTER, "00K1,,2026-11-24,上午,7", "00K1,,2027-01-04,下午,7")
    imported("holidays", hr, "day,kind,name", "2026-10-01,Holiday,=1+1")
    with translation.override(language):
        plan = again(kind, hr, file_format)
    assert (plan.faults, plan.changes) == ([], [])
    assert plan.unchanged == import_of(kind).count(hr, at=AT) == (2 if kind == "roster" else 1)
