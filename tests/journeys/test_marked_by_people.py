"""Two mark an answer blind, a third decides, an examiner releases, and its writer reads what came of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments import services
from assessments.models import Attempt, Exam, HumanMark, Mark, MarkingTask
from tests.factories.people import RoleGrantFactory
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.people.models import Role, User

pytestmark = pytest.mark.journey

EXAM = "talking-with-people"
FULL, NONE = "last", "first"


def test_an_answer_is_marked_blind_decided_released_and_read(arrive: Arrivals) -> None:
    task = only_answer_left()
    attempt = task.attempt_item.attempt
    User.objects.filter(staff_number="reviewer").update(language="zh-hans")
    for number in ("editor", "reviewer"):
        RoleGrantFactory(person=User.objects.get(staff_number=number), role=Role.MARKER)

    first = arrive("marker")
    first.open("/exams/marking/")
    mark(first, NONE, "Nothing of the rule.", writer=attempt.person)
    first.press(re.compile("Take this mark back"))
    give(first, NONE, "Nothing of the rule.")
    mark(arrive("editor"), FULL, "All of it.", writer=attempt.person)
    third = arrive("reviewer", reads="zh-hans")
    third.open("/exams/marking/")
    third.go_by(third.page.get_by_role("button", name=re.compile("评阅待评的1份")))
    third.is_at("裁定两份评分")
    third.sees("Nothing of the rule.", "All of it.")
    give(third, FULL, "Agreed with the second.", button="保存并继续")
    assert Mark.objects.get(attempt_item=task.attempt_item).credit == 1

    HumanMark.objects.update(given_at=timezone.now() - timedelta(minutes=20))
    MarkingTask.objects.update(done_at=timezone.now() - timedelta(minutes=20))
    services.settle_marking(now=timezone.now())
    examiner = arrive("examiner")
    examiner.open("/exams/release/")
    examiner.follow(re.compile("Talking with people"))
    examiner.sees(attempt.person.display_name)
    examiner.press("Release the chosen results")
    examiner.sees("No result is ready")

    writer = arrive(attempt.person.staff_number)
    writer.open(f"/exams/attempt/{attempt.pk}/result/")
    writer.sees("What people marked", "Agreed with the second.")
    expect(writer.page.get_by_text("All of it.")).to_have_count(0)


def only_answer_left() -> MarkingTask:
    """Leave one answer of one attempt to mark, by two."""
    Exam.objects.filter(code=EXAM).update(second_marking="always")
    waiting = MarkingTask.objects.filter(attempt_item__attempt__exam__code=EXAM, done_at=None)
    kept = waiting.filter(attempt_item__item_version__kind="open").first()
    assert kept
    others = waiting.exclude(pk=kept.pk).filter(attempt_item__attempt=kept.attempt_item.attempt)
    for task in others:
        Mark.objects.create(attempt_item=task.attempt_item, credit=0.5)
    others.update(done_at=timezone.now() - timedelta(hours=1))
    attempts = Attempt.objects.filter(exam__code=EXAM, state=Attempt.State.MARKING)
    attempts.exclude(pk=kept.attempt_item.attempt_id).update(state=Attempt.State.VOID)
    return kept


def mark(visitor: Visitor, which: str, comment: str, *, writer: User) -> None:
    visitor.open("/exams/marking/")
    visitor.press(re.compile("Mark the 1 that waits"))
    visitor.is_at("Mark an answer")
    page = visitor.page.content()
    assert writer.display_name not in page
    assert writer.staff_number not in page
    give(visitor, which, comment)


def give(visitor: Visitor, which: str, comment: str, button: str = "Save and go on") -> None:
    """Choose the first or the last points of each criterion."""
    for group in visitor.page.locator("fieldset.criterion").all():
        visitor.tap(getattr(group.locator("label"), which))
    visitor.page.locator("#comment").fill(comment)
    visitor.press(button)
