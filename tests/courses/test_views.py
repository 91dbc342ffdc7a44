"""The catalogue, a course and the reader, as a person's browser asks for them without a script."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Course, Enrolment
from tests.factories.courses import CourseFactory
from tests.factories.people import UserFactory
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    person = UserFactory()
    client.force_login(person)
    return person


def section(course: Course, number: int = 1, name: str = "section", unit: str = "lesson-1") -> str:
    return reverse(f"courses:{name}", args=[course.slug, unit, number])


def test_begin_read_and_finish(client: Client, person: User) -> None:
    course = CourseFactory(units=(2,))
    assert course.slug in client.get(reverse("courses:catalogue")).content.decode()
    begun = client.post(reverse("courses:enrol", args=[course.slug]), follow=True)
    assert begun.redirect_chain[-1][0] == section(course, 1)
    assert "Read the whole file." in begun.content.decode()
    on = client.post(section(course, 1, "finish_section"), follow=True)
    assert on.redirect_chain[-1][0] == section(course, 2)
    done = client.post(section(course, 2, "finish_section"), follow=True)
    assert done.redirect_chain[-1][0] == reverse("courses:course", args=[course.slug])
    assert "You finished the course." in done.content.decode()
    assert Enrolment.objects.get(person=person).completed_at is not None


def test_reading_changes_nothing(client: Client, person: User) -> None:
    course = CourseFactory(units=(2,))
    client.post(reverse("courses:enrol", args=[course.slug]))
    client.get(section(course, 2))
    assert not Enrolment.objects.get(person=person).progress.exists()


def test_the_chinese_reader_shows_the_chinese_text(client: Client, person: User) -> None:
    course = CourseFactory(units=(2,))
    client.post(reverse("courses:enrol", args=[course.slug]))
    User.objects.update(language="zh-hans")
    assert "先看完材料。" in client.get(section(course, 1)).content.decode()


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_section_that_does_not_exist_is_not_found(client: Client, person: User, number: int) -> None:
    course = CourseFactory(units=(2,))
    client.post(reverse("courses:enrol", args=[course.slug]))
    assert client.get(section(course, number)).status_code == 404
    assert client.post(section(course, number, "finish_section")).status_code == 404


def test_nobody_reads_without_enrolling(client: Client, person: User) -> None:
    course = CourseFactory()
    assert client.get(section(course)).status_code == 404
    assert client.post(section(course, 1, "finish_section")).status_code == 404


def test_a_course_never_published_is_not_found(client: Client, person: User) -> None:
    empty = Course.objects.create(uid="00000000-0000-4000-8000-000000000001", slug="empty")
    assert client.get(reverse("courses:course", args=[empty.slug])).status_code == 404


def test_a_withdrawn_course_stays_with_who_learns_it(client: Client, person: User) -> None:
    course = CourseFactory(units=(2,))
    client.post(reverse("courses:enrol", args=[course.slug]))
    Course.objects.update(is_offered=False)
    assert client.get(section(course)).status_code == 200
    client.force_login(UserFactory())
    assert client.get(reverse("courses:course", args=[course.slug])).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_the_catalogue_asks_the_same_number_of_queries_for_any_number_of_courses(
    client: Client, person: User, django_assert_max_num_queries: Any, number: int
) -> None:
    for _course in range(number):
        CourseFactory()
    client.get(reverse("courses:catalogue"))
    with django_assert_max_num_queries(12):
        client.get(reverse("courses:catalogue"))


def test_a_course_page_and_a_lesson_ask_few_queries(
    client: Client, person: User, django_assert_max_num_queries: Any
) -> None:
    course = CourseFactory(units=(9,) * 20)
    client.post(reverse("courses:enrol", args=[course.slug]))
    with django_assert_max_num_queries(12):
        client.get(reverse("courses:course", args=[course.slug]))
    with django_assert_max_num_queries(12):
        client.get(section(course, 3))
