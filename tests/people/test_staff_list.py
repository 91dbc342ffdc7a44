"""Importing the staff list through the service: what it writes, what it refuses, and that it does so once."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.lib.tables import Table, TableError, read_table
from training.operations.models import AuditEvent
from training.people.models import Department, Posting, Role, RoleGrant, User
from training.people.services import ImportReport, import_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HEADER = "staff_number,name,latin_name,department,position,section,window,starts_on,language,roles,email"


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory(source_language="zh-hans")
    tax, market = DepartmentFactory(code="tax"), DepartmentFactory(code="market")
    DepartmentFactory(code="market-setup", parent=market)
    assert tax.pk
    PositionFactory(code="clerk")
    PositionFactory(code="lead")
    WindowFactory(number=7, section=SectionFactory(code="A1"))
    WindowFactory(number=9, section=SectionFactory(code="B1"))


def table(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Table:
    return read_table(io.BytesIO("\n".join([header, *lines]).encode(encoding)), name="staff.csv")


def run(*lines: str, **options: Any) -> ImportReport:
    options = {"by": "tests", "at": AT, "dry_run": False} | options
    return import_staff(table=table(*lines), **options)


def faults(*lines: str, **options: Any) -> list[str]:
    """What a dry run finds, without the file's name."""
    report = run(*lines, dry_run=True, **options)
    return [message.removeprefix("staff.csv, ") for message in report.messages]


def test_a_line_becomes_a_person_with_a_posting() -> None:
    report = run("20418,阿依古丽·买买提,Ayigul Mamat,market,clerk,A1,7,2024-03-01,en,editor;Reviewer,a@example.org")

    person = User.objects.get(staff_number="20418")
    posting = person.postings.get()
    assert (report.created, report.changed, report.unchanged, report.faults) == (1, 0, 0, ())
    assert (person.display_name, person.latin_name) == ("阿依古丽·买买提", "Ayigul Mamat")
    assert (person.department.code, person.language, person.email) == ("market", "en", "a@example.org")
    assert (posting.position.code, posting.section.code, posting.window.number) == ("clerk", "A1", 7)
    assert (posting.department.code, posting.starts_on, posting.until) == ("market", date(2024, 3, 1), None)
    assert person.role_names == {"editor", "reviewer"}
    assert {group.name for group in person.groups.all()} == {"editor", "reviewer"}
    assert person.date_joined == AT
    assert not person.has_usable_password()


def test_what_the_file_does_not_say_takes_its_default() -> None:
    run("20418,李娜,,tax,clerk,,9,2024-03-01,,,")

    person = User.objects.get()
    assert person.language == "zh-hans"
    assert person.postings.get().section.code == "B1"
    assert person.role_names == frozenset()


def test_chinese_headings_and_day_formats() -> None:
    header = "工号,姓名,科室,岗位,到岗日期,窗口,区域,语言,角色,邮箱,拉丁名"
    with translation.override("zh-hans"):
        roles = f"{Role.EDITOR.label}；{Role.EXAMINER.label}"
    for number, encoding in (("1", "utf-8-sig"), ("2", "gbk"), ("3", "utf-16")):
        list_ = table(f"{number},李娜,tax,lead,2024/3/1,7,A1,简体中文,{roles},,Li Na", header=header, encoding=encoding)
        import_staff(table=list_, by="tests", at=AT, dry_run=False)
        person = User.objects.get(staff_number=number)
        assert (person.display_name, person.language) == ("李娜", "zh-hans")
        assert person.role_names == {"editor", "examiner"}
        assert person.postings.get().starts_on == date(2024, 3, 1)


def test_new_people_share_the_password_given() -> None:
    run(
        "20418,李娜,,tax,clerk,,,2024-03-01,,,", "20419,王芳,,tax,clerk,,,2024-03-01,,,", password=make_password("demo")
    )

    first, second = User.objects.all()
    assert first.check_password("demo")
    assert first.password == second.password


def test_a_password_in_clear_is_never_stored() -> None:
    with pytest.raises(ValueError, match="hash"):
        run("20418,李娜,,tax,clerk,,,2024-03-01,,,", password="demo")
    assert not User.objects.exists()


def test_a_second_run_changes_nothing() -> None:
    lines = [f"2000{n},李娜,Li Na,market,clerk,A1,7,2024-03-01,en,examiner,a@example.org" for n in range(5)]
    run(*lines)
    audited = AuditEvent.objects.count()
    stored = list(User.objects.values()), list(Posting.objects.values()), list(RoleGrant.objects.values())

    report = run(*lines)

    assert (report.created, report.changed, report.unchanged) == (0, 0, 5)
    assert AuditEvent.objects.count() == audited
    assert (list(User.objects.values()), list(Posting.objects.values()), list(RoleGrant.objects.values())) == stored


