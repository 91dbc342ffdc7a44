"""HR reads the matrix: from the centre to a department, a cell and what it rests on; gaps alone; the same as a file."""

import csv
import io
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.competencies.models import Evidence
from training.operations.models import AuditEvent

pytestmark = pytest.mark.journey

HELD_OF_ASKED = re.compile(r"[\d?]/\d")
SPOT_CHECKS = 20


def test_hr_goes_from_the_centre_down_to_the_evidence(arrive: Arrivals) -> None:
    hr = arrive("hr")
    hr.open("/people/matrix/")
    whole = export_of(hr)
    name, people, *shares = whole[2]
    department = row_of(hr, name)
    expect(department.get_by_role("rowheader")).to_contain_text(f"{people} people")
    shown = department.get_by_role("cell").all()
    assert [share for share in shares if share != "0/0"] == [figure for figure in map(share_in, shown) if figure]

    hr.follow(name)
    hr.is_at(name)
    rows = export_of(hr)[1:]
    on_screen = [cell for row in rows[:SPOT_CHECKS] for cell in cells_of(hr, person=row[1])]
    in_file = [cell for row in rows[:SPOT_CHECKS] for cell in row[4:] if "/" in cell]
    assert on_screen == in_file
    assert len(on_screen) >= SPOT_CHECKS
    assert AuditEvent.objects.filter(actor_name__contains="Sun Lei", action__contains="export").count() == 2

    cell = row_of(hr, rows[0][1]).get_by_role("link", name=re.compile(r": level \d")).first
    said = cell.get_attribute("aria-label") or ""
    hr.go_by(cell)
    skill = said.partition(", ")[2].partition(":")[0]
    hr.is_at(skill)
    pieces = hr.page.get_by_role("region", name="What this rests on").get_by_role("row")
    known = Evidence.objects.filter(person__staff_number=rows[0][0], competency__name__en=skill)
    expect(pieces).to_have_count(known.count() + 1)
    hr.page.go_back()
    hr.look()
    hr.is_at(name)


def test_hr_sees_only_gaps(arrive: Arrivals) -> None:
    hr = arrive("hr")
    hr.open("/people/matrix/market/")
    everybody = export_of(hr)[1:]

    hr.page.get_by_label("Show only gaps").check()
    hr.press("Show", exact=True)
    assert "gaps=on" in hr.page.url
    short = export_of(hr)[1:]
    assert short == [row for row in everybody if any(map(is_gap, row[4:]))]
    expect(hr.page.get_by_role("rowheader")).to_have_count(len(short) + 1)

    hr.follow("Clear filters")
    expect(hr.page.get_by_role("rowheader")).to_have_count(len(everybody) + 1)


def export_of(visitor: Visitor) -> list[list[str]]:
    with visitor.page.expect_download() as download:
        visitor.tap(visitor.page.get_by_role("button", name="Export this view"))
    return list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))


def row_of(visitor: Visitor, name: str) -> Locator:
    header = visitor.page.get_by_role("rowheader").filter(has_text=name)
    return visitor.page.get_by_role("row").filter(has=header)


def cells_of(visitor: Visitor, person: str) -> list[str]:
    """What stands in a person's row where something is asked for."""
    found = (HELD_OF_ASKED.search(text) for text in row_of(visitor, person).get_by_role("cell").all_inner_texts())
    return [match.group() for match in found if match]


def share_in(cell: Locator) -> str:
    """The small figure of a department's cell, "12/16"."""
    found = re.search(r"\d+/\d+", cell.inner_text())
    return found.group() if found else ""


def is_gap(cell: str) -> bool:
    held, _slash, asked = cell.partition("/")
    return bool(asked) and (held == "?" or int(held) < int(asked))
