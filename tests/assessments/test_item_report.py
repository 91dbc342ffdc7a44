"""The report of an exam's questions: figures of released attempts, worked out by hand."""

import numpy as np
import pytest
from django.test import Client

from assessments.models import Attempt
from assessments.queries import item_report
from tests.conftest import Budget
from tests.factories.assessments import answer, exam_of, right_answer, scored, started
from tests.factories.marking import all_marked, handed_in, marker, open_exam
from tests.factories.people import CentreFactory

pytestmark = pytest.mark.django_db
PATTERN = [(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 0), (1, 1, 1), (0, 0, 1)]


def sat(exam: object) -> None:
    for row in PATTERN:
        attempt = started(exam)
        questions = attempt.items.select_related("item_version").order_by("item_version")
        for question, right in zip(questions, row, strict=True):
            if right:
                answer(attempt, question, right_answer(question))
        scored(attempt, right=0)


def test_figures_are_those_of_the_textbook() -> None:
    exam = exam_of("true_false", "multiple", "ordering")
    sat(exam)
    report = item_report(exam)
    x = np.array(PATTERN, dtype=float)
    variances, total = x.var(axis=0, ddof=1), x.sum(axis=1)
    assert report.attempts == 10
    assert report.alpha == pytest.approx(1.5 * (1 - variances.sum() / total.var(ddof=1)))
    rest = [np.corrcoef(x[:, place], total - x[:, place])[0, 1] for place in range(3)]
    by_version = sorted(report.items, key=lambda one: one.version.pk)
    assert [one.rest for one in by_version] == pytest.approx(rest)
    assert [one.right for one in by_version] == [60, 50, 50]
    first = by_version[0]
    assert {(use.option, use.people) for use in first.options} == {("false", 6), ("", 4)}
    assert [one.rest for one in report.items] == pytest.approx(sorted(rest))


def test_what_is_not_released_is_in_no_figure() -> None:
    exam = open_exam(release="person")
    all_marked(handed_in(exam))
    assert (item_report(exam).attempts, item_report(exam).items) == (0, [])
    assert Attempt.objects.get().state == Attempt.State.MARKED


def test_the_page_shows_it_to_examiners_at_one_price(at_most: Budget) -> None:
    CentreFactory()
    exam = exam_of("true_false", "multiple", "ordering")
    address, client = f"/exams/release/{exam.code}/items/", Client()
    client.force_login(marker("examiner"))
    assert "Nothing to report yet" in client.get(address).content.decode()
    sat(exam)
    with at_most(12):
        page = client.get(address).content.decode()
    assert "60 %" in page
    client.force_login(marker())
    assert client.get(address).status_code == 403
