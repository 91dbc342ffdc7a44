"""Papers in parts, and what their candidates do."""

from datetime import datetime, timedelta
from typing import Any

from assessments import services
from assessments.models import Attempt, AttemptPart, Exam, ExamPart
from assessments.services import Browser
from tests.factories.assessments import NOW, ExamFactory, ItemFactory, ItemVersionFactory, blueprint_row, started
from tests.factories.competencies import CompetencyFactory

FREE, IN_ORDER = ExamPart.Order.FREE, ExamPart.Order.IN_ORDER


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def exam_in_parts(*parts: tuple[int | None, str], asked: int = 3, **facts: Any) -> Exam:
    """Return an open exam of sixty minutes with parts of so many minutes, each asking for single choices."""
    exam = ExamFactory(**{"minutes": 60} | facts)
    for number, (minutes, order) in enumerate(parts, start=1):
        competency = CompetencyFactory(framework=exam.framework)
        ExamPart.objects.create(
            exam=exam,
            number=number,
            title={"en": f"Title {number}"},
            introduction={"en": f"Intro {number}"},
            minutes=minutes,
            order=order,
        )
        blueprint_row(exam, competency, asked, part=number)
        for _ in range(asked + 1):
            ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=competency))
    services.open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def two(first: str = FREE, second: str = FREE, **facts: Any) -> Attempt:
    """A started attempt: three questions in twenty minutes, then three in what is left of sixty."""
    return started(exam_in_parts((20, first), (None, second)), **facts)


def save(attempt: Attempt, position: int, value: int = 1, *, at: datetime = NOW, revision: int = 0) -> services.Saved:
    return services.save_answer(
        person=attempt.person, attempt_id=attempt.pk, position=position, revision=revision, value=value, now=at
    )


def go_on(attempt: Attempt, number: int = 1, *, at: datetime = NOW, browser: Browser | None = None) -> None:
    services.begin_next_part(person=attempt.person, attempt_id=attempt.pk, number=number, now=at, browser=browser)


def leave(attempt: Attempt, position: int, *, at: datetime = NOW) -> None:
    services.leave_question(person=attempt.person, attempt_id=attempt.pk, position=position, now=at)


def parts(attempt: Attempt) -> list[AttemptPart]:
    return list(attempt.parts.order_by("number"))


def open_part(attempt: Attempt) -> int:
    return attempt.parts.get(opened_at__isnull=False, closed_at=None).number
