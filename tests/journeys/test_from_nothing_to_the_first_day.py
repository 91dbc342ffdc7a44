"""From an empty database to the first clerk's first page: the assistant, lists from spreadsheets, slips, a sign-in."""

import io
from collections.abc import Mapping

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from cms.services import setup_code
from tests.factories.competencies import CompetencyFactory
from tests.journeys.conftest import Arrivals
from tests.journeys.slips import code_on, taken
from tests.journeys.visitor import Screen, Visitor
from tests.journeys.words import in_language, language_of, said, sign_in
from training.competencies.models import Target
from training.lib.tables import Sheet, write_xlsx
from training.people.models import CalendarDay, Posting

pytestmark = pytest.mark.journey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD, OWN = "a long first word", "tea at the window"
SITES = {"en": "Haidong Centre", "zh-hans": "海东政务"}
CENTRE = {
    "name_en": "Haidong District Government Service Centre",
    "name_zh_hans": "海东区政务服务中心",
    "short_name_en": SITES["en"],
    "short_name_zh_hans": SITES["zh-hans"],
    "code": "hd",
}
CLERK, COLLEAGUE = "20001", "20002"


def test_from_an_empty_database_to_a_first_day(arrive_first: Arrivals, screen: Screen) -> None:
    language = language_of(screen)
    founder = arrive_first()
    founder.site = said("en", "Service centre")
    found_the_centre(founder, language)
    CompetencyFactory(code="materials-check")  # a framework is still loaded from the shell

    hr = arrive_first()
    come_to_the_door(hr, language)
    sign_in(hr, "10001", PASSWORD, language)
    hr.is_at(said(language, "My work"))
    for kind, rows in lists().items():
        bring_in(hr, kind, rows)
    posting = Posting.objects.get(person__staff_number=CLERK)
    assert (posting.window.number, posting.section.code, posting.department.code) == (1, "A", "market-1")
    assert Target.objects.get(position__code="reg").level == 3

    hr.open("/people/codes/")
    for number in (CLERK, COLLEAGUE):
        hr.page.locator(f"[name=who][value='{number}']").check()
    hr.press(said(language, "Make codes for those ticked"))
    printed = taken(hr)

    clerk = arrive_first()
    come_to_the_door(clerk, language)
    sign_in(clerk, CLERK, code_on(printed, CLERK), language)
    clerk.is_at(said(language, "Choose your password"))
    for field in ("password", "repeated"):
        clerk.page.locator(f"[name={field}]").fill(OWN)
    clerk.press(said(language, "Keep this password"))
    clerk.is_at(said(language, "My work"))
    clerk.open("/people/me/")
    clerk.sees("李娜", CLERK)


def come_to_the_door(visitor: Visitor, language: str) -> None:
    """Open the sign-in page and choose the language there."""
    visitor.site = SITES["en"]
    visitor.open("/accounts/login/", closely=False)
    visitor.site = SITES[language]
    in_language(visitor, language)


def found_the_centre(founder: Visitor, language: str) -> None:
    """Go through the assistant in that language, its holidays wrong at first."""
    page = founder.page
    founder.open("/desk/")
    if language != "en":
        founder.site = said(language, "Service centre")
        in_language(founder, language)
    page.locator("[name=code]").fill(setup_code())
    founder.press(said(language, "Begin", "set-up"))
    fill(founder, CENTRE)
    forward(founder)
    founder.is_at(said(language, "Working days"))
    holidays = page.locator("[name=holidays]")
    holidays.fill("2026-10-01 休")
    forward(founder)
    founder.sees(said(language, "say at the end which holiday it belongs to."))
    holidays.fill("2026-10-01 至 2026-10-07 休 国庆节\n2026-10-10 班 国庆节")
    forward(founder)
    names = {"name_en": "General office", "name_zh_hans": "综合科"}
    fill(founder, {f"department-0-{field}": text for field, text in {"code": "office", **names}.items()})
    forward(founder)
    accounts = {"hr": ("10001", "孙蕾"), "administrator": ("10002", "王强")}
    for prefix, (number, name) in accounts.items():
        told = {"staff_number": number, "display_name": name, "password": PASSWORD, "password_again": PASSWORD}
        fill(founder, {f"{prefix}-{field}": text for field, text in told.items()})
        page.locator(f"[name={prefix}-language]").select_option(language)
    forward(founder)
    founder.is_at(said(language, "Check and create"))
    founder.site = SITES[language]
    founder.press(said(language, "Create the centre"))
    founder.is_at(said(language, "The centre is set up"))
    assert CalendarDay.objects.filter(is_working=True).count() == 1
    assert CalendarDay.objects.filter(is_working=False).count() == 7


def fill(visitor: Visitor, texts: Mapping[str, str]) -> None:
    for field, text in texts.items():
        visitor.page.locator(f"[name='{field}']").fill(text)


def forward(founder: Visitor) -> None:
    founder.go_by(founder.page.locator("[name=forward]"))


def lists() -> dict[str, list[list[object]]]:
    """What HR has in spreadsheets, headings first, in the order in which one needs the other."""
    today = str(timezone.localdate())
    return {
        "departments": [["科室代码", "名称", "上级科室"], ["market", "市场局", ""], ["market-1", "注册科", "market"]],
        "positions": [["岗位代码", "名称"], ["reg", "登记窗口受理岗"]],
        "windows": [
            ["窗口号", "区域", "区域名称", "大厅", "大厅名称"],
            [1, "A", "企业开办区", "1F", "一楼大厅"],
            [2, "A", "", "1F", ""],
        ],
        "targets": [["岗位代码", "能力代码", "等级"], ["reg", "materials-check", 3]],
        "staff": [
            ["工号", "姓名", "科室", "岗位", "窗口", "到岗日期", "语言"],
            [CLERK, "李娜", "market-1", "reg", 1, today, ""],
            [COLLEAGUE, "王芳", "market-1", "reg", 2, today, ""],
        ],
    }


def bring_in(hr: Visitor, kind: str, rows: list[list[object]]) -> None:
    """Upload a list, look at what it would do, and have it written."""
    language, page = hr.language, hr.page
    if kind == "staff":
        rows = [rows[0], *([*row[:-1], language] for row in rows[1:])]
    file = io.BytesIO()
    write_xlsx(file, [Sheet("List", rows)])
    payload: FilePayload = {"name": f"{kind}.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}
    hr.open(f"/people/import/{kind}/")
    page.locator("input[type=file]").set_input_files(payload)
    hr.press(said(language, "Check the list"))
    hr.is_at(said(language, "Check the import"))
    expect(page.locator(".faults")).to_have_count(0)
    hr.go_by(page.locator("main form button.btn-primary").first)
    hr.is_at(said(language, "Imported"))
