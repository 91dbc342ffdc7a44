"""HR plans a morning meeting, a clerk marks themselves present by the code in the room, HR marks the others."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import TrainingSession
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import PHONE, Visitor
from training.people.models import User

pytestmark = pytest.mark.journey

DEPARTMENT = "Business Registration Section"


def test_people_meet_in_the_morning(arrive: Arrivals) -> None:
    hr = arrive("hr")
    User.objects.filter(staff_number="clerk").update(language="zh-hans")
    arrive.screen = PHONE
    clerk = arrive("clerk", reads="zh-hans")
    session = plan(hr)
    code = read_the_code(hr, session)

    clerk.open(f"/classroom/{session.pk}/here/{code}/")
    clerk.press("确认签到")
    clerk.sees("您：出勤，现场扫码。")

    mark_the_others(hr, session)
    take_the_list(hr)
    hr.open("/hours/?q=clerk")
    hr.sees("Morning meetings")
    hr.open("/hours/targets/")


def plan(hr: Visitor) -> TrainingSession:
    """The meeting has begun a moment ago, so that the code is shown; all of it lies in one day."""
    now = timezone.localtime()
    begins = max(now - timedelta(minutes=5), now.replace(hour=0, minute=0))
    ends = min(now + timedelta(minutes=25), now.replace(hour=23, minute=59))
    hr.open("/classroom/")
    hr.follow("Plan a training session")
    for label, value in {
        "English": "Meeting about the new form",
        "简体中文": "新表单晨会",
        "Day": f"{now:%Y-%m-%d}",
        "Begins": clock(begins),
        "Ends": clock(ends),
        "Held in": "Room 301",
    }.items():
        hr.page.get_by_role("main").get_by_label(label, exact=True).fill(value)
    hr.page.get_by_label("Kind of training").select_option("morning")
    hr.page.get_by_label(DEPARTMENT).check()
    hr.press("Plan the session")
    hr.is_at("Meeting about the new form")
    return TrainingSession.objects.latest("pk")


def read_the_code(hr: Visitor, session: TrainingSession) -> str:
    hr.follow("Show the code")
    expect(hr.page.get_by_role("img", name="QR code of this minute")).to_be_visible()
    code = hr.page.locator(".room-typed").inner_text()
    hr.open(f"/classroom/{session.pk}/", closely=False)
    return code


def mark_the_others(hr: Visitor, session: TrainingSession) -> None:
    hr.open(f"/classroom/{session.pk}/", closely=False)
    hr.press("Save, and mark all others of this page present")
    assert session.attendances.filter(state="present", how="manual").count() > 1
    assert session.attendances.get(person__staff_number="clerk").how == "qr"


def take_the_list(hr: Visitor) -> None:
    with hr.page.expect_download() as download:
        hr.tap(hr.page.get_by_role("button", name="Sign-in list (PDF)"))
    assert download.value.suggested_filename.endswith(".pdf")


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
