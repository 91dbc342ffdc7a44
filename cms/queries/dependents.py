"""Who depends on a clause: what is taught, asked, handled and observed by it, and who is authorised for that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from assessments.models import Exam
from training.authorisations.models import Authorisation
from training.lib.texts import text_in
from training.matters.models import Clause, LegalBasis, MatterVersion
from training.matters.queries import CitationState, with_citation_state
from training.people.models import Role, User
from training.people.permissions import visible_staff

from .citing import CRITERION, ITEM, LESSON, MATTER, Citing, citing, item_citations

MOST_NAMES = 100


@dataclass(frozen=True)
class Dependents:
    """What rests on one clause, as far as a viewer may know it.

    `items` are counted for everybody, by bank, and told by their code to examiners alone; so are exams. `people` are
    those authorised today for one of the matters: all counted, named as far as the viewer sees their record.
    """

    clause: Clause
    lessons: Sequence[Citing]
    items: Sequence[Citing]
    items_count: int
    items_stale: int
    exams: Sequence[tuple[str, str]]
    exams_count: int
    matters: Sequence[Citing]
    people_count: int
    people: Sequence[User]
    criteria: Sequence[Citing]

    @property
    def is_empty(self) -> bool:
        return not (self.lessons or self.items_count or self.matters or self.criteria)


def dependents_of(clause: Clause, viewer: User, today: date) -> Dependents:
    """Return what rests on a clause: the same number of queries however much it is."""
    rows = citing(viewer, clause=clause.pk)
    is_examiner = Role.EXAMINER in viewer.role_names
    items = with_citation_state(item_citations().order_by()).filter(clause_version__clause=clause)
    banks = list(items.values_list("item_version__item__bank", flat=True))
    counted = items.aggregate(
        n=Count("item_version__item", distinct=True),
        old=Count("item_version__item", distinct=True, filter=Q(state__in=(CitationState.GONE, CitationState.STALE))),
    )
    exams = list(Exam.objects.filter(bank__in=banks).order_by("code"))
    matters = LegalBasis.objects.filter(clause_version__clause=clause).values("matter")
    frozen = MatterVersion.objects.filter(clauses__clause=clause, matter__live=True).values("matter")
    holders = (
        Authorisation.objects.effective_on(today).filter(Q(matter__in=matters) | Q(matter__in=frozen)).values("person")
    )
    seen = visible_staff(viewer, today=today).filter(pk__in=holders).order_by("staff_number")
    return Dependents(
        clause=clause,
        lessons=[row for row in rows if row.kind == LESSON],
        items=[row for row in rows if row.kind == ITEM],
        items_count=counted["n"],
        items_stale=counted["old"],
        exams=[(exam.code, text_in(exam.title)) for exam in exams] if is_examiner else [],
        exams_count=len(exams),
        matters=[row for row in rows if row.kind == MATTER],
        people_count=User.objects.filter(pk__in=holders).count(),
        people=list(seen[:MOST_NAMES]),
        criteria=[row for row in rows if row.kind == CRITERION],
    )
