"""The time at a question leaves out what a paper was paused; practice shows pictures as exams do."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Attempt, AttemptEvent
from assessments.queries.figures import Times, times_of
from assessments.rules import Moment, seconds_on
from assessments.services import mark_seen, start_practice
from tests.factories.assessments import NOW, answer, exam_of, right_answer, scored, started
from tests.factories.people import UserFactory
from tests.factories.practice import practice_exam


def at(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


class TestRule:
    @pytest.mark.parametrize(
        ("pauses", "spent"),
        [
            ([], {1: 100.0, 2: 60.0}),
            ([(20, 50)], {1: 70.0, 2: 60.0}),
            ([(20, 30), (110, 120)], {1: 90.0, 2: 50.0}),
            ([(90, 130)], {1: 90.0, 2: 30.0}),
            ([(-50, 10)], {1: 90.0, 2: 60.0}),
            ([(120, None)], {1: 100.0, 2: 20.0}),
            ([(200, 300)], {1: 100.0, 2: 60.0}),
        ],
    )
    def test_pauses_are_left_out_of_the_question_they_fall_into(
        self, pauses: list[tuple[int, int | None]], spent: dict[int, float]
    ) -> None:
        moments = [Moment(at(0), 1, False), Moment(at(100), 1, True), Moment(at(160), 2, True)]
        told = [(at(begun), None if ended is None else at(ended)) for begun, ended in pauses]
        assert seconds_on(moments, told) == spent


@pytest.mark.django_db
def test_the_report_leaves_out_each_paper_s_own_pauses() -> None:
    exam = exam_of("true_false")
    for paused in (True, False):
        paper = started(exam)
        question = paper.items.select_related("item_version").get()
        mark_seen(person=paper.person, attempt_id=paper.pk, position=1, now=at(0))
        answer(paper, question, right_answer(question), at=at(100))
        kinds = AttemptEvent.Kind
        for kind, seconds in ((kinds.PAUSED, 10), (kinds.RESUMED, 40), (kinds.PAUSED, 90)) if paused else ():
            AttemptEvent.objects.create(attempt=paper, kind=kind, at=at(seconds))
        scored(paper, right=0)
    assert times_of(exam, Attempt.State.SCORED) == {question.item_version_id: Times(people=2, mean=80, median=80)}


@pytest.mark.django_db
def test_practice_shows_pictures_in_large(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    run = start_practice(person=person, exam=practice_exam(), at=NOW, seed=1)
    page = client.get(reverse("assessments:practice_question", args=[run.pk, 1])).content.decode()
    for part in ("css/media.css", "js/zoom.js", 'id="zoom"'):
        assert part in page
