"""Attempts whose open answers wait for people, and people who mark them."""

from datetime import timedelta
from typing import Any

from assessments import services
from assessments.models import Attempt, Exam, MarkingTask
from tests.factories.assessments import NOW, answer, exam_of, right_answer, started
from tests.factories.people import UserFactory
from training.people.models import Role, User

LATER = NOW + timedelta(minutes=30)
GOOD, MIDDLING, POOR = {"law": 3, "tone": 2}, {"law": 2, "tone": 1}, {"law": 0, "tone": 1}


def open_exam(*traits: str, **facts: Any) -> Exam:
    """Return an exam with one question of each trait: by default two choices, two open answers."""
    return exam_of(*(traits or ("true_false", "multiple", "open", "open")), **facts)


def handed_in(exam: Exam | None = None, person: User | None = None) -> Attempt:
    """Return an attempt with every question answered, handed in five minutes after its start."""
    attempt = started(exam or open_exam(), person)
    for question in attempt.items.select_related("item_version"):
        if question.item_version.kind == "open":
            answer(attempt, question, f"First I greet, then I look up the rule ({question.position}).")
        elif question.item_version.kind != "scenario":
            answer(attempt, question, right_answer(question))
    return services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))


def marker(role: str = Role.MARKER) -> User:
    return UserFactory(**{role: True})


def tasks_of(attempt: Attempt) -> list[MarkingTask]:
    return list(MarkingTask.objects.filter(attempt_item__attempt=attempt).order_by("attempt_item__position"))


def all_marked(attempt: Attempt, by: User | None = None) -> Attempt:
    """Mark every answer well, and wait until nobody can take it back."""
    by = by or marker()
    for task in tasks_of(attempt):
        services.mark_answer(marker=by, ref=task.ref, points=GOOD, at=LATER)
    services.settle_marking(now=LATER + timedelta(minutes=11))
    attempt.refresh_from_db()
    return attempt
