"""HR builds a centre from spreadsheets: departments, windows, then staff with a slip, mended in its own file."""

import io

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.lib.tables import Sheet, read_table, write_xlsx
from training.operations.models import AuditEvent, ImportRun
from training.people.models import Department, Posting, User, Window

pytestmark = pytest.mark.journey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW, OTHER = "30911", "30912"


def workbook(name: str, *rows: list[object]) -> FilePayload:
    file = io.BytesIO()
    write_xlsx(file, [Sheet("List", rows)])
    return {"name": name, "mimeType": XLSX, "buffer": file.getvalue()}


def choose(hr: Visitor, list_name: str, file: FilePayload) -> None:
    """Go to a list from the overview and upload the file."""
    hr.open("/people/import/")
    hr.follow(list_name, within=hr.page.get_by_role("main"), exact=True)
    hr.page.get_by_label("File").set_input_files(file)
    hr.press("Check the list")


def test_hr_builds_a_centre_from_spreadsheets(arrive: Arrivals) -> None:
    hr = arrive("hr")
    page = hr.page

    choose(hr, "Departments", workbook("bureaus.xlsx", ["科室代码", "名称", "上级科室"], ["water", "水务局", ""]))
    hr.is_at("Check the import")
    hr.sees("bureaus.xlsx: nothing is written yet.")
    assert not Department.objects.filter(code="water").exists()
    hr.press("Import 1 change")
    hr.is_at("Imported")
    assert Department.objects.get(code="water").name == {"zh-hans": "水务局"}

    match_the_windows(hr)
    hr.press("Check the list")
    hr.is_at("Check the import")
    hr.press("Import 1 change")
    hr.is_at("Imported")
    assert Window.objects.get(number=901).section.code == "W1"

    choose(hr, "Staff", staff_list("clerk-registraton"))
    hr.is_at("Check the import")
    wrong = page.get_by_role("region", name="Errors").get_by_role("row").nth(1)
    says = "no position has the code “clerk-registraton”. Did you mean “clerk-registration”?"
    expect(wrong.get_by_role("cell")).to_have_text(["3", "D", says])
    hr.press("Import the 1 change without errors")
    hr.is_at("Imported")
    assert set(User.objects.filter(department__code="water").values_list("staff_number", flat=True)) == {NEW}

    with page.expect_download() as refused:
        page.get_by_role("link", name="Refused rows (XLSX)").click()
    with refused.value.path().open("rb") as file:
        table = read_table(file, name="refused")
    mended = [[cell.replace("registraton", "registration") for cell in row.cells] for row in table.rows]
    choose(hr, "Staff", workbook("mended.xlsx", list(table.header), *mended))
    hr.is_at("Check the import")
    hr.press("Import 1 change")
    hr.is_at("Imported")
    hr.follow("Show what is on record")
    page.get_by_label("Department").select_option("water")
    hr.press("Show", exact=True)
    hr.sees("欧阳静怡", "慕容雪")

    assert Posting.objects.get(person__staff_number=OTHER, until=None).window.number == 901
    assert ImportRun.objects.filter(state="applied").count() == 4
    assert AuditEvent.objects.filter(action="people.hired", actor_name__contains="Sun Lei").count() >= 2


def match_the_windows(hr: Visitor) -> None:
    """Send a list with headings of its own and say what each stands for."""
    page = hr.page
    windows = workbook("windows.xlsx", ["No.", "Area", "Area name", "Hall"], [901, "W1", "Water", hall_of_the_demo()])
    choose(hr, "Windows", windows)
    hr.is_at("Match the columns")
    page.get_by_label("Number", exact=True).select_option("No.")
    page.get_by_label("Section", exact=True).select_option("Area")
    # The guess was near and wrong: a heading stands for one column alone.
    page.get_by_label("Window name in English").select_option("")
    page.get_by_label("Section name in English").select_option("Area name")


def hall_of_the_demo() -> str:
    return str(Window.objects.select_related("section__hall").first().section.hall.code)


def staff_list(position: str) -> FilePayload:
    """Two new clerks at the new window; the second one's position may be a slip."""
    today = str(timezone.localdate())
    return workbook(
        "staff.xlsx",
        ["工号", "姓名", "科室", "岗位", "窗口", "到岗日期"],
        [NEW, "欧阳静怡", "water", "clerk-registration", 901, today],
        [OTHER, "慕容雪", "water", position, 901, today],
    )
