"""Fetching what a viewer may open; everything else is not there."""

from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from mentors import permissions
from mentors.models import CoachingSession, EntrustmentCase, Mentorship
from training.operations.services import record_reading


def fetch_mentorship(request: HttpRequest, pk: int) -> Mentorship:
    """Return a mentorship the viewer may open, or raise Http404."""
    visible = permissions.visible_mentorships(request.user, today=timezone.localdate())
    return get_object_or_404(visible.select_related("mentee__department", "teacher__person", "certificate"), pk=pk)


def fetch_session(request: HttpRequest, pk: int) -> CoachingSession:
    """Return a session of a mentorship the viewer may open, or raise Http404."""
    visible = permissions.visible_mentorships(request.user, today=timezone.localdate())
    rows = CoachingSession.objects.filter(mentorship__in=visible.values("pk"))
    people = ("mentorship__mentee__department", "mentorship__teacher__person", "logged_by")
    return get_object_or_404(rows.select_related(*people, "matter"), pk=pk)


def fetch_case(request: HttpRequest, pk: int) -> EntrustmentCase:
    """Return a sign-off of a mentorship the viewer may open, or one they decided on; or raise Http404."""
    visible = permissions.visible_cases(request.user, today=timezone.localdate())
    people = ("mentorship__mentee__department", "mentorship__teacher__person", "opened_by")
    return get_object_or_404(visible.select_related(*people, "matter", "authorisation"), pk=pk)


def keep_reading(request: HttpRequest, action: str, subject: models.Model, mentorship: Mentorship) -> None:
    """Write down that somebody other than the two reads what is kept about the mentee."""
    if request.user.pk != mentorship.teacher.person_id:
        record_reading(action=action, by=request.user, subject=subject, person=mentorship.mentee, at=timezone.now())
