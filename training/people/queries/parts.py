"""The parts of the centre: who works in them, what keeps one open, what became of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.lib.texts import text_in
from training.operations.models import AuditEvent
from training.people import permissions
from training.people.models import Department, Hall, Position, Posting, Role, RoleGrant, Section, User, Window

if TYPE_CHECKING:
    from training.people.models.organisation import DepartmentQuerySet

Part: TypeAlias = Department | Hall | Section | Window | Position


@dataclass(frozen=True)
class DepartmentLine:
    """A department in the tree with the active staff at home in it, and those in it and all below."""

    department: Department
    staff: int
    staff_below: int

    @property
    def indent(self) -> range:
        return range(self.department.depth - 1)


def department_tree(departments: "DepartmentQuerySet") -> list[DepartmentLine]:
    """Return the departments in the order of the tree, with their staff (two queries, any size)."""
    rows = list(departments.order_by("path"))
    counted = User.objects.active().filter(department__in=departments).order_by().values_list("department")
    staff = dict(counted.annotate(Count("pk")))
    below: Counter[str] = Counter()
    for row in rows:
        for length in range(Department.steplen, len(row.path) + 1, Department.steplen):
            below[row.path[:length]] += staff.get(row.pk, 0)
    return [DepartmentLine(row, staff.get(row.pk, 0), below[row.path]) for row in rows]


def halls_with_windows(viewer: User, *, today: date) -> "QuerySet[Hall]":
    """Return the halls with sections and windows; each window counts in `people` those `viewer` sees there today."""
    here = Q(postings__starts_on__lte=today) & (Q(postings__until=None) | Q(postings__until__gte=today))
    seen = Q(postings__person__in=permissions.overseen_staff(viewer, today=today), postings__person__is_active=True)
    windows = Window.objects.annotate(people=Count("postings", filter=here & seen)).order_by("number")
    sections = Section.objects.order_by("code").prefetch_related(Prefetch("windows", windows))
    return Hall.objects.order_by("code").prefetch_related(Prefetch("sections", sections))


def remaining(part: Part, last_day: date) -> list[object]:
    """Return who and what would still be in the part after `last_day`: people first, each once."""
    later = Q(until=None) | Q(until__gt=last_day)
    if isinstance(part, Hall):
        return list(part.sections.filter(later).order_by("code"))
    postings = Posting.objects.filter(later, **{str(part._meta.model_name): part}).select_related("person")
    people: list[object] = list(dict.fromkeys(posting.person for posting in postings.order_by("person__staff_number")))
    if isinstance(part, Department):
        at_home = part.staff.active().exclude(pk__in=[person.pk for person in people if isinstance(person, User)])
        grants = RoleGrant.objects.filter(later, department=part, person__is_active=True).select_related("person")
        # By path, because treebeard's own way trusts a count on an object that may be older than the row.
        below = Department.objects.filter(later, path__startswith=part.path, depth=part.depth + 1)
        people += [*at_home.order_by("staff_number"), *below]
        people += [f"{grant.person} ({Role(grant.role).label})" for grant in grants]
    elif isinstance(part, Section):
        people += part.windows.filter(later).order_by("number")
        grants = RoleGrant.objects.filter(later, section=part, person__is_active=True).select_related("person")
        people += [f"{grant.person} ({Role(grant.role).label})" for grant in grants]
    elif isinstance(part, Window) and (shifts := part.shifts.filter(day__gt=last_day).count()):
        people.append(ngettext("%(n)s shift on the roster", "%(n)s shifts on the roster", shifts) % {"n": shifts})
    return people


@dataclass(frozen=True)
class Happening:
    """Something that was done to a part: when, by whom, what, and what it was before and after in words."""

    at: datetime
    who: str
    what: str
    before: str
    after: str


def history_of(part: Part) -> list[Happening]:
    """Return what was done to the part, the latest first (one query)."""
    events = AuditEvent.objects.filter(subject_type=part._meta.label_lower, subject_id=str(part.pk))
    return [happening(event) for event in events.order_by("-happened_at", "-pk")]


def happening(event: AuditEvent) -> Happening:
    """Return an event about a part in words."""
    words = {
        "added": _("Added"),
        "renamed": _("Renamed"),
        "moved": _("Moved"),
        "closed": _("Closed"),
        "reopened": _("Opened again"),
    }
    what = event.action.rpartition("_")[2]
    return Happening(
        event.happened_at, event.actor_name, words.get(what, event.action), _told(event.before), _told(event.after)
    )


def _told(facts: dict[str, Any] | None) -> str:
    texts: Iterable[Any] = (facts or {}).values()
    return ", ".join(text_in(one) if isinstance(one, dict) else str(one) for one in texts if one)


@dataclass(frozen=True)
class StaffOf:
    """Who works in a part today, as far as the viewer oversees them: all, and the first of them by name."""

    count: int
    first: list[User]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def staff_of(part: Part, viewer: User, *, today: date, shown: int = 20) -> StaffOf:
    """Return who is at home in a department, or posted to another part, on `today` (two queries)."""
    people = permissions.overseen_staff(viewer, today=today).active()
    if isinstance(part, Department):
        people = people.filter(department=part)
    else:
        field = "section__hall" if isinstance(part, Hall) else str(part._meta.model_name)
        people = people.filter(pk__in=Posting.objects.on(today).filter(**{field: part}).values("person"))
    return StaffOf(people.count(), list(people.order_by("staff_number")[:shown]))
