"""The import on screen: choose, check, confirm; bad files; what is kept between, and for whom."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    UserFactory,
    WindowFactory,
)
from training.lib.tables import Sheet, read_table, write_xlsx
from training.operations.models import AuditEvent
from training.people.models import Department, User
from training.people.services import discard_expired_uploads, import_staff

pytestmark = pytest.mark.django_db

HEADER = "staff_number,name,latin_name,department,position,window,starts_on"
GOOD = "20418,李娜,Li Na,tax,clerk,7,2024-03-01"
BAD = "20419,王芳,Wang Fang,tax,cook,7,2024-03-01"


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    settings.STORAGES = dict(settings.STORAGES)  # makes Django build them anew, empty


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()
    DepartmentFactory(code="tax")
    DepartmentFactory(code="market")
    PositionFactory(code="clerk")
    WindowFactory(number=7)


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True, hr_grant__department=Department.objects.get(code="tax"))


@pytest.fixture
def screen(client: Client, hr: User) -> Client:
    client.force_login(hr)
    return client


def staff_file(*lines: str, encoding: str = "utf-8", name: str = "staff.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADER, *lines]).encode(encoding))


def send(client: Client, file: SimpleUploadedFile) -> HttpResponse:
    return client.post(reverse("people:import"), {"file": file})


def token_of(client: Client) -> str:
    return client.session["staff_list"]["token"]


def confirm(client: Client, **answers: str) -> HttpResponse:
    return client.post(reverse("people:import_confirm"), {"token": token_of(client)} | answers, follow=True)


def test_a_list_is_checked_then_confirmed(screen: Client) -> None:
    assert send(screen, staff_file(GOOD)).url == reverse("people:import_confirm")

    checked = screen.get(reverse("people:import_confirm"))
    assert checked.context["report"].created == 1
    assert "Import 1 person" in checked.content.decode()
    assert not User.objects.filter(staff_number="20418").exists()

    done = confirm(screen)
    assert "Staff list imported" in done.content.decode()
    assert done.context["report"] == {
        "name": "staff.csv",
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "faulty_lines": 0,
    }
    assert User.objects.get(staff_number="20418").display_name == "李娜"
    assert storages["private"].listdir("staff-lists")[1] == []


def test_the_report_shows_before_and_after(screen: Client) -> None:
    person = UserFactory(staff_number="20418", display_name="李哪", department=Department.objects.get(code="tax"))
    PostingFactory(person=person)
    send(screen, staff_file(GOOD))
    page = screen.get(reverse("people:import_confirm")).content.decode()
    assert "<del>李哪</del>" in page
    assert "<ins>李娜</ins>" in page


def test_errors_are_shown_by_line_and_nothing_is_imported(screen: Client) -> None:
    send(screen, staff_file(GOOD, BAD))
    page = screen.get(reverse("people:import_confirm"))
    assert [(fault.line, fault.column) for fault in page.context["faults"]] == [(3, "E")]
    assert "no position has the code “cook”." in page.content.decode()
    assert "<title>Error: " in page.content.decode()

    confirm(screen)
    assert not User.objects.filter(staff_number__in=["20418", "20419"]).exists()
    assert "done" not in screen.session["staff_list"]


def test_the_lines_without_errors_alone(screen: Client) -> None:
    send(screen, staff_file(GOOD, BAD))
    done = confirm(screen, only_valid="on")
    assert (done.context["report"]["created"], done.context["report"]["faulty_lines"]) == (1, 1)
    assert User.objects.filter(staff_number="20418").exists()
    assert not User.objects.filter(staff_number="20419").exists()


def test_a_second_import_has_nothing_to_do(screen: Client) -> None:
    for _time in range(2):
        send(screen, staff_file(GOOD))
        page = screen.get(reverse("people:import_confirm")).content.decode()
        confirm(screen)
    assert "There is nothing to import." in page
    assert AuditEvent.objects.filter(subject_type="people.user").count() == 1


def test_the_list_is_checked_again_when_confirmed(screen: Client) -> None:
    send(screen, staff_file(GOOD))
    UserFactory(staff_number="20418", department=Department.objects.get(code="market"))
    page = confirm(screen)
    assert "belongs to a department you are not HR of" in page.content.decode()
    assert User.objects.get(staff_number="20418").department.code == "market"


# ---- bad files


def bomb() -> bytes:
    """A workbook of 700 KB whose sheet unpacks to 300 MB."""
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Staff", [HEADER.split(",")])])
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as sheet,
    ):
        for _megabyte in range(300):
            sheet.write(b" " * 1024 * 1024)
    return file.getvalue()


def workbook_with_a_formula() -> bytes:
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Staff", [HEADER.split(","), GOOD.split(",")])])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    start = sheet.index('<c r="B2"')
    end = sheet.index("</c>", start)
    parts["xl/worksheets/sheet1.xml"] = (
        sheet[:start] + '<c r="B2" t="str"><f>HYPERLINK("http://x")</f><v>x</v>' + sheet[end:]
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


BAD_FILES = {
    "wrong column": (
        lambda: f"{HEADER},salary\n{GOOD},1".encode(),
        "line 1, column H: “salary” is not a column of the staff list.",
    ),
    "missing column": (lambda: b"staff_number,name\n1,x", "line 1: the column “department” (科室) is missing."),
    "empty": (lambda: b"", "the file is empty. The first line must hold the headings."),
    "blank": (lambda: b" \r\n \n", "the file is empty."),
    "20 MB": (lambda: b"a" * 20 * 1024 * 1024, "the file is larger than 10 MB."),
    "bomb": (bomb, "50 MB"),
    "formula": (workbook_with_a_formula, "line 2, column B"),
    "too many rows": (lambda: (HEADER + "\n1" * 20_001).encode(), "more than 20,000 rows."),
    "no table": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table: save it as .xlsx, or as CSV"),
    "broken workbook": (lambda: b"PK\x03\x04" + b"x" * 100, "damaged or not an Excel workbook"),
    "open quotation": (lambda: f'{HEADER}\n"20418,李娜'.encode(), "quotation marks do not match"),
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_at_the_door(screen: Client, content: Callable[[], bytes], message: str) -> None:
    before = User.objects.count()
    page = send(screen, SimpleUploadedFile("staff.csv", content()))
    assert page.status_code == 200
    (first, *_others) = page.context["form"].errors["file"]
    assert first.startswith("staff.csv")
    assert message in first
    assert "staff_list" not in screen.session
    assert User.objects.count() == before


def test_duplicate_numbers_are_named_by_line(screen: Client) -> None:
    send(screen, staff_file(GOOD, GOOD))
    page = screen.get(reverse("people:import_confirm"))
    assert [(fault.line, fault.column) for fault in page.context["faults"]] == [(2, "A"), (3, "A")]
    assert page.context["report"].changes == ()


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_the_encodings_of_an_office_are_read(screen: Client, encoding: str) -> None:
    send(screen, staff_file(GOOD, encoding=encoding))
    confirm(screen)
    assert User.objects.get(staff_number="20418").display_name == "李娜"


def test_a_formula_for_a_name_is_a_fault_of_its_cell(screen: Client) -> None:
    send(screen, staff_file('20418,"=HYPERLINK(""http://x"")",Li Na,tax,clerk,7,2024-03-01'))
    page = screen.get(reverse("people:import_confirm"))
    assert [(fault.line, fault.column) for fault in page.context["faults"]] == [(2, "B")]


def test_what_a_file_says_is_never_markup(screen: Client) -> None:
    send(screen, staff_file("20418,x<script>alert(1)</script>,,<b>tax</b>,clerk,,2024-03-01", name="<i>.csv"))
    page = screen.get(reverse("people:import_confirm")).content.decode()
    assert "<b>tax</b>" not in page
    assert "<script>alert" not in page
    assert "<i>.csv" not in page


# ---- who, and for how long


def test_hr_of_one_department_cannot_import_into_another(screen: Client) -> None:
    send(screen, staff_file(GOOD.replace("tax", "market")))
    page = screen.get(reverse("people:import_confirm"))
    assert "you are not HR of the department “market”." in page.content.decode()
    confirm(screen, only_valid="on")
    assert not User.objects.filter(staff_number="20418").exists()


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "examiner", "head", "director", "auditor"])
def test_others_do_not_get_in(client: Client, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    for name in ("people:import", "people:import_confirm", "people:import_template"):
        assert client.get(reverse(name)).status_code == 403
    assert send(client, staff_file(GOOD)).status_code == 403


def test_a_kept_list_is_one_persons_and_one_sessions(screen: Client, hr: User) -> None:
    send(screen, staff_file(GOOD))
    token = token_of(screen)
    for person in (hr, UserFactory(hr=True)):
        other = Client()
        other.force_login(person)
        answer = other.post(reverse("people:import_confirm"), {"token": token})
        assert answer.url == reverse("people:import")
    assert not User.objects.filter(staff_number="20418").exists()


def test_a_form_of_an_earlier_list_imports_nothing(screen: Client) -> None:
    send(screen, staff_file(GOOD))
    earlier = token_of(screen)
    send(screen, staff_file(GOOD.replace("20418", "20555")))
    screen.post(reverse("people:import_confirm"), {"token": earlier})
    assert not User.objects.filter(staff_number__in=["20418", "20555"]).exists()


def test_only_the_last_list_of_a_session_is_kept(screen: Client) -> None:
    send(screen, staff_file(GOOD))
    send(screen, staff_file(GOOD))
    assert len(storages["private"].listdir("staff-lists")[1]) == 1


def test_a_list_is_forgotten_after_half_an_hour(screen: Client) -> None:
    now = timezone.now()
    send(screen, staff_file(GOOD))
    with time_machine.travel(now + timedelta(minutes=31)):
        page = screen.get(reverse("people:import_confirm"), follow=True)
    assert "The file is no longer kept. Choose it again." in page.content.decode()


def test_what_nobody_confirmed_is_thrown_away(screen: Client) -> None:
    send(screen, staff_file(GOOD))
    now: datetime = timezone.now()
    assert discard_expired_uploads(now=now) == 0
    assert discard_expired_uploads(now=now + timedelta(minutes=31)) == 1
    assert storages["private"].listdir("staff-lists")[1] == []


# ---- the template


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_can_be_imported_as_it_is(screen: Client, hr: User, kind: str, language: str) -> None:
    User.objects.filter(pk=hr.pk).update(language=language)
    answer = screen.get(reverse("people:import_template"), {"format": kind})
    assert f'filename="staff-list.{kind}"' in answer["Content-Disposition"]
    table = read_table(io.BytesIO(answer.content), name="template")
    assert table.header[0] == ("工号" if language == "zh-hans" else "staff_number")
    report = import_staff(table=table, by=hr, at=timezone.now(), dry_run=True)
    assert (report.faults, report.created) == ((), 1)
