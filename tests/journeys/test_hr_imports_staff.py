"""HR imports a staff list: a wrong one says where it is wrong, the right one puts the new clerk on record."""

import io

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Arrivals
from training.lib.tables import Sheet, write_xlsx
from training.operations.models import AuditEvent
from training.people.models import Posting, User

pytestmark = pytest.mark.journey

HEADER = ["staff_number", "name", "latin_name", "department", "position", "section", "window", "starts_on", "roles"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW, WINDOW, OTHER_WINDOW = "30911", 16, 17


def staff_list(position: str) -> FilePayload:
    """A workbook of a new clerk in that position, and of a clerk on record who moves to another window."""
    today = str(timezone.localdate())
    moves = ["clerk", "周敏", "Zhou Min", "market-setup", "clerk-registration", "B1", OTHER_WINDOW, today, ""]
    comes = [NEW, "欧阳静怡", "Ouyang Jingyi", "market-setup", position, "B1", WINDOW, today, ""]
    rows = [HEADER, moves, comes]
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Staff", rows)])
    return {"name": "staff.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}


def test_hr_puts_a_new_clerk_on_record(arrive: Arrivals) -> None:
    hr = arrive("hr")
    hr.open("/people/")
    hr.follow("Import a staff list")
    page = hr.page

    page.get_by_label("Staff list").set_input_files(staff_list(position="clerk-registraton"))
    hr.press("Check the list")
    hr.is_at("Check the import")
    wrong = page.get_by_role("region", name="Errors").get_by_role("row").nth(1)
    says = "no position has the code “clerk-registraton”. Did you mean “clerk-registration”?"
    expect(wrong.get_by_role("cell")).to_have_text(["3", "E", says])
    assert not User.objects.filter(staff_number=NEW).exists()

    hr.follow("Choose the corrected file")
    page.get_by_label("Staff list").set_input_files(staff_list(position="clerk-registration"))
    hr.press("Check the list")
    hr.is_at("Check the import")
    hr.sees("staff.xlsx: nothing is written yet.")
    changes = page.get_by_role("region", name="What would change")
    expect(changes.get_by_role("row").nth(1)).to_contain_text("17")
    expect(changes.get_by_role("row").nth(2)).to_contain_text("New")
    assert not User.objects.filter(staff_number=NEW).exists()

    hr.press("Import 2 people")
    hr.is_at("Staff list imported")
    hr.follow("Show the staff")
    page.get_by_label("Name, pinyin or number").fill("Ouyang Jingyi")
    hr.press("Show", exact=True)
    expect(page.get_by_role("status").filter(has_text="person")).to_have_text("1 person")
    hr.follow("欧阳静怡")
    hr.sees(NEW, "Business Registration Section")

    clerk = User.objects.get(staff_number=NEW)
    assert not clerk.has_usable_password()
    assert Posting.objects.get(person=clerk, until=None).window.number == WINDOW
    assert Posting.objects.get(person__staff_number="clerk", until=None).window.number == OTHER_WINDOW
    assert AuditEvent.objects.filter(person_id=clerk.pk, actor_name__contains="Sun Lei").exists()
