"""Lists of departments, positions, windows: what they write, refuse, and that a second time changes nothing."""

import io
import zipfile
from datetime import date

import pytest
from django.utils import translation

from tests.factories.people import (
    CentreFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from tests.people.lists import AT, again, begun, counts, export_of, imported, sentences
from training.lib.imports import Silent, import_of
from training.operations.models import AuditEvent
from training.people.models import Department, Hall, Position, Section, User, Window
from training.people.services import importing

pytestmark = pytest.mark.django_db

DEPARTMENTS = "code,name_en,name_zh,parent"
WINDOWS = "number,section,section name in chinese,hall,hall name in chinese"


@pytest.fixture
def hr() -> User:
    CentreFactory()
    return UserFactory(hr=True)


# ---- departments


def test_departments_hang_below_their_parents_in_whatever_order(hr: User) -> None:
    run = imported(
        "departments", hr, DEPARTMENTS, "setup,Registration,登记科,market", "market,Market,市监局,", "tax,Tax,,"
    )
    assert (run.state, counts(run)) == ("applied", (3, 0, 0, 0))
    setup, market = Department.objects.get(code="setup"), Department.objects.get(code="market")
    assert setup.get_parent() == market
    assert (market.depth, market.name) == (1, {"en": "Market", "zh-hans": "市监局"})
    assert Department.find_problems() == ([], [], [], [], [])
    created = AuditEvent.objects.filter(action="people.department_added")
    assert {(event.subject_name, event.actor_id) for event in created} >= {("Market", hr.pk)}
    assert created.count() == 3


def test_departments_a_second_time_change_nothing(hr: User) -> None:
    lines = DEPARTMENTS, "setup,Registration,登记科,market", "market,Market,市监局,"
    imported("departments", hr, *lines)
    before = list(Department.objects.values()), AuditEvent.objects.exclude(action="imports.applied").count()
    assert counts(imported("departments", hr, *lines)) == (0, 0, 2, 0)
    assert (
        list(Department.objects.values()),
        AuditEvent.objects.exclude(action="imports.applied").count(),
    ) == before


def test_a_department_is_renamed_and_moved_with_what_hangs_below(hr: User) -> None:
    imported("departments", hr, DEPARTMENTS, "a,A,甲,", "b,B,乙,", "c,C,丙,a", "d,D,丁,c")
    run = begun("departments", hr, DEPARTMENTS, "c,C,丙科,b")
    (change,) = importing.planned_changes(run)
    assert change["facts"] == [["Name in Chinese", "丙", "丙科"], ["Parent", "a", "b"]]
    importing.start_import(run=run, only_valid=False, by=hr, at=AT)
    importing.apply_import(run=run, at=AT, progress=Silent())
    moved = Department.objects.get(code="c")
    assert (moved.get_parent().code, moved.name["zh-hans"]) == ("b", "丙科")
    assert Department.objects.get(code="d").is_descendant_of(moved)
    assert counts(imported("departments", hr, DEPARTMENTS, "c,C,丙科,")) == (0, 1, 0, 0)
    assert Department.objects.get(code="c").is_root()
    assert Department.find_problems() == ([], [], [], [], [])


def test_a_column_that_is_missing_keeps_what_is_on_record(hr: User) -> None:
    imported("departments", hr, DEPARTMENTS, "a,A,甲,", "b,B,乙,a")
    assert counts(imported("departments", hr, "code,name_zh", "b,乙科")) == (0, 1, 0, 0)
    department = Department.objects.get(code="b")
    assert (department.name, department.get_parent().code) == ({"en": "B", "zh-hans": "乙科"}, "a")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["a,,,"], (2, "A", "a new department needs a name, in one language at least.")),
        (["a,A,,nowhere"], (2, "D", "no department has the code “nowhere”.")),
        (["a,A,,b", "b,B,,a"], (2, "D", "the department would hang below itself.")),
        (["a,A,,a"], (2, "D", "the department would hang below itself.")),
        (["a,A,,", "a,B,,"], (2, "A", "“a” is in line 3 too.")),
        ([",A,,"], (2, "A", "the cell is empty; it must be filled in.")),
        (["a b,A,,"], (2, "A", "“a b” is not a code")),
        (['"=1+1",A,,'], (2, "A", "“=1+1” is not a code")),
        ([f"a,{'x' * 201},,"], (2, "B", "more than 200 characters.")),
    ],
)
def test_what_is_wrong_with_a_department_is_named_by_its_cell(
    hr: User, lines: list[str], found: tuple[int, str, str]
) -> None:
    run = begun("departments", hr, DEPARTMENTS, *lines)
    line, column, text = sentences(run)[0]
    wanted_line, wanted_column, wanted = found
    assert line == wanted_line
    assert text.startswith(wanted)
    assert column == ("B" if "needs a name" in text else wanted_column)


