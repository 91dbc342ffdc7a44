"""What stands in somebody's calendar: what is due when, and where they are awaited."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import ExamSession
from courses.models import CalendarFeed, TrainingRequirement
from training.lib.ics import Entry
from training.lib.texts import text_in
from training.people.models import User

from .required import newest_title
from .sessions import coming_of

PAST_DAYS = 60


def feed_of(digest: str) -> CalendarFeed | None:
    """Return the feed with that digest; None when nobody has it or its person has left."""
    rows = CalendarFeed.objects.filter(digest=digest, person__is_active=True)
    return rows.select_related("person").first()


def entries_of(person: User, *, today: date, now: datetime) -> list[Entry]:
    """Return the person's dates, those of the last two months included, in the language that is active."""
    since = now - timedelta(days=PAST_DAYS)
    return [*_due(person), *_exams(person, since=since), *_sessions(person, since=since, today=today)]


def _due(person: User) -> Iterator[Entry]:
    rows = TrainingRequirement.objects.open().filter(person=person).select_related("course").order_by("due_on", "pk")
    for row in rows.annotate(title=newest_title("course")):
        yield Entry(
            key=f"required-{row.pk}",
            title=_("Finish the course: %(course)s") % {"course": text_in(row.title) or row.course.slug},
            begins=row.due_on,
            text=text_in(row.why),
            url=_absolute(reverse("courses:course", args=[row.course.slug])),
        )


def _exams(person: User, *, since: datetime) -> Iterator[Entry]:
    """Yield the sessions in which the person has a place or is an invigilator, unless they are called off."""
    mine = Q(places__person=person) | Q(invigilators=person)
    sessions = ExamSession.objects.filter(mine, cancelled_at=None, closes_at__gte=since).distinct()
    watching = set(person.invigilates.values_list("pk", flat=True))
    for session in sessions.select_related("exam").order_by("opens_at", "pk"):
        told = _("Invigilate the exam: %(exam)s") if session.pk in watching else _("Sit the exam: %(exam)s")
        yield Entry(
            key=f"exam-session-{session.pk}",
            title=told % {"exam": text_in(session.exam.title)},
            begins=session.opens_at,
            ends=session.closes_at,
            place=session.room,
            url=_absolute(reverse("assessments:exam", args=[session.exam.code])),
        )


def _sessions(person: User, *, since: datetime, today: date) -> Iterator[Entry]:
    """Yield the training sessions that await the person, to learn or to give it."""
    giving = set(person.training_given.values_list("pk", flat=True))
    for session in coming_of(person, since=since, today=today):
        told = _("Give the training: %(title)s") if session.pk in giving else _("Training: %(title)s")
        yield Entry(
            key=f"training-session-{session.pk}",
            title=told % {"title": text_in(session.title)},
            begins=session.starts_at,
            ends=session.ends_at,
            place=session.room,
            url=_absolute(reverse("courses:session", args=[session.pk])),
        )


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
