"""The year's holidays and make-up working days, pasted into the set-up assistant."""

import pytest
from django.test import Client

from tests.cms.first_run.typed import ACCOUNTS, CENTRE, DAYS, TREE, step
from training.operations.models import AuditEvent
from training.people.models import CalendarDay

YEAR = """2026-10-01 至 2026-10-07 休 国庆节
2026年10月10日	班	国庆节

2026/9/25 - 2026/9/27, holiday, Mid-Autumn Festival
2026-09-20, make-up working day: Mid-Autumn Festival"""


def test_holidays_and_make_up_days_come_with_the_centre(unlocked: Client) -> None:
    unlocked.post(step("centre"), CENTRE)
    assert unlocked.post(step("calendar"), {**DAYS, "holidays": YEAR}).url == step("departments")
    assert "2026年10月10日" in unlocked.get(step("calendar")).content.decode()
    unlocked.post(step("departments"), TREE)
    unlocked.post(step("accounts"), ACCOUNTS)
    page = unlocked.get(step("summary")).content.decode()
    assert "10 public holidays" in page
    assert "2 make-up working days" in page
    assert not CalendarDay.objects.exists()
    assert unlocked.post(step("summary")).status_code == 200
    days = {str(day.day): (day.is_working, day.name) for day in CalendarDay.objects.all()}
    assert len(days) == 12
    assert days["2026-10-07"] == (False, {"zh-hans": "国庆节"})
    assert days["2026-10-10"] == (True, {"zh-hans": "国庆节"})
    assert days["2026-09-26"] == (False, {"en": "Mid-Autumn Festival"})
    assert days["2026-09-20"] == (True, {"en": "Mid-Autumn Festival"})
    assert AuditEvent.objects.get(action="people.calendar_set").actor_name == "set-up assistant"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("1 October, holiday, National Day", "Line 1: it does not begin with a day"),
        ("\n2026-02-30 休 春节", "Line 2: 2026-02-30 is no day."),
        ("2026-10-07 to 2026-10-01, holiday, National Day", "the last day comes before the first"),
        ("2026-10-01 to 2027-10-07, holiday, National Day", "more than a month after it"),
        ("2026-10-01 国庆节", "whether it is a holiday or a make-up working day"),
        ("2026-10-01 休", "which holiday it belongs to"),
        ("2026-10-01 休 国庆节\n2026-10-01 班 国庆节", "Line 2: 2026-10-01 stands in the list twice."),
        ("2026-10-01 休 国庆节\n" * 201, "more than 200 lines"),
    ],
)
def test_a_line_that_says_nothing_is_named_and_kept(unlocked: Client, lines: str, says: str) -> None:
    unlocked.post(step("centre"), CENTRE)
    page = unlocked.post(step("calendar"), {**DAYS, "holidays": lines}).content.decode()
    assert says in page
    assert lines.strip().split("\n")[0] in page
    assert unlocked.get(step("departments")).status_code == 200
    assert unlocked.get(step("summary")).url == step("calendar")
