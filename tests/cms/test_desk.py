"""What the desk calls the next thing to do."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cms.desk import desk
from tests.factories.people import UserFactory
from training.lib.todo import Todo

TODAY = date(2026, 11, 23)


def todo(title: str, *, due: date | None = None, url: str = "/somewhere/", clock_runs: bool = False) -> Todo:
    return Todo(title=title, why="", url=url, action="Go", due=due, clock_runs=clock_runs)


@pytest.mark.django_db
def test_a_running_clock_comes_first_then_what_is_due_first(monkeypatch: pytest.MonkeyPatch) -> None:
    late, soon, some_day = todo("late", due=TODAY - timedelta(days=2)), todo("soon", due=TODAY), todo("some day")
    closed = todo("closed", due=TODAY - timedelta(days=9), url="")
    exam = todo("exam", due=TODAY, clock_runs=True)
    monkeypatch.setattr("cms.desk.courses_todo", lambda **_asked: [some_day, closed, soon, late])
    monkeypatch.setattr("cms.desk.exams_todo", lambda **_asked: [exam])
    monkeypatch.setattr("cms.desk.mentors_todo", lambda **_asked: [])

    shown = desk(person=UserFactory(), now=timezone.now(), today=TODAY, language="en")

    assert shown.next == exam
    assert [one.title for one in shown.overdue] == ["late"]
    assert [one.title for one in shown.this_week] == ["soon", "closed"]
    assert [one.title for one in shown.later] == ["some day"]
