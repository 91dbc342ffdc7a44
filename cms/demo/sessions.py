"""A year of morning meetings with who was there, and training in a room that is still to come."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from courses.models import Attendance, Course, TrainingSession
from courses.queries.sessions import Audience, invited
from courses.services.attendance import Mark, close, mark
from courses.services.sessions import plan_session
from courses.services.targets import set_target
from training.lib.workdays import week_of
from training.people.models import Department, Posting, User
from training.people.queries import away, working_calendar

from .clock import Clock

State, Kind = Attendance.State, TrainingSession.Kind
WEEKS = 52
MEETING = {"en": "Morning meeting", "zh-hans": "晨会"}
MEETING_LENGTH = timedelta(minutes=30)
# The departments that meet, each with who leads the meeting.
MEETERS = (("market-setup", "teacher"), ("health", "teacher2"))
LEFT_OPEN = "health"
MOST_AT_A_MEETING = 60
LIKELY = {State.PRESENT: 90, State.LATE: 6, State.EXCUSED: 3, State.ABSENT: 1}
TRAINING_ROOM = "五楼培训室 5/F"
# Days ahead, the course of whose first lesson it is, the department invited, and the title.
COMING = (
    (
        3,
        "one-time-notice-first-asked",
        "market",
        {"en": "Telling everything at once: cases of this quarter", "zh-hans": "一次性告知：本季度案例研讨"},
    ),
    (
        8,
        "business-registration-window",
        "market-setup",
        {"en": "Opening a business: the new form, step by step", "zh-hans": "企业开办：新版申请表填写实训"},
    ),
)
SEATS = 80
# Of which department (none: the whole centre), of which kind, how many class hours a year.
TARGETS = (("", "", 24), ("market-setup", "", 30), ("market-setup", "morning", 20))


def hold_meetings(*, clock: Clock, chance: random.Random) -> None:
    """Let two departments meet on the first working day of each week; one list of the last is still open."""
    first = week_of(clock.ago(7 * WEEKS))[0]
    absent = away(None, first, clock.today)
    days = [day for day in _meeting_days(first, clock) if day < clock.today]
    since = dict(Posting.objects.order_by("-starts_on").values_list("person", "starts_on"))
    hr = User.objects.get(staff_number="hr")
    for code, trainer in MEETERS:
        leads = User.objects.get(staff_number=trainer)
        audience = _team(code)
        for day in days:
            begins = _at(day, 8, 30)
            at = begins + timedelta(minutes=45)
            session = plan_session(trainers=[leads], audience=audience, by=hr, at=at, **_meeting(begins))
            awaited = invited(session).order_by("staff_number").values_list("pk", flat=True)
            marks = {
                pk: Mark(State.EXCUSED if (pk, day) in absent else _drawn(chance))
                for pk in awaited
                if since.get(pk, day) <= day
            }
            mark(session=session, marks=marks, how=Attendance.How.MANUAL, by=leads, at=at)
            if day != days[-1] or code != LEFT_OPEN:
                close(session=session, by=leads, at=at)


def plan_ahead(*, clock: Clock) -> None:
    """Invite to the next morning meeting and to two trainings in a room."""
    hr, teacher = (User.objects.get(staff_number=number) for number in ("hr", "teacher"))
    told = {"by": hr, "at": clock.at(2)}
    day = next(day for day in _meeting_days(clock.ago(-1), clock) if day > clock.today)
    plan_session(trainers=[teacher], audience=_team("market-setup"), **told, **_meeting(_at(day, 8, 30)))
    for days, slug, code, title in COMING:
        calendar = working_calendar(clock.ago(-days), clock.ago(-days - 14))
        day = next(clock.ago(-days - n) for n in range(14) if calendar.is_working(clock.ago(-days - n)))
        begins = _at(day, 14, 30)
        plan_session(
            trainers=[teacher],
            audience=Audience([Department.objects.get(code=code)]),
            title=title,
            kind=Kind.CLASSROOM,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=100),
            minutes=90,
            room=TRAINING_ROOM,
            capacity=SEATS,
            unit=Course.objects.get(slug=slug).units.order_by("pk").first(),
            **told,
        )


def ask_hours(*, clock: Clock) -> None:
    """Let HR ask fewer hours of the centre than usual, and of one department more, some of them in the morning."""
    told = {"first_year": clock.today.year, "by": User.objects.get(staff_number="hr"), "at": clock.at(60)}
    for code, kind, hours in TARGETS:
        department = Department.objects.filter(code=code).first()
        set_target(department=department, position=None, kind=kind, hours=hours, **told)


def _meeting_days(first: date, clock: Clock) -> Iterator[date]:
    """Yield the first working day of each week from `first` to three weeks from today."""
    calendar = working_calendar(first, clock.ago(-28))
    monday = week_of(first)[0]
    while monday <= clock.ago(-21):
        if day := next((day for day in week_of(monday) if calendar.is_working(day)), None):
            yield day
        monday += timedelta(weeks=1)


def _team(code: str) -> Audience:
    """Return the department, or where it is too large for one room some of its people."""
    department = Department.objects.get(code=code)
    staff = User.objects.active().filter(department=department).order_by("-staff_number")
    people = list(staff[: MOST_AT_A_MEETING + 1])
    return Audience([department]) if len(people) <= MOST_AT_A_MEETING else Audience(people=people[:-1])


def _meeting(begins: datetime) -> dict[str, object]:
    return {
        "title": MEETING,
        "kind": Kind.MORNING,
        "starts_at": begins,
        "ends_at": begins + MEETING_LENGTH,
        "minutes": MEETING_LENGTH.seconds // 60,
        "room": "三楼会议室 3/F",
        "capacity": None,
        "unit": None,
    }


def _drawn(chance: random.Random) -> State:
    (state,) = chance.choices(list(LIKELY), weights=list(LIKELY.values()))
    return state


def _at(day: date, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
