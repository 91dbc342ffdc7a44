"""Career teachers for whoever appoints them, and what an appointment would come to in sentences."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from mentors.models import Teacher
from training.lib.templatetags.words import day
from training.people.models import User
from training.people.permissions import overseen_staff


def teachers_overseen(viewer: User, wanted: tuple[str, str], *, today: date) -> "QuerySet[Teacher]":
    """Return the teachers among the staff `viewer` oversees, by words and state, with `mentees` running."""
    words, state = wanted
    people = overseen_staff(viewer, today=today).found_by(words)
    running = Q(until=None) | Q(until__gte=today)
    rows = Teacher.objects.filter(person__in=people.values("pk"))
    rows = rows.exclude(running) if state == "ended" else rows.filter(running)
    rows = rows.annotate(mentees=Count("mentorships", filter=Q(mentorships__ended_on=None)))
    if state == "room":
        rows = rows.filter(mentees__lt=F("capacity"))
    return rows.select_related("person__department").prefetch_related("matters").order_by("person__staff_number")


def of_appointment(person: User, facts: dict[str, Any]) -> Iterator[str]:
    """Tell what appointing somebody means."""
    told = {"person": person, "first": day(facts["starts_on"]), "capacity": facts["capacity"]}
    if facts["until"]:
        told["last"] = day(facts["until"])
        yield _("%(person)s is a career teacher from %(first)s to %(last)s, of %(capacity)s at a time.") % told
    else:
        yield _("%(person)s is a career teacher from %(first)s on, of %(capacity)s at a time.") % told
    yield _("Matters to teach: %(matters)s.") % {"matters": _(", ").join(map(str, facts["matters"]))}
    yield _("The next pairing round may propose mentees; both sides agree or decline.")


def of_change(teacher: Teacher, facts: dict[str, Any]) -> Iterator[str]:
    """Tell what changes for whom the teacher coaches."""
    yield _("%(person)s coaches %(capacity)s at a time, in: %(matters)s.") % {
        "person": teacher,
        "capacity": facts["capacity"],
        "matters": _(", ").join(map(str, facts["matters"])),
    }
    running = teacher.mentorships.running().count()
    if running > facts["capacity"]:
        yield _("%(count)s mentorships are running and go on; nobody new is proposed meanwhile.") % {"count": running}
    else:
        yield _("Mentorships that are running go on as they are.")


def of_end(teacher: Teacher, facts: dict[str, Any]) -> Iterator[str]:
    """Tell what ends with the appointment."""
    last_day = facts["on"] - timedelta(days=1)
    yield _("%(person)s is a career teacher for the last time on %(day)s; the role ends with it.") % {
        "person": teacher,
        "day": day(last_day),
    }
    yield _("What was coached stays on record.")
