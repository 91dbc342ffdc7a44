"""What a result says to read next: courses that teach what fell short, and nothing that tells of single questions."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Attempt
from assessments.queries import result_of
from courses import queries
from courses.models import Course
from courses.services.learning import enrol
from tests.factories.assessments import NOW, exam_with_items, scored, started
from tests.factories.courses import CourseFactory, publish
from training.competencies.models import Competency, Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return scored(started(exam_with_items()), right=0)


def competencies(attempt: Attempt) -> list[Competency]:
    return [row.competency for row in attempt.exam.blueprint.order_by("pk")]


def teaching(*taught: Competency, **facts: object) -> Course:
    course = CourseFactory(**facts)
    course.versions.get().competencies.set(taught)
    return course


def readings(attempt: Attempt) -> list[tuple[Course, list[Competency], str]]:
    result = result_of(attempt.person, attempt.pk, today=NOW.date())
    found = queries.reading_after(result, language="en")
    return [(one.entry.outline.course, one.competencies, one.entry.state) for one in found]


def test_what_teaches_most_of_what_fell_short_comes_first(attempt: Attempt) -> None:
    first, second = competencies(attempt)
    one, both = teaching(second), teaching(first, second)
    teaching()
    assert readings(attempt) == [(both, [first, second], "new"), (one, [second], "new")]


def test_only_what_fell_short_is_read(attempt: Attempt) -> None:
    good, short = competencies(attempt)
    Evidence.objects.filter(attempt_link__competency=good).update(value=3.0)
    teaching(good)
    course = teaching(good, short)
    assert readings(attempt) == [(course, [short], "new")]


def test_who_reached_all_that_was_asked_reads_nothing() -> None:
    attempt = scored(started(exam_with_items()), right=20)
    teaching(*competencies(attempt))
    assert readings(attempt) == []


def test_where_the_paper_tells_no_competency_apart_all_of_them_are_read(attempt: Attempt) -> None:
    attempt.evidence_links.all().delete()
    course = teaching(*competencies(attempt))
    assert readings(attempt) == [(course, competencies(attempt), "new")]


def test_a_course_is_told_as_the_person_learns_it(attempt: Attempt) -> None:
    first, second = competencies(attempt)
    course = teaching(first)
    enrol(person=attempt.person, course=course, by=attempt.person, at=NOW)
    publish(course, (2,)).competencies.set([second])
    assert readings(attempt) == [(course, [first], "learning")]
    course.is_offered = False
    course.save()
    assert readings(attempt) == []


def test_as_many_courses_as_there_are_take_as_many_queries(
    attempt: Attempt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _course in range(30):
        teaching(*competencies(attempt))
    result = result_of(attempt.person, attempt.pk, today=NOW.date())
    with django_assert_max_num_queries(4):
        assert len(queries.reading_after(result, language="en")) == 30


def test_the_page_shows_them_in_the_readers_language(client: Client, attempt: Attempt) -> None:
    course = teaching(*competencies(attempt))
    client.force_login(attempt.person)
    page = client.get(f"/exams/attempt/{attempt.pk}/result/").content.decode()
    section = re.search(r'<section aria-labelledby="reading">.*?</section>', page, re.DOTALL).group()
    assert f'href="/courses/{course.slug}/"' in section
    for competency in competencies(attempt):
        assert competency.name["en"] in section


def test_the_page_says_of_each_competency_what_became_of_its_questions(client: Client, attempt: Attempt) -> None:
    client.force_login(attempt.person)
    address = f"/exams/attempt/{attempt.pk}/result/"
    counts = "Each piece of evidence counts with its own weight"
    page = client.get(address).content.decode()
    assert page.count("10 questions, recorded as evidence") == 2
    assert counts in page
    attempt.evidence_links.all().delete()  # as in a trial of the bank, whose questions would be enough
    page = client.get(address).content.decode()
    assert page.count("10 questions, not recorded as evidence") == 2
    assert counts not in page
    few = attempt.items.filter(competency=competencies(attempt)[0])
    few.filter(pk__in=list(few.values_list("pk", flat=True)[7:])).update(competency=competencies(attempt)[1])
    assert "7 questions: too few to be evidence by themselves" in client.get(address).content.decode()
