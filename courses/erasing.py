"""What becomes of learning records when somebody is made anonymous: they stay, and the words about them go."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.erasing import FORGOTTEN, Identity, Kind, acts, emptied, goes, renamed, stays
from training.people.models import User

from .models import (
    Assignment,
    Attendance,
    CalendarFeed,
    Enrolment,
    PastTraining,
    TrainingRequirement,
    TrainingSession,
    UnitProgress,
)
from .personal import ACTS


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield what they learned, were asked to learn, and learned before."""
    yield stays("courses", _("Courses"), Enrolment.objects.filter(person=person), "courses.Enrolment.person")
    yield stays("lessons", _("Lessons"), UnitProgress.objects.filter(enrolment__person=person))
    asked = TrainingRequirement.objects.filter(person=person)
    yield stays("required-training", _("Required training"), asked, "courses.TrainingRequirement.person")
    waived = asked.exclude(waive_reason="")
    yield emptied("waive-reasons", _("Why required training was waived"), waived, waive_reason=FORGOTTEN)
    yield renamed("requirements-naming", _("Reasons of required training"), identity, asked, "why")
    named = Assignment.people.through.objects.filter(user=person)
    yield goes(
        "rules-naming",
        _("Rules of required training that name them"),
        named,
        "courses.Assignment.people",
        "courses.Assignment_people.user",
    )
    yield renamed("rule-reasons", _("Reasons of rules of required training"), identity, Assignment.objects.all(), "why")
    yield goes(
        "calendar-address",
        _("Calendar address"),
        CalendarFeed.objects.filter(person=person),
        "courses.CalendarFeed.person",
    )
    there = Attendance.objects.filter(person=person)
    yield stays("training-sessions", _("Training sessions"), there, "courses.Attendance.person")
    yield goes(
        "training-invitations",
        _("Invitations to training sessions"),
        TrainingSession.people.through.objects.filter(user=person),
        "courses.TrainingSession.people",
        "courses.TrainingSession_people.user",
    )
    given = TrainingSession.trainers.through.objects.filter(user=person)
    keys = ("courses.TrainingSession.trainers", "courses.TrainingSession_trainers.user")
    yield stays("training-given", _("Training sessions they gave"), given, *keys)
    yield renamed("training-naming", _("Titles of training sessions"), identity, TrainingSession.objects.all(), "title")
    before = PastTraining.objects.filter(person=person)
    yield stays("past-training", _("Past training"), before, "courses.PastTraining.person")
    yield emptied("past-results", _("Results of past training"), before.exclude(result=""), result="")
    yield renamed("past-naming", _("Past training that names them"), identity, before, "title", "provider")
    yield acts(person, *ACTS)
