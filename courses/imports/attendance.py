"""Attendance of training sessions, as it was written down on paper or in a table."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Attendance, TrainingSession
from courses.permissions import sessions_kept
from courses.services.attendance import Mark, mark
from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step, shown
from training.lib.tables import Table
from training.lib.texts import text_in
from training.people import permissions
from training.people.imports.persons import PERSON_COLUMNS, Persons, person_in, persons_of
from training.people.models import Role, User

MOST_MINUTES = 720
EXPORTED = timedelta(days=366)
"""How far back the export reaches."""
BATCH = 500
State = Attendance.State
WORDS = {
    State.PRESENT: ("present", "出勤", "出席", "到场", "√"),
    State.LATE: ("late", "迟到"),
    State.EXCUSED: ("excused", "请假", "公假"),
    State.ABSENT: ("absent", "缺勤", "缺席", "×"),
}
BY_WORD = {word: state for state, words in WORDS.items() for word in words}


@dataclass(frozen=True)
class Books:
    """The sessions the rows name, by number; the people; what is on record; and when it is asked."""

    sessions: Mapping[str, TrainingSession]
    persons: Persons
    records: Mapping[Hashable, Attendance]
    at: datetime


class AttendanceImport(RecordImport):
    """One row is one person at one session."""

    kind, icon, key_field = "attendance", "clipboard-check", "staff_number"
    label = gettext_lazy("Attendance of training sessions")
    about = gettext_lazy(
        "One row is one person at one session, found by its number. Take the sheet from the page of the session."
    )
    needs = gettext_lazy("Only HR imports attendance.")
    view = "courses:sessions"
    columns = (
        Column("session", "Session number", "场次编号", required=True, also=("session", "培训编号")),
        Column("title", "Session", "培训名称", hint=gettext_lazy("Only to be read; it is not compared.")),
        *PERSON_COLUMNS,
        Column(
            "state",
            "Attendance",
            "出勤情况",
            hint=gettext_lazy("Present, late, excused or absent; a blank cell marks nobody."),
            also=("出勤", "签到", "state"),
        ),
        Column(
            "minutes",
            "Minutes",
            "分钟数",
            hint=gettext_lazy("Those that count. Blank: as many as the session has."),
            also=("时长",),
        ),
    )

    def may(self, person: User) -> bool:
        return Role.HR in person.role_names

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        staff = User.objects.active().filter(department__in=permissions.departments_kept(person)).order_by("pk").first()
        known = {"staff_number": staff.staff_number, "name": staff.display_name} if staff else {"staff_number": "20418"}
        session = sessions_kept(person, today=timezone.localdate()).order_by("-starts_at").first()
        named = {"session": session.pk, "title": text_in(session.title)} if session else {"session": 1}
        yield {**named, **known, "state": str(State.PRESENT.label), "minutes": ""}

    def codes(self, person: Any) -> Iterator[tuple[str, str, str]]:
        for state, words in WORDS.items():
            for word in words:
                yield "state", word, str(state.label)

    def count(self, viewer: User, *, at: datetime) -> int:
        return records_of(viewer, at).count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        rows = records_of(viewer, at).select_related("session", "person")
        for row in rows.order_by("session__starts_at", "session", "person__staff_number").iterator(chunk_size=BATCH):
            yield _row(row.session, row.person, row.state, row.minutes)

    def sheet(self, session: TrainingSession, people: Iterable[Any]) -> Iterator[list[object]]:
        """Yield the headings and one row for each person of the session's roll, marked or not."""
        yield self.headings()
        for person in people:
            facts = _row(session, person, person.state, person.minutes)
            yield [facts[column.field] for column in self.columns]

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        today = timezone.localdate(at)
        place = table.header.index("session")
        numbers = {row.cells[place] for row in table.rows}
        keys = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 10]
        kept = sessions_kept(by, today=today) if isinstance(by, User) else TrainingSession.objects.all()
        sessions = {str(one.pk): one for one in kept.filter(pk__in=keys)}
        persons = persons_of(table, by, today)
        known = Attendance.objects.filter(session__in=list(sessions.values())).select_related("person")
        records = {(str(row.session_id), row.person.staff_number): row for row in known.iterator(chunk_size=BATCH)}
        return Books(sessions, persons, records, at)

    def read(self, cells: Cells, books: Books) -> Entry | None:
        cells.required("session")
        missing = _("there is no session with the number “%(value)s” that you keep.")
        session, person = cells.look_up("session", books.sessions, missing), person_in(cells, books.persons)
        word = (cells.text("state") or "").strip().lower()
        minutes = cells.whole("minutes", 0, MOST_MINUTES)
        state = BY_WORD.get(word)
        if word and state is None:
            text = _("“%(value)s” is none of present, late, excused, absent.")
            cells.fault("state", text % {"value": shown(word)})
        if session is None or person is None or state is None:
            return None
        if session.cancelled_at:
            cells.fault("session", _("this session was called off."))
        if state in Attendance.THERE and books.at < session.opens_at:
            cells.fault("state", _("the session has not begun yet."))
        facts = {"state": str(state), "minutes": Mark(state, minutes).counted(session)}
        return Entry(cells.line, (str(session.pk), person.staff_number), f"{person}: {text_in(session.title)}", facts)

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {key: {"state": str(row.state), "minutes": row.minutes} for key, row in books.records.items()}

    def check(self, entries: Sequence[Entry], books: Books) -> Iterator[tuple[Entry, str, str]]:
        """Leave closed lists alone: a correction needs a reason, which a row does not give."""
        known = self.on_record(books)
        for entry in entries:
            number, _person = entry.key  # type: ignore[misc]  # made by `read`
            if books.sessions[number].closed_at and known.get(entry.key) != entry.facts:
                yield entry, "session", _("the list of this session is closed. Correct it on its page, with a reason.")

    def words(self, name: str, value: Any) -> str:
        return str(State(value).label) if name == "state" and value else str(value)

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        marks: dict[str, dict[int, Mark]] = defaultdict(dict)
        for step in steps:
            number, staff_number = step.entry.key  # type: ignore[misc]  # made by `read`
            person = books.persons.by_number[staff_number.upper()]
            marks[number][person.pk] = Mark(**step.entry.facts)
        for number, said in marks.items():
            mark(session=books.sessions[number], marks=said, how=Attendance.How.SHEET, by=by, at=at)
        progress.advance(len(steps))


def records_of(viewer: User, at: datetime) -> "QuerySet[Attendance]":
    """Return the attendance of the last year that the viewer may import."""
    sessions = sessions_kept(viewer, today=timezone.localdate(at)).filter(starts_at__gte=at - EXPORTED)
    people = User.objects.filter(department__in=permissions.departments_kept(viewer))
    return Attendance.objects.filter(session__in=sessions, person__in=people)


def _row(session: TrainingSession, person: User, state: str | None, minutes: int | None) -> dict[str, object]:
    return {
        "session": session.pk,
        "title": text_in(session.title),
        "staff_number": person.staff_number,
        "name": person.display_name,
        "state": str(State(state).label) if state else "",
        "minutes": minutes if state in Attendance.THERE else "",
    }
