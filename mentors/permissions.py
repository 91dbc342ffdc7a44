"""Who may see a mentorship, read its notes, log, observe, and decide."""

from datetime import date

from django.db.models import F, Q, QuerySet

from training.people import permissions as people
from training.people.models import Department, Role, User
from training.people.models.staff import UserQuerySet

from .models import EntrustmentCase, EntrustmentDecision, Mentorship, Observation, PairingRound
from .models.pairing import MentorshipQuerySet

# Roles whose holders observe, open sign-offs and decide on the staff they oversee.
DECIDERS = frozenset({Role.HEAD, Role.HR, Role.DIRECTOR})
# Roles whose holders run pairing rounds over the departments they hold the role over, and end mentorships there.
PAIRERS = frozenset({Role.HR, Role.DIRECTOR})
# Roles whose holders write rubrics, which are the whole centre's.
RUBRIC_KEEPERS = frozenset({Role.HR, Role.EXAMINER})


def may_keep_rubrics(viewer: User) -> bool:
    """Tell whether `viewer` writes rubrics: examiners, and HR of the whole centre."""
    grants = people.grants_held(viewer, RUBRIC_KEEPERS)
    return any(grant.is_for_centre or grant.role == Role.EXAMINER for grant in grants)


def visible_mentorships(viewer: User, *, today: date) -> MentorshipQuerySet:
    """Return the mentorships `viewer` may open: as teacher, mentee, on the panel of an open case, by oversight."""
    overseen = people.overseen_staff(viewer, today=today).values("pk")
    return Mentorship.objects.filter(
        Q(mentee=viewer)
        | Q(teacher__person=viewer)
        | Q(pk__in=_mentorships_on_panel(viewer).values("pk"))
        | Q(mentee__in=overseen)
    )


def reads_notes(viewer: User, mentorship: Mentorship) -> bool:
    """Tell whether `viewer` reads what was said in coaching: mentee, teacher, panel of an open case; nobody else."""
    if viewer.pk in (mentorship.mentee_id, mentorship.teacher.person_id):
        return True
    return _mentorships_on_panel(viewer).filter(pk=mentorship.pk).exists()


def visible_cases(viewer: User, *, today: date) -> "QuerySet[EntrustmentCase]":
    """Return the sign-offs `viewer` may open: those of visible mentorships, and those they decided on."""
    visible = visible_mentorships(viewer, today=today).values("pk")
    # A condition on a joined table would repeat rows.
    decided = EntrustmentDecision.objects.filter(decider=viewer).values("case")
    return EntrustmentCase.objects.filter(Q(mentorship__in=visible) | Q(pk__in=decided))


def visible_observations(viewer: User, *, today: date) -> "QuerySet[Observation]":
    """Return the observations `viewer` may open: of themselves, by themselves, of staff whose record they may see."""
    visible = people.visible_staff(viewer, today=today).values("pk")
    return Observation.objects.filter(Q(person__in=visible) | Q(observer=viewer))


def oversees(viewer: User, person: User, *, today: date) -> bool:
    """Tell whether `viewer` is head, HR or director over the person."""
    return held_over(viewer, DECIDERS, today=today).filter(pk=person.pk).exists()


def may_end(viewer: User, mentorship: Mentorship, *, today: date) -> bool:
    """Tell whether `viewer` may break the mentorship off: HR or director over the mentee."""
    return held_over(viewer, PAIRERS, today=today).filter(pk=mentorship.mentee_id).exists()


def may_observe(viewer: User, mentorship: Mentorship, *, today: date) -> bool:
    """Tell whether `viewer` may record an observation of the mentee: the teacher, the panel, heads and HR over them."""
    if viewer.pk == mentorship.mentee_id:
        return False
    if viewer.pk == mentorship.teacher.person_id:
        return True
    return _mentorships_on_panel(viewer).filter(pk=mentorship.pk).exists() or oversees(
        viewer, mentorship.mentee, today=today
    )


def may_open_case(viewer: User, mentorship: Mentorship, *, today: date) -> bool:
    """Tell whether `viewer` may propose a sign-off: the teacher, heads and HR over the mentee."""
    if viewer.pk == mentorship.mentee_id:
        return False
    return viewer.pk == mentorship.teacher.person_id or oversees(viewer, mentorship.mentee, today=today)


