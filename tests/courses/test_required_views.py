"""Required training on screen: heads and HR make rules after a look at what they do, and see who is late."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from courses.models import Assignment, TrainingRequirement
from courses.queries.required import Who
from courses.services.requiring import make_rule
from tests.factories.courses import CourseFactory
from tests.factories.people import DepartmentFactory, PostingFactory, RoleGrantFactory, SectionFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import Department, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
RULES, MAKE, PEOPLE = "/required/", "/required/new/", "/required/people/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def department() -> Department:
    return DepartmentFactory()


@pytest.fixture
def head(client: Client, department: Department) -> User:
    head = UserFactory(department=department, head=True, head_grant__department=department)
    client.force_login(head)
    return head


def late(person: User, *, days: int = 2) -> TrainingRequirement:
    at = NOW - timedelta(days=30)
    due = TODAY - timedelta(days=days)
    made = make_rule(
        course=CourseFactory(), kind="gap", who=Who(people=[person]), due_on=due, by=UserFactory(hr=True), at=at
    )
    return made.requirements.get()


def test_a_head_asks_a_course_of_their_people_after_a_look_at_it(
    client: Client, head: User, department: Department
) -> None:
    course = CourseFactory()
    UserFactory(department=department)
    UserFactory()
    form = {"course": course.slug, "department": department.code, "due_days": "10", "kind": "onboarding"}
    looked = client.post(MAKE, form).content.decode()
    assert "2 people come under the rule" in looked
    assert "2 people are told and have until Thu 12 Nov." in looked
    assert not Assignment.objects.exists()
    client.post(MAKE, {**form, "step": "do"})
    made = Assignment.objects.get()
    assert (made.department, made.requirements.count(), made.made_by) == (department, 2, head)
    shown = client.get(RULES).content.decode()
    assert f"Title of {course.slug}" in shown
    assert "10 days after it applies" in shown


def test_a_head_asks_nothing_of_other_departments_and_not_of_everybody(
    client: Client, head: User, department: Department
) -> None:
    stranger = UserFactory()
    form = {"course": CourseFactory().slug, "due_days": "10", "kind": "gap", "step": "do"}
    client.post(MAKE, {**form, "department": stranger.department.code})
    client.post(MAKE, form)
    refused = client.post(MAKE, {**form, "department": department.code, "people": stranger.staff_number})
    assert stranger.staff_number in refused.content.decode()
    assert not Assignment.objects.exists()


def test_hr_asks_named_people_of_the_whole_centre(client: Client) -> None:
    client.force_login(UserFactory(hr=True))
    one, two = UserFactory(staff_number="k7"), UserFactory()
    form = {"course": CourseFactory().slug, "due_on": "2026-11-20", "kind": "case", "step": "do"}
    client.post(MAKE, {**form, "people": f"K7\n{two.staff_number}"})
    assert set(Assignment.objects.get().people.all()) == {one, two}
    assert TrainingRequirement.objects.count() == 2


def test_a_rule_without_a_day_is_told_so(client: Client) -> None:
    client.force_login(UserFactory(hr=True))
    form = {"course": CourseFactory().slug, "kind": "case"}
    assert "not both" in client.post(MAKE, form).content.decode()
    assert "not both" in client.post(MAKE, {**form, "due_days": "3", "due_on": "2026-11-20"}).content.decode()


def test_ending_a_rule_is_shown_first(client: Client, head: User, department: Department) -> None:
    person = UserFactory(department=department)
    made = make_rule(
        course=CourseFactory(),
        kind="gap",
        who=Who(department=department, people=[person]),
        due_days=3,
        by=head,
        at=NOW,
    )
    url = reverse("courses:end_rule", args=[made.pk])
    assert "1 person still has it to do." in client.post(url).content.decode()
    made.refresh_from_db()
    assert made.ended_at is None
    client.post(url, {"step": "do"})
    made.refresh_from_db()
    assert made.ended_by == head
    assert not person.requirements.open().exists()
    assert "No rules yet" in client.get(RULES).content.decode()
    assert f"Title of {made.course.slug}" in client.get(RULES, {"ended": "1"}).content.decode()


def test_a_head_sees_a_rule_of_the_whole_centre_with_their_people_counted_and_cannot_end_it(
    client: Client, head: User
) -> None:
    made = make_rule(course=CourseFactory(), kind="gap", who=Who(), due_days=3, by=UserFactory(hr=True), at=NOW)
    assert made.requirements.count() > 1
    shown = client.get(RULES)
    assert [rule.open_lines for rule in shown.context["page"].object_list] == [1]
    assert client.get(reverse("courses:end_rule", args=[made.pk])).status_code == 404


def test_heads_see_who_is_late_of_theirs_and_hr_of_all(client: Client, head: User, department: Department) -> None:
    ours, theirs = late(UserFactory(department=department)), late(UserFactory())
    late(UserFactory(department=department), days=-4)
    assert list(client.get(PEOPLE).context["page"].object_list) == [ours]
    assert len(client.get(PEOPLE, {"state": "open"}).context["page"].object_list) == 2
    client.force_login(UserFactory(hr=True))
    assert set(client.get(PEOPLE).context["page"].object_list) == {ours, theirs}
    found = client.get(PEOPLE, {"q": theirs.person.staff_number}).context["page"].object_list
    assert list(found) == [theirs]
    found = client.get(PEOPLE, {"course": ours.course.slug, "department": department.code}).context["page"].object_list
    assert list(found) == [ours]


def test_the_head_of_a_hall_section_sees_who_is_late_there(client: Client) -> None:
    section, head = SectionFactory(), UserFactory()
    RoleGrantFactory(person=head, role="head", section=section)
    there = PostingFactory(section=section).person
    line = late(there)
    late(UserFactory())
    client.force_login(head)
    assert list(client.get(PEOPLE).context["page"].object_list) == [line]
    assert client.get(MAKE).status_code == 403
    assert client.get(reverse("courses:waive", args=[line.pk])).status_code == 200


def test_letting_somebody_off_asks_for_the_reason(client: Client, head: User, department: Department) -> None:
    line = late(UserFactory(department=department))
    url = reverse("courses:waive", args=[line.pk])
    assert url in client.get(PEOPLE).content.decode()
    client.post(url, {"reason": ""})
    line.refresh_from_db()
    assert line.state == "open"
    shown = client.post(url, {"reason": "On loan to the district"}, follow=True).content.decode()
    assert "On loan to the district" in shown
    line.refresh_from_db()
    assert (line.state, line.closed_by) == ("waived", head)


def test_no_button_lets_oneself_off(client: Client, head: User) -> None:
    line = late(head)
    assert reverse("courses:waive", args=[line.pk]) not in client.get(PEOPLE).content.decode()


def test_the_export_has_what_the_filter_keeps_and_is_recorded(client: Client, department: Department) -> None:
    hr = UserFactory(hr=True)
    client.force_login(hr)
    line = late(UserFactory(department=department, display_name="=1+1"))
    late(UserFactory(), days=-3)
    answer = client.post("/required/people/export/", {"format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows] == ["Staff number", line.person.staff_number]
    assert str(rows[1][5])[:10] == str(line.due_on)
    event = AuditEvent.objects.get(action="courses.required_exported")
    assert (event.actor_id, event.after["rows"]) == (hr.pk, 1)
    csv = client.post("/required/people/export/?state=all", {"format": "csv"}).content.decode("utf-8-sig")
    assert len(csv.strip().splitlines()) == 3


@pytest.mark.parametrize("url", [RULES, PEOPLE])
def test_one_row_or_many_take_the_same_queries(client: Client, url: str) -> None:
    client.force_login(UserFactory(hr=True))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    late(UserFactory())
    cost()
    one = cost()
    for _number in range(4):
        late(UserFactory())
    assert cost() == one
