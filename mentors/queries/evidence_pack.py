"""What is known of a mentee when a sign-off is opened, as plain JSON that never changes afterwards.

Results only: what was said in coaching stays with mentee, teacher and panel.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from assessments.models import Attempt
from courses.models import Enrolment
from mentors.models import CoachingSession, Mentorship, Observation
from training.competencies.queries.columns import columns
from training.competencies.queries.people import profile
from training.matters.models import ServiceMatter
from training.people.models import User

from .progress import observed_progress

LATEST = 5


def evidence_pack(mentorship: Mentorship, matter: ServiceMatter, *, today: date) -> dict[str, Any]:
    """Return competencies, observations, sessions, courses and exams of the mentee as they stand on `today`."""
    progress = observed_progress([mentorship.pk])[mentorship.pk]
    return {
        "as_of": today.isoformat(),
        "phase": mentorship.phase,
        "criteria": {"acceptable": progress.acceptable, "observed": progress.observed, "percent": progress.percent},
        "competencies": _competencies(mentorship.mentee, today),
        "observations": _observations(mentorship),
        "sessions": _sessions(mentorship, matter),
        "courses": _courses(mentorship.mentee),
        "exams": _exams(mentorship.mentee),
    }


def _competencies(person: User, today: date) -> list[dict[str, Any]]:
    lines = profile(person=person, columns=columns(), today=today).lines
    return [
        {
            "name": line.cell.competency.name,
            "held": line.cell.held,
            "target": line.cell.target,
            "provisional": line.cell.provisional,
        }
        for line in lines
    ]


def _observations(mentorship: Mentorship) -> list[dict[str, Any]]:
    rows = Observation.objects.filter(mentorship=mentorship).select_related("rubric", "observer", "matter")
    return [
        {
            "id": row.pk,
            "on": row.observed_on.isoformat(),
            "rubric": row.rubric.name,
            "matter": row.matter.name,
            "observer": str(row.observer),
            "kind": row.kind,
            "ratings": [{"criterion": rating.criterion.name, "rating": rating.rating} for rating in row.ratings.all()],
        }
        for row in rows.prefetch_related("ratings__criterion").order_by("observed_on", "pk")
    ]


def _sessions(mentorship: Mentorship, matter: ServiceMatter) -> dict[str, Any]:
    standing = CoachingSession.objects.standing().filter(mentorship=mentorship)
    totals = standing.aggregate(
        count=Count("pk"),
        minutes=Sum("minutes", default=0),
        agreed=Count("pk", filter=Q(reply=CoachingSession.Reply.AGREED)),
        disagreed=Count("pk", filter=Q(reply=CoachingSession.Reply.DISAGREED)),
        on_matter=Count("pk", filter=Q(matter=matter)),
    )
    rated = standing.filter(matter=matter, level__isnull=False).order_by("-held_at")
    return {**totals, "latest_levels": list(rated.values_list("level", flat=True)[:LATEST])}


def _courses(person: User) -> list[dict[str, Any]]:
    rows = Enrolment.objects.filter(person=person).select_related("version").order_by("enrolled_at")
    return [
        {
            "title": row.version.title,
            "completed_on": timezone.localtime(row.completed_at).date().isoformat() if row.completed_at else None,
        }
        for row in rows
    ]


def _exams(person: User) -> list[dict[str, Any]]:
    scored = Attempt.objects.of(person).filter(state=Attempt.State.SCORED).select_related("exam")
    return [
        {
            "title": row.exam.title,
            "on": timezone.localtime(row.finished_at).date().isoformat() if row.finished_at else None,
            "score": row.score,
            "level": row.level,
            "passed": row.passed,
        }
        for row in scored.order_by("finished_at")
    ]