def test_one_audit_event_per_person_in_the_same_transaction() -> None:
    administrator = UserFactory(administrator=True)
    run("20418,李娜,,tax,clerk,,,2024-03-01,,editor,", by=administrator)
    run("20418,李娜,Li Na,market,lead,,,2025-03-01,,,", by=administrator)

    hired, changed = AuditEvent.objects.filter(subject_type="people.user").order_by("pk")
    person = User.objects.get(staff_number="20418")
    assert (hired.action, hired.actor_id, hired.person_id) == ("people.hired", administrator.pk, person.pk)
    assert hired.before is None
    assert hired.after["roles"] == ["editor"]
    assert changed.action == "people.changed"
    assert (changed.before["latin_name"], changed.after["latin_name"]) == ("", "Li Na")
    assert changed.before["posting"]["starts_on"] == "2024-03-01"
    assert changed.after["posting"]["starts_on"] == "2025-03-01"


def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    run("20418,李娜,,tax,clerk,,7,2024-03-01,,,", "20419,王芳,,tax,clerk,,,2024-03-01,,,")
    audited = AuditEvent.objects.count()

    report = run(
        "20418,李娜,Li Na,market,lead,,9,2025-03-01,,head,",
        "20419,王芳,,tax,clerk,,,2024-03-01,,,",
        "20420,赵敏,,tax,clerk,,,2024-03-01,,,",
        dry_run=True,
    )

    assert (report.created, report.changed, report.unchanged, report.applied) == (1, 1, 1, False)
    first = report.changes[0]
    assert (first.line, first.staff_number, first.is_new) == (2, "20418", False)
    assert [(d.label, d.before, d.after) for d in first.differences] == [
        ("Name in Latin letters", "", "Li Na"),
        ("Department", "Department tax", "Department market"),
        (
            "Posting",
            "Position clerk, Department tax, Section A1, Window 7, 2024-03-01",
            "Position lead, Department market, Section B1, Window 9, 2025-03-01",
        ),
        ("Roles", "", "Head"),
    ]
    assert User.objects.count() == 2
    assert User.objects.get(staff_number="20418").latin_name == ""
    assert AuditEvent.objects.count() == audited


def test_a_move_ends_the_posting_the_day_before() -> None:
    run("20418,李娜,,tax,clerk,,,2024-03-01,,,")
    run("20418,李娜,,market,clerk,,,2025-06-01,,,")

    first, second = Posting.objects.order_by("starts_on")
    assert (first.department.code, first.until) == ("tax", date(2025, 5, 31))
    assert (second.department.code, second.starts_on, second.until) == ("market", date(2025, 6, 1), None)
    assert User.objects.get().department.code == "market"


def test_a_posting_entered_wrongly_is_corrected_in_place() -> None:
    run("20418,李娜,,tax,clerk,,,2024-03-01,,,")
    run("20418,李娜,,tax,clerk,,,2024-04-01,,,")
    run("20418,李娜,,tax,lead,,7,2024-04-01,,,")

    posting = Posting.objects.get()
    assert (posting.position.code, posting.window.number, posting.starts_on) == ("lead", 7, date(2024, 4, 1))


def test_an_outdated_list_is_refused() -> None:
    run("20418,李娜,,tax,clerk,,,2024-03-01,,,")
    run("20418,李娜,,market,clerk,,,2025-06-01,,,")

    assert faults("20418,李娜,,tax,clerk,,,2024-03-01,,,") == [
        "line 2, column H: an earlier posting stands in the way: the first day possible is 2025-06-01."
    ]


