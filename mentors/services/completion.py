"""The end that is wanted: every matter of the mentorship is signed off."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.models import CoachingSession, Mentorship
from training.authorisations.models import Authorisation, Entrustment
from training.certificates.models import Achievement, Certificate
from training.certificates.services import issue
from training.operations.services import Actor

from .mentorships import close
from .texts import in_every_language

COUNTS_FROM = Entrustment.INDIRECT
"""Handling a matter alone, a teacher within call, is what a mentorship leads to."""


@transaction.atomic
def complete_if_signed_off(*, mentorship: Mentorship, by: Actor, at: datetime) -> bool:
    """Complete the mentorship and issue its certificate once every matter is authorised; tell whether that was so.

    Without an achievement "mentorship completed" there is no certificate.
    """
    rows = Mentorship.objects.select_for_update(of=("self",)).select_related("mentee", "teacher__person", "access")
    current = rows.get(pk=mentorship.pk)
    today = timezone.localtime(at).date()
    held = Authorisation.objects.effective_on(today).filter(person=current.mentee, entrustment__gte=COUNTS_FROM)
    if not current.is_running or current.matters.exclude(pk__in=held.values("matter")).exists():
        return False
    current.certificate = _certificate(current, by, at)
    current.save(update_fields=["certificate"])
    close(current, outcome=Mentorship.Outcome.COMPLETED, reason="", by=by, at=at)
    return True


def _certificate(mentorship: Mentorship, by: Actor, at: datetime) -> Certificate | None:
    achievement = Achievement.objects.filter(kind=Achievement.Kind.MENTORSHIP).order_by("code").first()
    if achievement is None:
        return None
    return issue(
        achievement=achievement,
        holder=mentorship.mentee,
        facts=_facts(mentorship),
        earned_by=in_every_language(lambda: _("Coaching by %(teacher)s") % {"teacher": mentorship.teacher}),
        by=by,
        at=at,
        today=timezone.localtime(at).date(),
    )


def _facts(mentorship: Mentorship) -> dict[str, Any]:
    """Return what the certificate keeps of the mentorship: who taught what, from when, in how many sessions."""
    sessions = CoachingSession.objects.standing().filter(mentorship=mentorship)
    return {
        "teacher": str(mentorship.teacher),
        "starts_on": mentorship.starts_on.isoformat(),
        "sessions": sessions.count(),
        "matters": [{"code": matter.code, "name": matter.name} for matter in mentorship.matters.order_by("code")],
    }
