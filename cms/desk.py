"""My work: what a person does next and by when, gathered from the apps that know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assessments.queries import todo as exams_todo
from cms.first_steps import first_steps
from courses.queries import todo as courses_todo
from courses.queries.sessions import todo as sessions_todo
from mentors.queries import todo as mentors_todo
from training.authorisations.queries import Scope, scope_on
from training.certificates.models import Certificate
from training.certificates.queries import expiring
from training.lib.todo import Todo
from training.people.models import Posting, Shift, User
from training.people.queries import shifts_of

EXPIRY_DAYS = 120


@dataclass(frozen=True)
class Desk:
    """The desk of one person on one day, soonest first; `next` is also in its list's place no longer."""

    next: Todo | None
    overdue: list[Todo]
    this_week: list[Todo]
    later: list[Todo]
    posting: Posting | None
    shifts: list[tuple[Shift, list[Shift]]]
    scope: list[Scope]
    expiring: list[Certificate]

    @property
    def open_count(self) -> int:
        return len(self.overdue) + len(self.this_week) + len(self.later) + bool(self.next)


def desk(*, person: User, now: datetime, today: date, language: str) -> Desk:
    """Return what the person should do next, the rest by urgency, and what they may handle today."""
    posting = _posting(person, today)
    todos = [
        *first_steps(person=person, is_posted=posting is not None),
        *courses_todo(person=person, language=language, today=today),
        *sessions_todo(person=person, now=now),
        *exams_todo(person=person, now=now),
        *mentors_todo(person=person, now=now),
    ]
    ordered = sorted(_marked(todos, today), key=_urgency)
    first = next((todo for todo in ordered if todo.can_be_next(today)), None)
    rest = [todo for todo in ordered if todo is not first]
    week = today + timedelta(days=7)
    overdue = [todo for todo in rest if todo.state == "overdue"]
    this_week = [todo for todo in rest if todo.state != "overdue" and todo.due and todo.due <= week]
    return Desk(
        next=first,
        overdue=overdue,
        this_week=this_week,
        later=[todo for todo in rest if todo not in overdue and todo not in this_week],
        posting=posting,
        shifts=shifts_of(person, today),
        scope=scope_on(person=person, day=today),
        expiring=list(expiring(holder=person, today=today, within=timedelta(days=EXPIRY_DAYS))),
    )


def _posting(person: User, today: date) -> Posting | None:
    postings = Posting.objects.on(today).filter(person=person).select_related("window", "position")
    return postings.order_by("-is_loan", "-starts_on").first()


def _marked(todos: Iterable[Todo], today: date) -> Iterable[Todo]:
    """Call overdue what is past its day and can still be done."""
    for todo in todos:
        late = todo.url and todo.due and todo.due < today
        yield replace(todo, state="overdue") if late else todo


def _urgency(todo: Todo) -> tuple[bool, bool, date, bool]:
    return (not todo.url, not todo.clock_runs, todo.due or date.max, todo.state != "in_progress")
