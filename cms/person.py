"""One person's page: what every app knows of somebody, each part only for those who may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery

from assessments.models import Attempt
from courses.models import CourseVersion, Enrolment, TrainingRequirement
from courses.queries.hours import own_hours
from mentors import permissions as mentors_permissions
from mentors.models import Mentorship
from training.authorisations.queries import scope_on
from training.certificates.models import Certificate
from training.competencies.queries.columns import columns
from training.competencies.queries.people import profile
from training.people import permissions, queries
from training.people.actions import Button, buttons
from training.people.models import User
from training.people.services import move_of_today

A_YEAR = timedelta(days=365)
LATEST = 10
"""How many rows of a part that grows for years the page shows."""

SELF, NAMED = "self", "named"
"""As oneself; as somebody in an Access row: the career teacher, the panel of an open sign-off."""
KEEPERS = frozenset(permissions.KEEPERS)
OVERSEERS = frozenset(permissions.OVERSEERS)
EVERYBODY = OVERSEERS | {SELF, NAMED}

# Who sees which part, by what `permissions.standing` says; ARCHITECTURE.md shows the same table.
PARTS: Mapping[str, frozenset[str]] = {
    "facts": EVERYBODY,
    "postings": EVERYBODY,
    "roles": EVERYBODY,
    "courses": EVERYBODY,
    "exams": EVERYBODY,
    "competencies": EVERYBODY,
    "coaching": EVERYBODY,
    "authorisations": EVERYBODY,
    "certificates": EVERYBODY,
    "leave": EVERYBODY - {NAMED},
    "email": KEEPERS | {SELF},
    "former_roles": (OVERSEERS - {"head"}) | {SELF},
    "who_sees": KEEPERS | {"auditor", SELF},
    "notices": frozenset({SELF}),
}


@dataclass(frozen=True)
class Listed:
    """The latest rows of a part, and whether there are older ones."""

    rows: list[Any]
    more: bool


@dataclass(frozen=True)
class PersonPage:
    """What one viewer sees of one person; a part that is not theirs is not in `parts`."""

    person: User
    today: date
    sees: frozenset[str]
    parts: Mapping[str, Any]
    actions: list[Button] = field(default_factory=list)
    may_take_back: bool = False

    @property
    def keeps(self) -> bool:
        return bool(self.actions)


def person_page(*, person: User, viewer: User, today: date) -> PersonPage:
    """Return the page of somebody whom `viewer` may see; `person` comes with the record of `queries.with_record`.

    The same number of queries however much there is to tell.
    """
    standing = permissions.standing(viewer, person, today=today)
    sees = frozenset(part for part, who in PARTS.items() if who & standing)
    parts = {part: gather(person, viewer, today) for part, gather in GATHERED.items() if part in sees}
    offered = buttons(viewer, person) if KEEPERS & standing else []
    taken_back = bool(offered) and person.is_active and move_of_today(person, today)[0] is not None
    return PersonPage(person, today, sees, parts, offered, taken_back)


def listed(rows: Any) -> Listed:
    """Return the latest rows of a queryset (one query, however many there are)."""
    latest = list(rows[: LATEST + 1])
    return Listed(latest[:LATEST], more=len(latest) > LATEST)


def _courses(person: User, viewer: User, today: date) -> dict[str, Any]:
    rows = Enrolment.objects.filter(person=person).select_related("version").order_by("-enrolled_at", "-pk")
    newest = CourseVersion.objects.filter(course=OuterRef("course")).order_by("-number").values("title")[:1]
    asked = TrainingRequirement.objects.filter(person=person, state=TrainingRequirement.State.OPEN)
    return {
        "enrolments": listed(rows),
        "hours": own_hours(person, today.year, today=today),
        "asked": list(asked.annotate(title=Subquery(newest)).select_related("course").order_by("due_on", "pk")),
    }


def _exams(person: User, viewer: User, today: date) -> Listed:
    rows = Attempt.objects.of(person).exclude(state=Attempt.State.VOID).select_related("exam")
    return listed(rows.order_by("-started_at", "-pk"))


def _coaching(person: User, viewer: User, today: date) -> dict[str, list[Mentorship]]:
    """Say that there is coaching and that sessions happen; what was said in them stands elsewhere, for the two.

    Only mentorships that `viewer` may open: a teacher's mentees may belong to departments that are not theirs to see.
    """
    standing_sessions = Q(sessions__withdrawn_at=None)
    rows = (
        mentors_permissions.visible_mentorships(viewer, today=today)
        .filter(Q(mentee=person) | Q(teacher__person=person))
        .select_related("mentee", "teacher__person")
        .annotate(
            held=Count("sessions", filter=standing_sessions), last=Max("sessions__held_at", filter=standing_sessions)
        )
        .order_by("-starts_on", "-pk")[: 2 * LATEST]
    )
    found = list(rows)
    return {
        "learns": [row for row in found if row.mentee_id == person.pk],
        "teaches": [row for row in found if row.mentee_id != person.pk],
    }


def _certificates(person: User, viewer: User, today: date) -> Listed:
    rows = Certificate.objects.filter(holder=person).with_state(today).select_related("achievement")
    return listed(rows.order_by("-issued_on", "-pk"))


def _leave(person: User, viewer: User, today: date) -> Listed:
    return listed(person.leaves.filter(until__gte=today - A_YEAR).order_by("-starts_on"))


def _former_roles(person: User, viewer: User, today: date) -> list[Any]:
    rows = queries.role_history(person)[: 2 * LATEST]
    return [grant for grant in rows if grant.starts_on > today or (grant.until and grant.until < today)]


Gather = Callable[[User, User, date], Any]
GATHERED: Mapping[str, Gather] = {
    "postings": lambda person, _viewer, _today: listed(queries.posting_history(person)),
    "courses": _courses,
    "exams": _exams,
    "competencies": lambda person, _viewer, today: profile(person=person, columns=columns(), today=today),
    "coaching": _coaching,
    "authorisations": lambda person, _viewer, today: scope_on(person=person, day=today),
    "certificates": _certificates,
    "former_roles": _former_roles,
    "leave": _leave,
    "who_sees": lambda person, _viewer, today: list(queries.who_sees(person, today=today)),
    "notices": lambda person, _viewer, _today: listed(person.notices.order_by("-created_at", "-pk")),
}
