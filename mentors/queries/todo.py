"""What coaching asks of a person, as the desk lists it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentors import permissions
from mentors.models import CoachingSession, EntrustmentCase, Mentorship
from training.lib.templatetags.words import day
from training.lib.todo import Todo
from training.people import permissions as people
from training.people.models import User

CONFIRM_DAYS = 1
FRIDAY = 4


def todo(*, person: User, now: datetime) -> list[Todo]:
    """Return proposals to answer, sessions to confirm, sign-offs to decide, sessions to hold (three queries).

    For HR also the mentees whose teacher has left (one query more).
    """
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday())
    mentorships = _mentorships(person, monday)
    return [
        *_proposals(person, mentorships),
        *_sessions_to_confirm(person),
        *_cases_to_decide(person),
        *_sessions_to_hold(person, mentorships, due=max(monday + timedelta(days=FRIDAY), today)),
        *_mentees_to_pair(person, today),
    ]


def _mentorships(person: User, monday: date) -> list[Mentorship]:
    """Return those the person is in on either side; `held`: a session has been logged since Monday."""
    this_week = CoachingSession.objects.standing().filter(mentorship=OuterRef("pk"), held_at__date__gte=monday)
    mine = Mentorship.objects.running().filter(Q(mentee=person) | Q(teacher__person=person))
    return list(mine.annotate(held=Exists(this_week)).select_related("mentee", "teacher__person").order_by("pk"))


def _proposals(person: User, mentorships: list[Mentorship]) -> Iterator[Todo]:
    for row in mentorships:
        teaches = row.teacher.person_id == person.pk
        if row.agreed_by_teacher_at if teaches else row.agreed_by_mentee_at:
            continue
        other = row.mentee if teaches else row.teacher
        yield Todo(
            title=_("Agree to coach %(person)s") % {"person": other}
            if teaches
            else _("Agree to be coached by %(person)s") % {"person": other},
            why=_("A pairing round proposes it. Both of you answer."),
            url=reverse("mentors:mentorship", args=[row.pk]),
            action=_("Read and answer"),
            minutes=1,
            due=row.answer_by,
        )


def _sessions_to_confirm(person: User) -> Iterator[Todo]:
    waiting = CoachingSession.objects.to_confirm().filter(mentorship__mentee=person)
    for row in waiting.select_related("logged_by", "matter").order_by("held_at"):
        yield Todo(
            title=_("Confirm your coaching session with %(teacher)s") % {"teacher": row.logged_by},
            why=_("%(matter)s, %(day)s") % {"matter": row.matter, "day": day(row.held_at)},
            url=reverse("mentors:session", args=[row.pk]),
            action=_("Read and confirm"),
            minutes=2,
            due=timezone.localtime(row.logged_at).date() + timedelta(days=CONFIRM_DAYS),
        )


def _cases_to_decide(person: User) -> Iterator[Todo]:
    rows = EntrustmentCase.objects.filter(state=EntrustmentCase.State.OPEN, panel__person=person)
    for row in rows.exclude(decisions__decider=person).select_related("mentorship__mentee", "matter"):
        yield Todo(
            title=_("Decide on the sign-off of %(person)s") % {"person": row.mentorship.mentee},
            why=_("%(matter)s. Two people decide.") % {"matter": row.matter},
            url=reverse("mentors:case", args=[row.pk]),
            action=_("Read and decide"),
            minutes=5,
        )


def _mentees_to_pair(person: User, today: date) -> Iterator[Todo]:
    """Remind HR of the mentees whose teacher has left, until they are coached again."""
    if not people.grants_held(person, permissions.PAIRERS):
        return
    coached = Mentorship.objects.running().values("mentee")
    left = Mentorship.objects.filter(outcome=Mentorship.Outcome.ORPHANED).exclude(mentee__in=coached)
    ended = Mentorship.objects.filter(outcome=Mentorship.Outcome.COMPLETED, mentee=OuterRef("mentee"))
    later = ended.filter(ended_on__gte=OuterRef("ended_on"))
    mentees = left.exclude(Exists(later)).values("mentee")
    waiting = permissions.held_over(person, permissions.PAIRERS, today=today).active().filter(pk__in=mentees)
    names = [str(mentee) for mentee in waiting.order_by("staff_number")]
    if names:
        one = _("Find a new teacher for %(person)s") % {"person": names[0]}
        many = ngettext("Find a new teacher for %(n)d person", "Find new teachers for %(n)d people", len(names))
        yield Todo(
            title=one if len(names) == 1 else many % {"n": len(names)},
            why=_("Their teacher has left. Open a pairing round."),
            url=reverse("mentors:rounds"),
            action=_("Open pairing"),
            minutes=10,
        )


def _sessions_to_hold(person: User, mentorships: list[Mentorship], *, due: date) -> Iterator[Todo]:
    """Remind a teacher of the mentees without a session this week, by its Friday."""
    for row in mentorships:
        if row.held or row.teacher.person_id != person.pk or not (row.agreed_by_mentee_at and row.agreed_by_teacher_at):
            continue
        yield Todo(
            title=_("Log a coaching session with %(mentee)s") % {"mentee": row.mentee},
            why=_("None is logged this week."),
            url=reverse("mentors:log", args=[row.pk]),
            action=_("Log a session"),
            minutes=1,
            due=due,
        )
