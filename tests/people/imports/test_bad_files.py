"""What cannot be read is refused at the door; what can is judged cell by cell."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.people.imports.sending import (
    GOOD,
    HEADER,
    confirm,
    faults_of,
    latest,
    page_of,
    send,
    sent,
    staff_file,
)
from training.lib.tables import Sheet, write_xlsx
from training.operations.models import ImportRun
from training.people.models import User

pytestmark = pytest.mark.django_db


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
    "empty": (lambda: b"", "the file is empty. The first line must hold the headings."),
    "blank": (lambda: b" \r\n \n", "the file is empty."),
    "headings alone": (lambda: HEADER.encode(), "there is no row below the headings."),
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
    assert not ImportRun.objects.exists()
    assert User.objects.count() == before


def test_duplicate_numbers_are_named_by_line(screen: Client) -> None:
    page = sent(screen, GOOD, GOOD)
    assert faults_of(page) == [(2, "A"), (3, "A")]
    assert page.context["page"].paginator.count == 0


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_the_encodings_of_an_office_are_read(screen: Client, encoding: str) -> None:
    send(screen, staff_file(GOOD, encoding=encoding))
    confirm(screen)
    assert User.objects.get(staff_number="20418").display_name == "李娜"


def test_a_formula_for_a_name_is_a_fault_of_its_cell(screen: Client) -> None:
    assert faults_of(sent(screen, '20418,"=HYPERLINK(""http://x"")",Li Na,tax,clerk,7,2024-03-01')) == [(2, "B")]


def test_what_a_file_says_is_never_markup(screen: Client) -> None:
    odd = "<i>name</i>"
    send(
        screen, staff_file("20418,x<script>alert(1)</script>,,<b>tax</b>,clerk,,2024-03-01,1", header=f"{HEADER},{odd}")
    )
    run = latest()
    pages = [screen.get(reverse("people:import_columns", args=[run.pk]))]
    screen.post(reverse("people:import_columns", args=[run.pk]), {name: name for name in HEADER.split(",")})
    pages += [page_of(screen, run), screen.get(reverse("people:import_past"))]
    for page in pages:
        shown = page.content.decode()
        assert page.status_code == 200
        assert "<b>tax</b>" not in shown
        assert "<script>alert" not in shown
        assert odd not in shown