def test_somebody_who_left_returns_with_a_later_day_only() -> None:
    person = UserFactory(staff_number="20418", display_name="李娜", suspended=True)
    PostingFactory(person=person, starts_on=date(2024, 3, 1), until=date(2025, 1, 31))

    assert faults("20418,李娜,,tax,clerk,,,2024-03-01,,,") == [
        "line 2, column H: an earlier posting stands in the way: the first day possible is 2025-02-01."
    ]
    run("20418,李娜,,tax,clerk,,,2026-09-01,,,")
    person.refresh_from_db()
    assert person.is_active
    assert person.postings.get(until=None).starts_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",李娜,,tax,clerk,,,2024-03-01,,,", "line 2, column A: the cell is empty; it must be filled in."),
        ("2 041,李娜,,tax,clerk,,,2024-03-01,,,", "column A: “2 041” is not a staff number"),
        ("import,李娜,,tax,clerk,,,2024-03-01,,,", "column A: “import” is not a staff number"),
        ("<img>,李娜,,tax,clerk,,,2024-03-01,,,", "column A: “<img>” is not a staff number"),
        ("20418,=1+1,,tax,clerk,,,2024-03-01,,,", "column B: “=1+1” is not a name: a name begins with a letter"),
        ("20418,@SUM(A1),,tax,clerk,,,2024-03-01,,,", "column B: “@SUM(A1)” is not a name"),
        ('20418,"李\n娜",,tax,clerk,,,2024-03-01,,,', "column B: “李 娜” is not a name"),
        (f"20418,{'李' * 101},,tax,clerk,,,2024-03-01,,,", "column B: more than 100 characters for a name."),
        ("20418,李娜,李娜,tax,clerk,,,2024-03-01,,,", "column C: “李娜” is not a name in Latin letters."),
        ("20418,李娜,,taxx,clerk,,,2024-03-01,,,", "column D: no department has the code “taxx”. Did you mean “tax”?"),
        ("20418,李娜,,tax,cook,,,2024-03-01,,,", "column E: no position has the code “cook”."),
        ("20418,李娜,,tax,clerk,Z9,,2024-03-01,,,", "column F: no section has the code “Z9”."),
        ("20418,李娜,,tax,clerk,,99,2024-03-01,,,", "column G: no window has the number “99”."),
        ("20418,李娜,,tax,clerk,A1,9,2024-03-01,,,", "column G: window 9 is in the section “B1”, not in “A1”."),
        ("20418,李娜,,tax,clerk,,,1 March,,,", "column H: “1 March” is not a date. Write it as 2026-03-01."),
        ("20418,李娜,,tax,clerk,,,2024-02-30,,,", "column H: “2024-02-30” is not a date."),
        ("20418,李娜,,tax,clerk,,,2204-03-01,,,", "column H: “2204-03-01” is more than a year ahead."),
        ("20418,李娜,,tax,clerk,,,2024-03-01,fr,,", "column I: “fr” is not a language of the platform."),
        ("20418,李娜,,tax,clerk,,,2024-03-01,,boss,", "column J: “boss” is not a role."),
        ("20418,李娜,,tax,clerk,,,2024-03-01,,teacher,", "column J: career teachers are appointed under Coaching"),
        ("20418,李娜,,tax,clerk,,,2024-03-01,,,nobody", "column K: “nobody” is not an e-mail address."),
    ],
)
def test_a_faulty_cell_is_named(line: str, fault: str) -> None:
    (found,) = faults(line)
    assert fault in found
    assert found.startswith("line 2")


def test_all_faults_are_named_in_the_order_of_the_file() -> None:
    found = faults("20418,李娜,,tax,cook,,,soon,,,", "20419,,,taxx,clerk,,,2024-03-01,,,")
    assert [message.split(":")[0] for message in found] == [
        "line 2, column E",
        "line 2, column H",
        "line 3, column B",
        "line 3, column D",
    ]


def test_a_number_twice_in_the_file_is_a_fault_of_both_lines() -> None:
    assert faults(
        "k7,李娜,,tax,clerk,,,2024-03-01,,,",
        "20419,王芳,,tax,clerk,,,2024-03-01,,,",
        "K7,李娜,,tax,clerk,,,2024-03-01,,,",
    ) == [
        "line 2, column A: the staff number “K7” is in line 4 too.",
        "line 4, column A: the staff number “K7” is in line 2 too.",
    ]


def test_a_number_on_record_in_another_case_is_a_fault() -> None:
    UserFactory(staff_number="k7")
    assert faults("K7,李娜,,tax,clerk,,,2024-03-01,,,") == [
        "line 2, column A: the staff number is on record as “k7”. Write it the same way."
    ]


def test_wrong_headings_are_named_all_at_once() -> None:
    with pytest.raises(TableError) as error:
        import_staff(table=table(header="staff_number,工号,nmae,department,position"), by="tests", at=AT, dry_run=True)
    assert error.value.messages == [
        "staff.csv, line 1, column B: “工号” says the same as column A. Keep one of them.",
        "staff.csv, line 1, column C: “nmae” is not a column of the staff list. Known are: Staff number, Name, "
        "Latin name, Department, Position, Posted to, Section, Window, Starts on, Language, Roles, Email.",
        "staff.csv, line 1: the column “Name” (姓名) is missing.",
        "staff.csv, line 1: the column “Starts on” (到岗日期) is missing.",
    ]


