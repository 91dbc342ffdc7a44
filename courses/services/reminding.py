"""Telling people what is due soon or late, and heads and HR who of theirs is late: for the inbox and the digest."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from courses.models import TrainingRequirement
from courses.permissions import ASSIGNERS
from courses.queries.required import late_count, newest_title
from training.notices.models import Notice
from training.notices.services import notify_many
from training.people.models import RoleGrant, User

SOON = timedelta(days=7)


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Tell whoever has something due in a week or due yesterday, and in the morning of the digest who oversees them.

    Done again on the same day it tells nobody twice. Return how many were told.
    """
    today = timezone.localdate(at)
    told = _tell("course.due_soon", Q(due_on=today + SOON), at)
    told += _tell("course.overdue", Q(due_on=today - timedelta(days=1)), at)
    if today.isoweekday() == settings.NOTICE_DIGEST_WEEKDAY:
        told += _tell_overseers(at)
    return told


def _tell(kind: str, condition: Q, at: datetime) -> int:
    rows = TrainingRequirement.objects.open().filter(condition, person__is_active=True)
    told = 0
    for course in rows.values_list("course", "course__slug", newest_title("course")).order_by("course").distinct():
        pk, slug, title = course
        path = reverse("courses:course", args=[slug])
        theirs = rows.filter(course=pk).exclude(person__in=_told_today(kind, at).filter(path=path).values("person"))
        facts = {
            person: {"course": title or slug, "due_on": due} for person, due in theirs.values_list("person", "due_on")
        }
        told += notify_many(kind=kind, facts=facts, path=path, at=at)
    return told


def _tell_overseers(at: datetime) -> int:
    today = timezone.localdate(at)
    holders = RoleGrant.objects.in_force(today).filter(role__in=ASSIGNERS).values("person")
    told = _told_today("course.people_overdue", at).values("person")
    people = User.objects.active().filter(pk__in=holders).exclude(pk__in=told)
    facts = {person.pk: {"n": number} for person in people if (number := late_count(person, today=today))}
    return notify_many(kind="course.people_overdue", facts=facts, path=reverse("courses:required"), at=at)


def _told_today(kind: str, at: datetime) -> "QuerySet[Notice]":
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    return Notice.objects.filter(kind=kind, created_at__gte=midnight)