def test_a_row_that_stands_on_a_refused_one_is_refused_too(hr: User) -> None:
    run = imported("departments", hr, DEPARTMENTS, "a a,A,,", "b,B,,a", "c,C,,b", "d,D,,", only_valid=True)
    assert counts(run) == (1, 0, 0, 3)
    assert list(Department.objects.filter(code__in="abcd").values_list("code", flat=True)) == ["d"]
    header, *refused = importing.rejected_rows(run)
    assert header == ["code", "name_en", "name_zh", "parent", "What is wrong"]
    assert [row[0] for row in refused] == ["a a", "b", "c"]
    assert refused[1][-1] == "D: no department has the code “a”."


# ---- positions and windows


def test_positions(hr: User) -> None:
    lines = "岗位代码,名称", "clerk,窗口岗", "lead,负责人"
    assert counts(imported("positions", hr, *lines)) == (2, 0, 0, 0)
    assert Position.objects.get(code="clerk").name == {"zh-hans": "窗口岗"}
    assert counts(imported("positions", hr, *lines)) == (0, 0, 2, 0)
    assert counts(imported("positions", hr, "code,name_en", "clerk,Clerk")) == (0, 1, 0, 0)
    assert Position.objects.get(code="clerk").name == {"en": "Clerk", "zh-hans": "窗口岗"}


def test_windows_bring_their_section_and_hall_along(hr: User) -> None:
    lines = WINDOWS, "001,A,甲区,1F,一楼", "2,A,,1F,", "3,B,乙区,1F,"
    assert counts(imported("windows", hr, *lines)) == (3, 0, 0, 0)
    assert {window.number: window.section.code for window in Window.objects.all()} == {1: "A", 2: "A", 3: "B"}
    assert Section.objects.get(code="A").name == {"zh-hans": "甲区"}
    assert Hall.objects.get().name == {"zh-hans": "一楼"}
    assert counts(imported("windows", hr, *lines)) == (0, 0, 3, 0)


def test_a_new_section_or_hall_needs_a_name_in_some_row(hr: User) -> None:
    run = begun("windows", hr, WINDOWS, "1,A,,1F,一楼")
    assert sentences(run) == [(2, "B", "“A” is new: give its name, in one language at least.")]


def test_windows_move_to_another_section(hr: User) -> None:
    window = WindowFactory(number=7, section=SectionFactory(code="A"))
    SectionFactory(code="B", hall=window.section.hall)
    hall = window.section.hall.code
    assert counts(imported("windows", hr, "number,section,hall", f"7,B,{hall}")) == (0, 1, 0, 0)
    window.refresh_from_db()
    assert window.section.code == "B"
    assert counts(imported("windows", hr, "number,section,hall", f"7,B,{hall}")) == (0, 0, 1, 0)


def test_rows_that_contradict_each_other_about_a_section_are_refused(hr: User) -> None:
    run = begun("windows", hr, WINDOWS, "1,A,甲区,1F,一楼", "2,A,乙区,1F,一楼")
    assert sentences(run) == [(3, "C", "line 2 says “甲区” of the same code.")]


# ---- parts that close


def test_a_last_day_closes_and_a_blank_one_opens_again(hr: User) -> None:
    imported("departments", hr, DEPARTMENTS, "a,A,甲,", "b,B,乙,a")
    lines = "code,until", "a,2026-12-31", "b,2026-11-30"
    assert counts(imported("departments", hr, *lines)) == (0, 2, 0, 0)
    assert counts(imported("departments", hr, *lines)) == (0, 0, 2, 0)
    assert Department.objects.get(code="a").until == date(2026, 12, 31)
    assert AuditEvent.objects.get(action="people.department_closed", subject_name="B").after == {"until": "2026-11-30"}
    assert counts(imported("departments", hr, "code,until", "a,", "b,")) == (0, 2, 0, 0)
    assert Department.objects.filter(until=None, code__in="ab").count() == 2
    assert AuditEvent.objects.filter(action="people.department_reopened").count() == 2
    assert counts(imported("departments", hr, "code,name_zh", "a,甲科")) == (0, 1, 0, 0)


