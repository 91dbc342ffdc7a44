"""A session, and who planned it."""

import pytest

from assessments.models import ExamSession
from tests.factories.assessments import ExamSessionFactory, exam_with_items
from tests.factories.people import UserFactory
from training.people.models import User


@pytest.fixture
def session() -> ExamSession:
    exam = exam_with_items(in_sessions=True)
    return ExamSessionFactory(exam=exam, access_code="Magnolia 7")


@pytest.fixture
def examiner() -> User:
    return UserFactory(examiner=True)
