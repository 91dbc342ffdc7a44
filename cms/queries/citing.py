"""Everything that cites clauses, as one kind of row: lessons, items, service matters, criteria of rubrics."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from assessments.models import Item, ItemCitation, ItemVersion
from cms.models import LessonPage
from courses.models import CourseVersion, UnitCitation
from mentors.models import CriterionCitation
from training.lib.texts import text_in
from training.matters.models import LegalBasis, PolicyVersion, ServiceMatter
from training.matters.queries import CitationState, clause_address, with_citation_state
from training.people.models import Centre, Role, User

LESSON, ITEM, MATTER, CRITERION = "lesson", "item", "matter", "criterion"
USED = Q(item_version__item__state__in=[state for state in Item.State if state != Item.State.RETIRED])


@dataclass(frozen=True)
class Citing:
    """One thing that cites one clause: what it is, where it belongs, who keeps it, where it is read and mended."""

    kind: str
    name: str
    within: str
    owner: str
    state: str
    clause: str
    clause_url: str
    policy: str
    url: str
    mend_url: str

    @property
    def is_stale(self) -> bool:
        return self.state in (CitationState.GONE, CitationState.STALE)

    @property
    def state_label(self) -> str:
        return str(CitationState(self.state).label)


def citing(viewer: User, *, clause: int | None = None, only_old: bool = False) -> list[Citing]:
    """Return what cites clauses, or the `clause` of that id, as far as `viewer` may know it by name.

    `only_old` keeps what reads differently now. Items are told to examiners alone. A query for each kind, whatever
    there is of it, and one for the pages of lessons.
    """
    readers: list[Callable[[], QuerySet[Any]]] = [_lessons, _matters, _criteria]
    tellers: dict[Any, Callable[[Any], Citing]] = {_lessons: _lesson, _matters: _matter, _criteria: _criterion}
    if Role.EXAMINER in viewer.role_names:
        readers.insert(1, item_citations)
        tellers[item_citations] = _item
    found = []
    for rows in readers:
        told = _told(rows(), clause=clause, only_old=only_old)
        found += [tellers[rows](row) for row in told]
    return list(_with_pages(found))


def old_in_lesson(page: LessonPage) -> list[Citing]:
    """Return what a lesson cites, as last published, that reads differently now."""
    return [
        _lesson(row) for row in _told(_lessons().filter(unit_version__unit__uid=page.translation_key), only_old=True)
    ]


def old_in_matter(matter: ServiceMatter) -> list[Citing]:
    """Return what a service matter rests on that reads differently now."""
    return [_matter(row) for row in _told(_matters().filter(matter=matter.pk), only_old=True)]


def _told(rows: "QuerySet[Any]", *, clause: int | None = None, only_old: bool = False) -> "QuerySet[Any]":
    rows = with_citation_state(rows)
    if clause is not None:
        rows = rows.filter(clause_version__clause=clause)
    if only_old:
        rows = rows.exclude(state=CitationState.FRESH)
    newest = PolicyVersion.objects.filter(policy=OuterRef("clause_version__clause__policy")).order_by("-number")
    return rows.select_related("clause_version__clause__policy").annotate(
        policy_title=Subquery(newest.values("title")[:1])
    )


def item_citations() -> "QuerySet[ItemCitation]":
    """Return the citations of the newest version of each item that is not retired."""
    newer = ItemVersion.objects.filter(item=OuterRef("item_version__item"), number__gt=OuterRef("item_version__number"))
    rows = ItemCitation.objects.filter(USED).exclude(Exists(newer))
    return rows.select_related("item_version__item__bank").order_by("item_version__item__code")


def _lessons() -> "QuerySet[UnitCitation]":
    """Return the citations of the newest version of each course that is offered."""
    course = "unit_version__course_version"
    newer = CourseVersion.objects.filter(course=OuterRef(f"{course}__course"), number__gt=OuterRef(f"{course}__number"))
    rows = UnitCitation.objects.exclude(Exists(newer)).filter(**{f"{course}__course__is_offered": True})
    return rows.select_related(f"{course}__course", "unit_version__unit").order_by("pk")


def _matters() -> "QuerySet[LegalBasis]":
    return LegalBasis.objects.select_related("matter__department").order_by("matter__code")


def _criteria() -> "QuerySet[CriterionCitation]":
    return CriterionCitation.objects.select_related("criterion__rubric").order_by("criterion__rubric__code", "pk")


def _common(row: Any) -> dict[str, str]:
    clause = row.clause_version.clause
    return {
        "state": row.state,
        "clause": str(row.clause_version),
        "clause_url": clause_address(clause.policy.slug, clause.uid),
        "policy": text_in(row.policy_title),
    }


def _lesson(row: UnitCitation) -> Citing:
    unit, version = row.unit_version, row.unit_version.course_version
    url = reverse("courses:course", args=[version.course.slug])
    # the page that mends it is found for all lessons together
    facts = {"owner": "", "url": url, "mend_url": str(unit.unit.uid)}
    return Citing(kind=LESSON, name=text_in(unit.title), within=text_in(version.title), **facts, **_common(row))


def _item(row: ItemCitation) -> Citing:
    item = row.item_version.item
    url = reverse("assessments:item", args=[item.bank.code, item.code])
    mend = reverse("assessments:edit_item", args=[item.bank.code, item.code])
    bank = text_in(item.bank.name)
    return Citing(kind=ITEM, name=item.code, within=bank, owner=bank, url=url, mend_url=mend, **_common(row))


def _matter(row: LegalBasis) -> Citing:
    matter = row.matter
    mend = reverse("wagtailsnippets_matters_servicematter:edit", args=[matter.pk])
    url = reverse("matters:matter", args=[matter.code]) if matter.live else ""
    owner = text_in(matter.department.name)
    return Citing(kind=MATTER, name=str(matter), within=owner, owner=owner, url=url, mend_url=mend, **_common(row))


def _criterion(row: CriterionCitation) -> Citing:
    rubric = str(row.criterion.rubric)
    code = row.criterion.rubric.code
    url = f"{reverse('mentors:rubric', args=[code])}#{row.criterion.code}"
    mend = reverse("mentors:change_criterion", args=[code, row.criterion.code])
    facts = {"within": rubric, "owner": rubric, "url": url, "mend_url": mend}
    return Citing(kind=CRITERION, name=str(row.criterion), **facts, **_common(row))


def _with_pages(found: list[Citing]) -> Iterator[Citing]:
    """Yield the rows, each lesson with its page in the source language and whoever began it."""
    source = Centre.load().source_language
    keys = [row.mend_url for row in found if row.kind == LESSON]
    pages = LessonPage.objects.filter(translation_key__in=keys, locale__language_code=source).select_related("owner")
    by_key = {str(page.translation_key): page for page in pages}
    for row in found:
        if row.kind != LESSON:
            yield row
            continue
        page = by_key.get(row.mend_url)
        owner = page.owner.display_name if page and page.owner else ""
        mend = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page else ""
        yield replace(row, owner=owner, mend_url=mend)