def test_one_fault_and_nothing_is_imported() -> None:
    good, bad = "20418,李娜,,tax,clerk,,,2024-03-01,,,", "20419,王芳,,tax,cook,,,2024-03-01,,,"
    with pytest.raises(TableError, match="line 3, column E"):
        run(good, bad)
    assert not User.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_rows_without_faults_alone_when_asked() -> None:
    good, bad = "20418,李娜,,tax,clerk,,,2024-03-01,,,", "20419,王芳,,tax,cook,,,2024-03-01,,,"
    report = run(good, bad, only_valid=True)
    assert (report.created, report.faulty_lines, report.applied) == (1, 1, True)
    assert [person.staff_number for person in User.objects.all()] == ["20418"]


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("training.people.services.staff_list.writing.record_many", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        run("20418,李娜,,tax,clerk,,,2024-03-01,,editor,")
    assert not User.objects.exists()
    assert not Posting.objects.exists()
    assert not Group.objects.filter(user__isnull=False).exists()


# ---- who may import whom


def hr_of(code: str) -> User:
    return UserFactory(hr=True, hr_grant__department=Department.objects.get(code=code))


def test_hr_imports_into_their_departments_and_those_below() -> None:
    run("20418,李娜,,market-setup,clerk,,,2024-03-01,,editor;hr,", by=hr_of("market"))
    assert User.objects.get(staff_number="20418").role_names == {"editor", "hr"}


def test_hr_cannot_import_into_another_department() -> None:
    assert faults("20418,李娜,,tax,clerk,,,2024-03-01,,,", by=hr_of("market")) == [
        "line 2, column D: you are not HR of the department “tax”."
    ]
    assert faults("20418,李娜,,market,clerk,,,2024-03-01,,,", by=hr_of("market-setup"))


def test_heading_a_department_is_not_keeping_its_records() -> None:
    head = UserFactory(head=True, hr=True, hr_grant__department=Department.objects.get(code="market"))
    assert faults("20418,李娜,,tax,clerk,,,2024-03-01,,,", by=head)


def test_hr_cannot_take_people_from_another_department() -> None:
    run("20418,李娜,,tax,clerk,,,2024-03-01,,,")
    assert faults("20418,李娜,,market,clerk,,,2025-03-01,,,", by=hr_of("market")) == [
        "line 2, column A: “20418” belongs to a department you are not HR of. Ask its HR to move the person."
    ]


@pytest.mark.parametrize("role", ["director", "auditor", "administrator"])
def test_hr_gives_no_role_above_their_own(role: str) -> None:
    (fault,) = faults(f"20418,李娜,,market,clerk,,,2024-03-01,,{role},", by=hr_of("market"))
    assert "column J: you may not give the role" in fault


def test_hr_leaves_administrators_alone() -> None:
    administrator = UserFactory(administrator=True, department=Department.objects.get(code="market"))
    line = f"{administrator.staff_number},改名,,market,clerk,,,2024-03-01,,,"
    (fault,) = faults(line, by=hr_of("market"))
    assert "is an administrator; only an administrator changes that record." in fault
    assert run(line, by=UserFactory(administrator=True)).changed == 1


def test_nobody_gives_themselves_a_role() -> None:
    hr = hr_of("market")
    hr.department = Department.objects.get(code="market")
    hr.save()
    (fault,) = faults(f"{hr.staff_number},{hr.display_name},,market,clerk,,,2024-03-01,,head,", by=hr)
    assert "column J: nobody gives themselves a role" in fault


def test_whoever_holds_nothing_imports_nothing() -> None:
    for person in (UserFactory(), UserFactory(hr=True, suspended=True), UserFactory(director=True)):
        assert faults("20418,李娜,,tax,clerk,,,2024-03-01,,,", by=person)


def test_a_role_over_more_is_not_given_again() -> None:
    person = UserFactory(staff_number="20418", examiner=True)
    run(f"20418,{person.display_name},,tax,clerk,,,2024-03-01,,examiner,")
    assert person.role_grants.count() == 1


# ---- size


@pytest.mark.parametrize("number", [1, 60])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [f"{20000 + n},李娜,,tax,clerk,,7,2024-03-01,,editor," for n in range(number)]
    moved = [f"{20000 + n},李娜,,market,lead,,9,2025-03-01,,reviewer," for n in range(number)]
    administrator = UserFactory(administrator=True)
    Group.objects.get_or_create(name="administrator")
    run("19999,李娜,,tax,clerk,,,2024-03-01,,editor;reviewer,")
    with django_assert_max_num_queries(36):
        run(*lines, by=administrator)
    with django_assert_max_num_queries(44):
        run(*moved, by=administrator)
