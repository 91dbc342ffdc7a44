"""Attendance on paper and in tables: taken out, filled in, brought in."""

import csv
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
import time_machine
from django.test import Client

from courses.models import TrainingSession
from courses.services import attendance
from courses.services.attendance import Mark
from tests.factories.courses import session_on
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from tests.people.lists import AT, again, begun, counts, imported, sentences
from training.operations.models import AuditEvent
from training.people.models import Centre, User

KIND, HEADER = "attendance", "场次编号,工号,姓名,出勤情况,分钟数"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hr() -> User:
    CentreFactory()
    return UserFactory(hr=True, hr_grant__department=DepartmentFactory(code="tax"))


@pytest.fixture
def clerk(hr: User) -> User:
    department = hr.role_grants.get().department
    return UserFactory(staff_number="0042", display_name="李娜", latin_name="Li Na", department=department)


@pytest.fixture
def session(hr: User, clerk: User) -> TrainingSession:
    return session_on(AT - timedelta(days=1), people=[clerk], planned_by=hr)


def test_a_row_becomes_a_mark_and_the_same_row_changes_nothing(hr: User, clerk: User, session: TrainingSession) -> None:
    line = f"{session.pk},0042,李娜,迟到,40"
    assert counts(imported(KIND, hr, HEADER, line)) == (1, 0, 0, 0)
    row = session.attendances.get()
    assert (row.person, row.state, row.minutes, row.how, row.marked_by) == (clerk, "late", 40, "sheet", hr)
    assert counts(imported(KIND, hr, HEADER, line)) == (0, 0, 1, 0)
    assert counts(imported(KIND, hr, HEADER, f"{session.pk},0042,,Present,")) == (0, 1, 0, 0)
    assert session.attendances.get().minutes == 60
    assert AuditEvent.objects.filter(action="courses.attendance_marked", person_id=clerk.pk).count() == 2


def test_what_is_wrong_is_named_by_its_cell(hr: User, clerk: User, session: TrainingSession) -> None:
    department = clerk.department
    for number in ("0043", "0044"):
        UserFactory(staff_number=number, department=department)
    # Numbers much alike: none is taken for a slip of another.
    strange, coming = session_on(AT, pk=1247), session_on(AT + timedelta(days=1), planned_by=hr, pk=1248)
    lines = (
        f"{strange.pk},0042,,出勤,",
        f"{session.pk},9,,出勤,",
        f"{session.pk},0043,,来了,",
        f"{session.pk},0044,,出勤,9999",
        f"{coming.pk},0042,,出勤,",
        f"{session.pk},0042,,,",
    )
    assert sentences(begun(KIND, hr, HEADER, *lines)) == [
        (2, "A", f"there is no session with the number “{strange.pk}” that you keep."),
        (3, "B", "nobody in your departments has the staff number “9”."),
        (4, "D", "“来了” is none of present, late, excused, absent."),
        (5, "E", "“9999” is not a whole number from 0 to 720."),
        (6, "D", "the session has not begun yet."),
    ]


def test_a_closed_list_takes_nothing_new(hr: User, clerk: User, session: TrainingSession) -> None:
    attendance.close(session=session, by=hr, at=AT)
    lines = HEADER, f"{session.pk},0042,,出勤,"
    assert [line for line, _cell, _text in sentences(begun(KIND, hr, *lines))] == [2]
    assert counts(imported(KIND, hr, HEADER, f"{session.pk},0042,,缺勤,")) == (0, 0, 1, 0)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imports_again_unchanged(hr: User, clerk: User, session: TrainingSession, file_format: str) -> None:
    other = UserFactory(department=clerk.department)
    marks = {clerk.pk: Mark("late", 20), other.pk: Mark("excused")}
    attendance.mark(session=session, marks=marks, how="manual", by=hr, at=AT)
    plan = again(KIND, hr, file_format)
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], 2)


class TestOnThePage:
    @pytest.fixture(autouse=True)
    def _now(self, client: Client, hr: User) -> object:
        with time_machine.travel(AT, tick=False):
            client.force_login(hr)
            yield

    def test_the_table_of_a_session_holds_everybody_and_imports(
        self, client: Client, hr: User, clerk: User, session: TrainingSession
    ) -> None:
        answer = client.post(f"/classroom/{session.pk}/sheet/", {"format": "csv"})
        header, row = csv.reader(answer.content.decode("utf-8-sig").splitlines())
        assert row[2:] == ["0042", "李娜", "", ""]
        filled = ",".join([*row[:4], "Present", ""])
        assert counts(imported(KIND, hr, ",".join(header), filled)) == (1, 0, 0, 0)
        assert AuditEvent.objects.get(action="courses.attendance_exported").after == {"format": "csv", "rows": 1}

    def test_the_list_to_sign_names_everybody_in_both_languages(
        self, client: Client, clerk: User, session: TrainingSession
    ) -> None:
        answer = client.post(f"/classroom/{session.pk}/sign-in-list/")
        assert answer.headers["Content-Type"] == "application/pdf"
        text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
        for word in ("Morning meeting", "晨会", "0042", "Li Na", "Signature"):
            assert word in text.replace("\n", " ")

    def test_a_centre_named_in_chinese_alone_stands_on_the_list_once(
        self, client: Client, session: TrainingSession
    ) -> None:
        name = "海东政务服务中心"
        Centre.objects.update(name={"zh-hans": name})
        answer = client.post(f"/classroom/{session.pk}/sign-in-list/")
        text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
        assert text.count(name) == 1