def may_decide(viewer: User, case: EntrustmentCase, *, today: date) -> bool:
    """Tell whether `viewer` may decide on the case: its panel, heads and HR over the mentee, never the mentee."""
    mentee = case.mentorship.mentee
    if viewer.pk == mentee.pk or not viewer.is_active:
        return False
    return case.panel.filter(person=viewer).exists() or oversees(viewer, mentee, today=today)


def possible_deciders(mentorship: Mentorship, *, today: date) -> UserQuerySet:
    """Return who may be asked to decide beside the teacher: heads and HR over the mentee, other career teachers."""
    paths = _department_paths(mentorship.mentee, today)
    sections = mentorship.mentee.postings.on(today).values("section")
    above = Q(role_grants__department=None, role_grants__section=None) | Q(role_grants__section__in=sections)
    for path in paths:
        above |= Q(role_grants__department__path__in=_ancestors(path))
    in_force = Q(role_grants__starts_on__lte=today) & (Q(role_grants__until=None) | Q(role_grants__until__gte=today))
    roles = Q(role_grants__role__in=DECIDERS) & above | Q(role_grants__role=Role.TEACHER)
    found = User.objects.active().filter(in_force & roles)
    return found.exclude(pk__in=[mentorship.mentee_id, mentorship.teacher.person_id]).distinct()


def heads_over(person: User, *, today: date) -> UserQuerySet:
    """Return the heads over the departments the person belongs or is posted to, the nearest first, then the section's.

    The section's are those of the hall sections the person is posted or lent to.
    """
    sections = person.postings.on(today).exclude(section=None).values("section")
    paths = {step for path in _department_paths(person, today) for step in _ancestors(path)}
    grants = Q(role_grants__role=Role.HEAD, role_grants__starts_on__lte=today) & (
        Q(role_grants__until=None) | Q(role_grants__until__gte=today)
    )
    over = Q(role_grants__department__path__in=paths) | Q(role_grants__section__in=sections)
    found = User.objects.active().filter(grants, over).exclude(pk=person.pk)
    return found.order_by(F("role_grants__department__depth").desc(nulls_last=True), "pk")


def visible_rounds(viewer: User) -> "QuerySet[PairingRound]":
    """Return the rounds over departments that `viewer` holds as HR or director; those of the centre need the centre."""
    held = people.departments_held(viewer, PAIRERS)
    if holds_centre(viewer):
        return PairingRound.objects.all()
    return PairingRound.objects.filter(department__in=held)


def holds_centre(viewer: User) -> bool:
    """Tell whether `viewer` is HR or director of the whole centre."""
    return any(grant.is_for_centre for grant in people.grants_held(viewer, PAIRERS))


def may_appoint(viewer: User) -> bool:
    """Tell whether `viewer` may give the role of career teacher, which is held over the whole centre."""
    return people.may_give(viewer, Role.TEACHER, None)


def held_over(viewer: User, roles: frozenset[Role], *, today: date) -> UserQuerySet:
    """Return the staff over whom `viewer` holds any of the roles, by department or by hall section."""
    return User.objects.filter(people.held_over(viewer, roles, today=today))


def staff_of(departments: "QuerySet[Department]", *, today: date) -> UserQuerySet:
    """Return who belongs to the departments or is posted there today."""
    running = Q(postings__starts_on__lte=today) & (Q(postings__until=None) | Q(postings__until__gte=today))
    posted = User.objects.filter(running, postings__department__in=departments).values("pk")
    return User.objects.filter(Q(department__in=departments) | Q(pk__in=posted))


def _mentorships_on_panel(viewer: User) -> MentorshipQuerySet:
    """Return the mentorships with an open case on whose panel `viewer` sits."""
    cases = EntrustmentCase.objects.filter(state=EntrustmentCase.State.OPEN, panel__person=viewer)
    return Mentorship.objects.filter(pk__in=cases.values("mentorship"))


def _department_paths(person: User, today: date) -> set[str]:
    posted = person.postings.on(today).values_list("department__path", flat=True)
    home = [person.department.path] if person.department else []
    return {*posted, *home}


def _ancestors(path: str) -> list[str]:
    """Return the tree path and those of all departments above it."""
    step = Department.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]
