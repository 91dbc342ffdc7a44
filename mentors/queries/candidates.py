"""Who could be paired in a round: mentees and teachers, as the rules take them, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from mentors import permissions, rules
from mentors.models import Mentorship, PairingRound, Teacher
from training.authorisations.models import Authorisation, Entrustment
from training.competencies.models import Proficiency, Target
from training.matters.models import WindowMatter
from training.people.models import Department, Posting, Role, RoleGrant

TOP_LEVEL = 5
MAY_TEACH = Entrustment.DISTANT
"""Whoever handles a matter alone may teach it."""
HOLDS = Entrustment.INDIRECT
"""Whoever handles a matter alone within call of a teacher need not learn it in a round."""


@dataclass(frozen=True)
class Candidates:
    """Both sides of a round, by the ids of their people."""

    mentees: list[rules.Mentee]
    teachers: list[rules.Teacher]


def candidates(pairing_round: PairingRound, *, today: date) -> Candidates:
    """Return who needs a teacher in this round, and everybody appointed to be one.

    A mentee stands at a window that serves one of the round's matters, is not authorised for it, holds a position that
    asks for competencies, and has no teacher now. Mentees and their teachers are named by the ids of people.
    """
    postings = _postings_in_need(pairing_round, today)
    lacking = _matters_lacking(postings, pairing_round, today)
    chosen = [posting for posting in postings if lacking[posting.person_id]]
    teachers = list(Teacher.objects.appointed_on_day(today).select_related("person").order_by("pk"))
    places = _places({teacher.person_id for teacher in teachers}, today)
    return Candidates(_mentees(chosen, lacking, teachers, today), _teachers(teachers, places, pairing_round, today))


def _postings_in_need(pairing_round: PairingRound, today: date) -> list[Posting]:
    departments = Department.objects.all()
    if pairing_round.department is not None:
        departments = Department.objects.within([pairing_round.department.path])
    windows = WindowMatter.objects.on(today).filter(matter__in=pairing_round.matters.all())
    teaching = Teacher.objects.appointed_on_day(today).values("person")
    coached = Mentorship.objects.running().values("mentee")
    asked = Target.objects.on(today).values("position")
    found = Posting.objects.on(today).filter(
        person__in=permissions.staff_of(departments, today=today).active().values("pk"),
        window__in=windows.values("window"),
        position__in=asked,
    )
    found = found.exclude(person__in=teaching).exclude(person__in=coached)
    return list(found.select_related("person__department", "department", "section").order_by("person__staff_number"))


def _matters_lacking(postings: list[Posting], pairing_round: PairingRound, today: date) -> dict[int, set[int]]:
    """Return {person: matters of the round their window serves and they may not yet handle alone}."""
    wanted = set(pairing_round.matters.values_list("pk", flat=True))
    served: dict[int, set[int]] = defaultdict(set)
    rows = WindowMatter.objects.on(today).filter(matter__in=wanted)
    for window, matter in rows.values_list("window_id", "matter_id"):
        served[window].add(matter)
    held: dict[int, set[int]] = defaultdict(set)
    for person, matter in _authorised(wanted, HOLDS, today):
        held[person].add(matter)
    lacking: dict[int, set[int]] = defaultdict(set)
    for posting in postings:
        lacking[posting.person_id] |= served[posting.window_id or 0] - held[posting.person_id]
    return lacking


def _authorised(matters: set[int], entrustment: int, today: date) -> "QuerySet[Authorisation, tuple[int, int]]":
    rows = Authorisation.objects.effective_on(today).filter(matter__in=matters, entrustment__gte=entrustment)
    return rows.values_list("person_id", "matter_id")


def _mentees(
    postings: list[Posting], lacking: dict[int, set[int]], teachers: list[Teacher], today: date
) -> list[rules.Mentee]:
    gaps = _gaps(postings, today)
    heads = _heads({teacher.person_id for teacher in teachers}, today)
    failed = _failed_with({posting.person_id for posting in postings})
    unique = {posting.person_id: posting for posting in postings}
    return [
        rules.Mentee(
            ident=person,
            matters=frozenset(lacking[person]),
            gaps=gaps[person],
            hall=posting.section.hall_id if posting.section else None,
            # The roster is not known yet: the section, a row of windows, stands for the window.
            window=posting.section_id,
            business_line=posting.department_id,
            languages=frozenset({posting.person.language}),
            chain_of_command=frozenset(_above(posting, heads)),
            failed_with=frozenset(failed[person]),
        )
        for person, posting in unique.items()
    ]


def _gaps(postings: list[Posting], today: date) -> dict[int, dict[Hashable, float]]:
    """Return {person: {competency: levels short of what the position asks for}}."""
    people = {posting.person_id for posting in postings}
    levels = _levels(people, today)
    targets: dict[int, dict[int, int]] = defaultdict(dict)
    positions = {posting.position_id for posting in postings}
    for position, competency, level in (
        Target.objects.on(today).filter(position__in=positions).values_list("position_id", "competency_id", "level")
    ):
        targets[position][competency] = level
    return {
        posting.person_id: {
            competency: level - levels[posting.person_id].get(competency, 0)
            for competency, level in targets[posting.position_id].items()
            if level > levels[posting.person_id].get(competency, 0)
        }
        for posting in postings
    }


def _levels(people: Iterable[int], today: date) -> dict[int, dict[int, int]]:
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    for row in Proficiency.objects.filter(person__in=set(people)):
        levels[row.person_id][row.competency_id] = row.level_on(today)
    return levels


def _heads(teachers: set[int], today: date) -> list[RoleGrant]:
    """Return the grants by which teachers head departments and sections."""
    grants = RoleGrant.objects.in_force(today).filter(person__in=teachers, role=Role.HEAD)
    return list(grants.select_related("department"))


def _above(posting: Posting, heads: list[RoleGrant]) -> set[int]:
    """Return the people who head the department somebody is posted to or belongs to, or the section they stand in."""
    own = [posting.department.path, *([posting.person.department.path] if posting.person.department else [])]
    return {
        grant.person_id
        for grant in heads
        if grant.is_for_centre
        or (grant.section_id and grant.section_id == posting.section_id)
        or (grant.department and any(path.startswith(grant.department.path) for path in own))
    }


def _failed_with(people: set[int]) -> dict[int, set[int]]:
    failed: dict[int, set[int]] = defaultdict(set)
    outcomes = (Mentorship.Outcome.DECLINED, Mentorship.Outcome.BROKEN_OFF)
    rows = Mentorship.objects.filter(mentee__in=people, outcome__in=outcomes)
    for mentee, teacher in rows.values_list("mentee_id", "teacher__person_id"):
        failed[mentee].add(teacher)
    return failed


def _places(people: set[int], today: date) -> dict[int, Posting]:
    rows = Posting.objects.on(today).filter(person__in=people).select_related("section")
    return {row.person_id: row for row in rows}


def _teachers(
    teachers: list[Teacher], places: dict[int, Posting], pairing_round: PairingRound, today: date
) -> list[rules.Teacher]:
    people = {teacher.person_id for teacher in teachers}
    levels = _levels(people, today)
    matters = _taught(teachers, pairing_round, today)
    load, record = _track_record(teachers)
    made = []
    for teacher in teachers:
        person = teacher.person_id
        place = places.get(person)
        made.append(
            rules.Teacher(
                ident=person,
                free=max(teacher.capacity - load[teacher.pk], 0),
                load=load[teacher.pk],
                active=teacher.person.is_active,
                matters=frozenset(matters[person]),
                strengths={competency: level / TOP_LEVEL for competency, level in levels[person].items()},
                hall=place.section.hall_id if place and place.section else None,
                window=place.section_id if place else None,
                business_line=place.department_id if place else None,
                languages=frozenset({teacher.person.language}),
                record=record[teacher.pk],
            )
        )
    return made


def _taught(teachers: list[Teacher], pairing_round: PairingRound, today: date) -> dict[int, set[int]]:
    """Return {person: matters of the round they may teach}: appointed for it, or handling it alone."""
    wanted = set(pairing_round.matters.values_list("pk", flat=True))
    people = {teacher.pk: teacher.person_id for teacher in teachers}
    taught: dict[int, set[int]] = defaultdict(set)
    links = Teacher.matters.through.objects.filter(teacher__in=people, servicematter__in=wanted)
    for teacher, matter in links.values_list("teacher_id", "servicematter_id"):
        taught[people[teacher]].add(matter)
    for person, matter in _authorised(wanted, MAY_TEACH, today).filter(person__in=set(people.values())):
        taught[person].add(matter)
    return taught


def _track_record(teachers: list[Teacher]) -> tuple[Counter[int], dict[int, float]]:
    """Return {teacher: mentees now} and {teacher: share of pairs that were completed}, one of two where none ended.

    One completed and one failed pair are taken as given, so that a single pair says little.
    """
    load: Counter[int] = Counter()
    ended: Counter[tuple[int, bool]] = Counter()
    for teacher, outcome in Mentorship.objects.filter(teacher__in=teachers).values_list("teacher_id", "outcome"):
        if not outcome:
            load[teacher] += 1
        elif outcome != Mentorship.Outcome.DECLINED:
            ended[teacher, outcome == Mentorship.Outcome.COMPLETED] += 1
    record = {
        teacher.pk: (ended[teacher.pk, True] + 1) / (ended[teacher.pk, True] + ended[teacher.pk, False] + 2)
        for teacher in teachers
    }
    return load, record
