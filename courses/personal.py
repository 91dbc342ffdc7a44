"""What this app keeps about a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

from .models import CalendarFeed, UnitProgress

ACTS = (
    "courses.CourseVersion.published_by",
    "courses.TrainingRequirement.assigned_by",
    "courses.TrainingRequirement.closed_by",
    "courses.Assignment.made_by",
    "courses.Assignment.ended_by",
    "courses.TrainingSession.planned_by",
    "courses.TrainingSession.closed_by",
    "courses.TrainingSession.cancelled_by",
    "courses.Attendance.marked_by",
    "courses.HoursTarget.set_by",
)


def parts(person: User) -> Iterator[Part]:
    """Yield what the person learned here, what they were asked to learn, and what they learned before."""
    yield from _learned(person)
    yield from _asked(person)
    yield from _attended(person)
    yield from _before(person)
    yield from _calendar(person)


def _learned(person: User) -> Iterator[Part]:
    yield Part(
        "courses",
        _("Courses"),
        person.enrolments.select_related("version").order_by("enrolled_at"),
        {"version": _("Course"), "enrolled_at": _("Enrolled on"), "completed_at": _("Completed on")},
        ("courses.Enrolment.person",),
    )
    yield Part(
        "lessons",
        _("Lessons"),
        UnitProgress.objects.filter(enrolment__person=person).select_related("enrolment__version", "unit"),
        {
            "enrolment.version": _("Course"),
            "unit": _("Lesson"),
            "opened_at": _("Opened on"),
            "seconds": _("Seconds in sight"),
            "done_at": _("Completed on"),
        },
        (),
    )


def _asked(person: User) -> Iterator[Part]:
    yield Part(
        "required-training",
        _("Required training"),
        person.requirements.select_related("course", "assigned_by").order_by("assigned_at"),
        {
            "course": _("Course"),
            "why": _("Reason"),
            "assigned_by": _("Assigned by"),
            "assigned_at": _("Assigned on"),
            "due_on": _("Due"),
            "state": _("State"),
            "waive_reason": _("Why it was waived"),
            "lapsed_for": _("Why it is no longer asked"),
            "done_at": _("Completed on"),
        },
        ("courses.TrainingRequirement.person", "courses.Assignment.people", "courses.Assignment_people.user"),
    )


def _attended(person: User) -> Iterator[Part]:
    yield Part(
        "training-sessions",
        _("Training sessions"),
        person.attendances.select_related("session").order_by("session__starts_at"),
        {
            "session": _("Session"),
            "state": _("State"),
            "minutes": _("Minutes that count"),
            "how": _("How it is known"),
            "marked_by": _("Marked by"),
            "marked_at": _("Marked on"),
        },
        ("courses.Attendance.person",),
    )
    yield Part(
        "training-invitations",
        _("Training sessions that invite them by name"),
        person.training_invited.order_by("starts_at"),
        {"title": _("Title"), "starts_at": _("Begins"), "room": _("Held in")},
        ("courses.TrainingSession.people", "courses.TrainingSession_people.user"),
    )
    yield Part(
        "training-given",
        _("Training sessions they gave"),
        person.training_given.order_by("starts_at"),
        {"title": _("Title"), "starts_at": _("Begins"), "room": _("Held in")},
        ("courses.TrainingSession.trainers", "courses.TrainingSession_trainers.user"),
    )


def _calendar(person: User) -> Iterator[Part]:
    yield Part(
        "calendar-address",
        _("Calendar address"),
        CalendarFeed.objects.filter(person=person),
        {"made_at": _("Made on")},
        ("courses.CalendarFeed.person",),
    )


def _before(person: User) -> Iterator[Part]:
    yield Part(
        "past-training",
        _("Past training"),
        person.past_training.all(),
        {
            "title": _("Training"),
            "day": _("Day"),
            "hours": _("Hours"),
            "provider": _("Provider"),
            "result": _("Result"),
            "recorded_at": _("Recorded on"),
        },
        ("courses.PastTraining.person",),
    )
