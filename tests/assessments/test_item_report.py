"""The report of an exam's questions: figures of released attempts, worked out by hand."""

from datetime import timedelta

import numpy as np
import pytest
from django.test import Client

from assessments.models import Attempt, AttemptItem
from assessments.queries import item_report
from assessments.queries.figures import Fit, Times, fits_of
from assessments.services import mark_seen
from tests.conftest import Budget
from tests.factories.assessments import NOW, ItemVersionFactory, answer, exam_of, right_answer, scored, started
from tests.factories.calibrations import CalibrationFactory, ItemParametersFactory
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


def test_times_belong_to_the_question_that_was_open() -> None:
    exam = exam_of("true_false", "multiple")
    attempt = started(exam)
    first, second = attempt.items.select_related("item_version").order_by("position")
    at = [NOW + timedelta(seconds=seconds) for seconds in (0, 40, 50, 110, 130)]
    mark_seen(person=attempt.person, attempt_id=attempt.pk, position=1, now=at[0])
    answer(attempt, first, right_answer(first), at=at[1])  # 40 s at the first
    mark_seen(person=attempt.person, attempt_id=attempt.pk, position=2, now=at[2])  # 10 s more
    answer(attempt, second, right_answer(second), at=at[3])  # 60 s at the second
    answer(attempt, first, None, at=at[4], revision=1)  # back to the first: 20 s
    scored(attempt, right=0)
    times = {one.version.pk: one.times for one in item_report(exam).items}
    assert times[first.item_version_id] == Times(people=1, mean=70, median=70)
    assert times[second.item_version_id] == Times(people=1, mean=60, median=60)


def fitting(right: list[float]) -> Fit:
    """Return the fit of the first of ten items of difficulty 0, whose answers `right` draws, by ability."""
    chance = np.random.default_rng(5)
    versions = [ItemVersionFactory() for _number in range(10)]
    calibration = CalibrationFactory()
    for version in versions:
        ItemParametersFactory(calibration=calibration, item_version=version, a=1, b=0, se_b=0.1, in_force_from=NOW)
    theta = chance.normal(0, 1.2, 600)
    codes = (chance.random((600, 10)) < 1 / (1 + np.exp(-theta[:, None]))).astype(np.int8)
    codes[:, 0] = chance.random(600) < np.where(theta > 0, *right) if right else codes[:, 0]
    return fits_of(versions, codes, list(theta), [0.1] * 600)[versions[0].pk]


def test_fit_is_one_for_answers_of_the_model_and_doubtful_for_others() -> None:
    good, bad = fitting([]), fitting([0.3, 0.7])
    assert good.infit == pytest.approx(1, abs=0.1)
    assert (good.is_doubtful, bad.is_doubtful) == (False, True)
    assert bad.infit > 1.2


def test_fit_is_not_told_of_few_answers_nor_of_judged_items() -> None:
    versions = [ItemVersionFactory() for _number in range(2)]
    ItemParametersFactory(item_version=versions[0], in_force_from=NOW)
    exam = exam_of("true_false")
    AttemptItem.objects.filter(attempt=started(exam)).update(item_version=versions[1])
    codes = np.ones((49, 2), dtype=np.int8)
    found = fits_of(versions, codes, [0.0] * 49, [0.4] * 49)
    assert found == {versions[0].pk: Fit(49, None, None)}


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
    with at_most(13):
        page = client.get(address).content.decode()
    assert "60 %" in page
    client.force_login(marker())
    assert client.get(address).status_code == 403
