"""Past training: imported by HR for their own people, shown where the person learns."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import PastTraining
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from tests.people.lists import AT, again, begun, counts, imported, sentences
from training.lib.imports import import_of
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

KIND, HEADER = "past-training", "工号,姓名,培训名称,培训日期,学时,培训机构,培训结果"
GOOD = "0042,李娜,窗口礼仪,2025/5/12,8,区委党校,合格"


@pytest.fixture
def hr() -> User:
    CentreFactory()
    return UserFactory(hr=True, hr_grant__department=DepartmentFactory(code="tax"))


@pytest.fixture
def clerk(hr: User) -> User:
    department = hr.role_grants.get().department
    return UserFactory(staff_number="0042", display_name="李娜", latin_name="Li Na", department=department)


def test_a_row_becomes_a_record(hr: User, clerk: User) -> None:
    lines = HEADER, GOOD, "0042,Li Na,窗口礼仪,2026-05-12,1.5,,"
    assert counts(imported(KIND, hr, *lines)) == (2, 0, 0, 0)
    newest, oldest = PastTraining.objects.filter(person=clerk)
    assert (newest.day, newest.hours, newest.provider) == (date(2026, 5, 12), Decimal("1.5"), "")
    assert (oldest.title, oldest.hours, oldest.provider, oldest.result) == ("窗口礼仪", Decimal(8), "区委党校", "合格")
    event = AuditEvent.objects.filter(action="courses.past_training_recorded").first()
    assert (event.person_id, event.actor_id, event.after["hours"]) == (clerk.pk, hr.pk, "8.0")
    assert counts(imported(KIND, hr, *lines)) == (0, 0, 2, 0)
    assert counts(imported(KIND, hr, HEADER, GOOD.replace(",8,", ",10,"))) == (0, 1, 0, 0)


def test_what_is_wrong_is_named_by_its_cell(hr: User, clerk: User) -> None:
    UserFactory(staff_number="9", display_name="外人")
    lines = (
        GOOD.replace("0042", "9"),
        GOOD.replace("李娜", "王芳"),
        GOOD.replace(",8,", ",8.25,"),
        GOOD.replace(",8,", ",0,"),
        GOOD.replace(",8,", ",NaN,"),
        GOOD.replace("2025/5/12", "2027-01-01"),
        GOOD.replace("窗口礼仪", ""),
    )
    assert sentences(begun(KIND, hr, HEADER, *lines)) == [
        (2, "A", "nobody in your departments has the staff number “9”."),
        (3, "B", "“0042” is “李娜” on record. Put the number or the name right."),
        (4, "E", "“8.25” is not a number from 0.1 to 999 with at most one decimal."),
        (5, "E", "“0” is not a number from 0.1 to 999 with at most one decimal."),
        (6, "E", "“NaN” is not a number from 0.1 to 999 with at most one decimal."),
        (7, "D", "the day has not come yet."),
        (8, "C", "the cell is empty; it must be filled in."),
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imports_again_unchanged_and_holds_ones_own_people_alone(
    hr: User, clerk: User, file_format: str
) -> None:
    stranger = UserFactory()
    imported(KIND, hr, HEADER, GOOD, GOOD.replace("窗口礼仪", "＝cmd"))
    imported(KIND, UserFactory(hr=True), HEADER, GOOD.replace("0042,李娜", f"{stranger.staff_number},"))
    plan = again(KIND, hr, file_format)
    assert (plan.faults, plan.changes) == ([], [])
    assert plan.unchanged == import_of(KIND).count(hr, at=AT) == 2


def test_the_person_sees_it_where_they_learn_and_nobody_else_does(hr: User, clerk: User, client: Client) -> None:
    imported(KIND, hr, HEADER, GOOD, "0042,,档案,2024-01-08,1.5,,")
    client.force_login(clerk)
    page = client.get(reverse("courses:catalogue")).content.decode()
    assert "窗口礼仪" in page
    assert "9.5 class hours" in page
    client.force_login(UserFactory())
    page = client.get(reverse("courses:catalogue")).content.decode()
    assert "窗口礼仪" not in page
    assert "Earlier training" not in page
