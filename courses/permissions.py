"""Who asks training of whom, and who sees what is asked."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from training.people import permissions
from training.people.models import Access, Department, Role, User

from .models import Assignment, HoursTarget, LearningPath, TrainingRequirement, TrainingSession

if TYPE_CHECKING:
    from training.people.models import Section
    from training.people.models.organisation import DepartmentQuerySet
    from training.people.models.staff import UserQuerySet

# Roles whose holders ask training of the people of the departments they hold the role over, and waive it.
ASSIGNERS = frozenset({Role.HEAD, Role.HR})
# Roles whose holders plan training sessions: heads and HR for their part of the centre, teachers for whom they coach.
PLANNERS = ASSIGNERS | {Role.TEACHER}
# Roles whose holders write learning paths.
PATH_KEEPERS = frozenset({Role.HR, Role.EDITOR})
# Roles whose holders see who has done what is asked.
WATCHERS = ASSIGNERS | {Role.DIRECTOR}


def departments_asked(by: User) -> "DepartmentQuerySet":
    """Return the departments of whose people `by` may ask training."""
    return permissions.departments_held(by, ASSIGNERS)


def departments_held(viewer: User) -> "DepartmentQuerySet":
    """Return the departments whose required training `viewer` sees."""
    return permissions.departments_held(viewer, WATCHERS)


def may_ask_everybody(by: User) -> bool:
    """Tell whether `by` may ask training of the whole centre."""
    return any(grant.is_for_centre for grant in permissions.grants_held(by, ASSIGNERS))


def may_keep_paths(by: User) -> bool:
    """Tell whether `by` writes learning paths, which are everybody's: editors, and HR of the whole centre."""
    grants = permissions.grants_held(by, PATH_KEEPERS)
    return any(grant.is_for_centre or grant.role == Role.EDITOR for grant in grants)


def paths_seen(viewer: User) -> "QuerySet[LearningPath]":
    """Return the learning paths on offer; all of them for whoever writes them."""
    return LearningPath.objects.all() if may_keep_paths(viewer) else LearningPath.objects.filter(is_offered=True)


def watched_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff whose required training `viewer` sees by role."""
    return User.objects.filter(permissions.held_over(viewer, WATCHERS, today=today))


def asked_staff(by: User, *, today: date) -> "UserQuerySet":
    """Return the staff of whom `by` may ask training, and whom they may let off."""
    return User.objects.filter(permissions.held_over(by, ASSIGNERS, today=today))


def may_ask(by: User) -> bool:
    """Tell whether there is a department `by` may ask training of; the head of a hall section has none."""
    return bool(ASSIGNERS & by.role_names) and (may_ask_everybody(by) or departments_asked(by).exists())


def rules_seen(viewer: User) -> "QuerySet[Assignment]":
    """Return the rules that ask something of a department `viewer` watches: its own, and those from above it."""
    grants = permissions.grants_held(viewer, WATCHERS)
    if any(grant.is_for_centre for grant in grants):
        return Assignment.objects.all()
    seen = Q(department=None) | Q(department__in=permissions.departments_held(viewer, WATCHERS))
    for grant in grants:
        if grant.department is not None:
            seen |= Q(department__path__in=_above(grant.department.path, grant.department.steplen))
    return Assignment.objects.filter(seen)


def rules_kept(by: User) -> "QuerySet[Assignment]":
    """Return the rules `by` may end: those over a department they may ask training of."""
    if may_ask_everybody(by):
        return Assignment.objects.all()
    return Assignment.objects.filter(department__in=departments_asked(by))


def lines_seen(viewer: User, *, today: date) -> "QuerySet[TrainingRequirement]":
    """Return what is, or was, asked of the people `viewer` watches."""
    return TrainingRequirement.objects.filter(person__in=watched_staff(viewer, today=today))


def targets_kept(by: User) -> "QuerySet[HoursTarget]":
    """Return the targets of learning hours that `by` may take back: those of departments they keep as HR."""
    rows = HoursTarget.objects.filter(department__in=permissions.departments_held(by, [Role.HR]))
    return HoursTarget.objects.all() if keeps_all_targets(by) else rows


def keeps_all_targets(by: User) -> bool:
    """Tell whether `by` may ask hours of the whole centre."""
    return any(grant.is_for_centre for grant in permissions.grants_held(by, [Role.HR]))


def sections_asked(by: User) -> "QuerySet[Section]":
    """Return the hall sections whose people `by` may invite to a training session as a whole."""
    return permissions.sections_held(by, ASSIGNERS)


def invitable_staff(by: User, *, today: date) -> "UserQuerySet":
    """Return the staff whom `by` may invite by name: those they may ask, and those whose record they were given."""
    given = Q(seen_by__in=Access.objects.in_force(today).filter(viewer=by))
    return User.objects.filter(permissions.held_over(by, ASSIGNERS, today=today) | given).distinct()


def sessions_kept(by: User, *, today: date) -> "QuerySet[TrainingSession]":
    """Return the sessions `by` may change and mark: planned or given by them, or held for their own part alone."""
    own = Q(planned_by=by) | Q(pk__in=by.training_given.values("pk"))
    if may_ask_everybody(by):
        return TrainingSession.objects.all()
    inside, outside = Q(pk__in=()), Q(pk__in=())
    for invited, held in (
        (TrainingSession.departments, Q(department__in=departments_asked(by))),
        (TrainingSession.sections, Q(section__in=sections_asked(by))),
        (TrainingSession.people, Q(user__in=asked_staff(by, today=today))),
    ):
        rows = invited.through.objects.filter(trainingsession=OuterRef("pk"))
        inside |= Q(Exists(rows.filter(held)))
        outside |= Q(Exists(rows.exclude(held)))
    return TrainingSession.objects.filter(own | (inside & ~outside))


def sessions_seen(viewer: User, *, today: date) -> "QuerySet[TrainingSession]":
    """Return the sessions `viewer` keeps, is invited to or was at, and those held for people they watch."""
    if any(grant.is_for_centre for grant in permissions.grants_held(viewer, WATCHERS)):
        return TrainingSession.objects.all()
    held = departments_held(viewer)
    above = {path for one in held for path in _above(one.path, one.steplen)}
    sections = permissions.sections_held(viewer, WATCHERS)
    seen = (
        Q(departments__in=held)
        | Q(departments__path__in=above)
        | Q(sections__in=sections)
        | Q(people__in=watched_staff(viewer, today=today))
    )
    kept = sessions_kept(viewer, today=today)
    found = TrainingSession.objects.filter(seen | invited_to(viewer, today=today) | Q(attendances__person=viewer))
    return TrainingSession.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=kept.values("pk")))


def invited_to(person: User, *, today: date) -> Q:
    """Return the condition on sessions that invite the person, by name or with a part of the centre (one query)."""
    then = (Q(postings__until=None) | Q(postings__until__gte=today)) & Q(postings__starts_on__lte=today)
    rows = User.objects.filter(pk=person.pk).annotate(post=FilteredRelation("postings", condition=then))
    places = rows.values_list("department__path", "post__department__path", "post__section")
    paths: set[str] = set()
    sections: set[int] = set()
    for home, lent_to, section in places:
        paths |= {part for path in (home, lent_to) if path for part in (path, *_above(path, Department.steplen))}
        sections |= {section} if section else set()
    return Q(people=person) | Q(departments__path__in=paths) | Q(sections__in=sections)


def _above(path: str, step: int) -> list[str]:
    return [path[:end] for end in range(step, len(path), step)]