def test_nothing_closes_on_people_or_on_what_stands_in_it(hr: User) -> None:
    posting = PostingFactory(position__code="clerk", section=SectionFactory(code="A"))
    window = WindowFactory(number=7, section=posting.section)
    says = f"still in it after that day: {posting.person}."
    [fault] = sentences(begun("positions", hr, "code,until", "clerk,2026-11-30"))
    assert fault == (2, "B", says)
    code = posting.department.code
    [fault] = sentences(begun("departments", hr, "code,until", f"{code},2026-11-30"))
    assert fault[:2] == (2, "B")
    assert fault[2].startswith("still in it after that day: ")

    head = "number,until,section,section_until,hall,hall_until"
    hall = posting.section.hall.code
    posting.until = date(2026, 11, 30)
    posting.save()
    [fault] = sentences(begun("windows", hr, head, f"7,,A,2026-11-30,{hall},"))
    assert fault == (2, "D", "still in it after that day: Window 7.")
    RoleGrantFactory(person=posting.person, role="head", section=posting.section)
    [fault] = sentences(begun("windows", hr, head, f"7,2026-11-30,A,2026-11-30,{hall},"))
    assert fault == (2, "D", f"still in it after that day: {posting.person} (Head).")
    posting.person.role_grants.update(until=date(2026, 11, 30))
    run = imported("windows", hr, head, f"7,2026-11-30,A,2026-11-30,{hall},2026-11-30")
    assert counts(run) == (0, 1, 0, 0)
    window.refresh_from_db()
    assert {window.until, window.section.until, window.section.hall.until} == {date(2026, 11, 30)}
    closed = AuditEvent.objects.filter(action__endswith="_closed").values_list("action", flat=True)
    assert set(closed) == {"people.hall_closed", "people.section_closed", "people.window_closed"}


def test_nothing_opens_in_what_has_closed(hr: User) -> None:
    imported("departments", hr, f"{DEPARTMENTS},until", "a,A,甲,,2026-01-31", "b,B,乙,a,2026-01-31")
    closes = "“a”, in which it stands, closes before."
    assert sentences(begun("departments", hr, DEPARTMENTS, "c,C,丙,a")) == [(2, None, closes)]
    assert sentences(begun("departments", hr, "code,until", "b,")) == [(2, "B", closes)]
    assert counts(imported("departments", hr, "code,until", "a,", "b,")) == (0, 2, 0, 0)


# ---- the round trip


@pytest.fixture
def closed(full: User) -> User:
    """The same centre, where one part of each kind has closed."""
    for part in (Department.objects.get(code="b"), Position.objects.get(), Window.objects.get(), Section.objects.get()):
        part.until = date(2026, 1, 31)
        part.save()
    Hall.objects.update(until=date(2026, 6, 30))
    return full


@pytest.mark.parametrize("kind", ["departments", "positions", "windows"])
def test_an_export_with_closed_parts_imports_again_unchanged(closed: User, kind: str) -> None:
    assert "2026-01-31" in export_of(kind, closed, "csv").decode()
    plan = again(kind, closed, "xlsx")
    assert (plan.faults, plan.changes) == ([], [])


@pytest.fixture
def full(hr: User) -> User:
    """An HR officer in a centre with something hostile, something padded and something lent in each list."""
    imported("departments", hr, DEPARTMENTS, '007,"=HYPERLINK(""x"")",＝甲,', "b,+B,-乙,007")
    imported("positions", hr, "code,name_en", "0042,@clerk")
    imported("windows", hr, WINDOWS, "7,01,\t=甲,1F,一楼")
    head = "staff_number,name,latin_name,department,position,section,window,starts_on,roles"
    imported("staff", hr, head, "000123,李娜,Li Na,007,0042,01,7,2024-03-01,examiner", "K-1,王芳,,b,0042,,,2025-01-01,")
    lent = User.objects.get(staff_number="K-1").postings.get()
    lent.department = Department.objects.get(code="007")
    lent.save()
    return hr


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("kind", "rows"), [("departments", 2), ("positions", 1), ("windows", 1), ("staff", 2)])
def test_an_export_imports_again_unchanged(full: User, kind: str, rows: int, language: str, file_format: str) -> None:
    with translation.override(language):
        plan = again(kind, full, file_format)
        counted = import_of(kind).count(full, at=AT)
    assert plan.faults == []
    assert plan.changes == []
    assert plan.unchanged >= rows
    assert plan.unchanged == counted


def test_an_export_runs_nothing_and_keeps_leading_zeros(full: User) -> None:
    table = export_of("departments", full, "csv").decode("utf-8-sig")
    assert "\"'=HYPERLINK(" in table
    assert "'＝甲" in table
    with zipfile.ZipFile(io.BytesIO(export_of("departments", full, "xlsx"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f" not in sheet
        assert "hyperlink" not in "".join(archive.namelist()).lower()
        assert "<hyperlink" not in sheet
    assert "000123" in export_of("staff", full, "csv").decode()
    assert User.objects.filter(staff_number="000123").exists()
