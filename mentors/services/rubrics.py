"""Writing rubrics: what observers look at, by which steps, resting on which clauses."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mentors.models import Criterion, CriterionCitation, ObservationRating, Rubric, SessionRating
from training.competencies.models import Competency
from training.lib.texts import Texts
from training.matters.models import ClauseVersion
from training.operations.services import record
from training.people.models import User

from .errors import CoachingError


@transaction.atomic
def make_rubric(
    *, code: str, name: Texts, description: Texts, competency: Competency, by: User, at: datetime
) -> Rubric:
    """Write a new rubric; criteria come one by one. Raises `CoachingError` when the code is taken."""
    if Rubric.objects.filter(code=code).exists():
        raise CoachingError(_("Another rubric has this code."))
    rubric = Rubric.objects.create(code=code, name=name, description=description, competency=competency)
    record(action="mentors.rubric_made", by=by, subject=rubric, at=at, after=_rubric(rubric))
    return rubric


@transaction.atomic
def change_rubric(
    *, rubric: Rubric, name: Texts, description: Texts, competency: Competency, by: User, at: datetime
) -> Rubric:
    """Change what a rubric is called and which competency it is evidence for.

    Raises `CoachingError` for another competency once somebody was observed by it: evidence stays where it is.
    """
    rubric = Rubric.objects.select_for_update(of=("self",)).get(pk=rubric.pk)
    if competency.pk != rubric.competency_id and rubric.observations.exists():
        raise CoachingError(_("People were observed by this rubric: it stays with its competency. Write another one."))
    before = _rubric(rubric)
    rubric.name, rubric.description, rubric.competency = name, description, competency
    rubric.save()
    if (after := _rubric(rubric)) != before:
        record(action="mentors.rubric_changed", by=by, subject=rubric, at=at, before=before, after=after)
    return rubric


@transaction.atomic
def add_criterion(
    *,
    rubric: Rubric,
    code: str,
    name: Texts,
    chip: Texts,
    anchors: Mapping[str, Texts],
    clauses: Collection[ClauseVersion],
    by: User,
    at: datetime,
) -> Criterion:
    """Add a criterion at the end of a rubric. Raises `CoachingError` when the rubric has one of this code."""
    rubric = Rubric.objects.select_for_update(of=("self",)).get(pk=rubric.pk)
    if rubric.criteria.filter(code=code).exists():
        raise CoachingError(_("Another criterion of this rubric has this code."))
    place = (rubric.criteria.aggregate(last=Max("position"))["last"] or 0) + 1
    row = Criterion.objects.create(
        rubric=rubric, code=code, name=name, chip=chip, anchors=dict(anchors), position=place
    )
    _cite(row, clauses)
    record(action="mentors.criterion_added", by=by, subject=row, at=at, after=_criterion(row))
    return row


@transaction.atomic
def change_criterion(
    *,
    criterion: Criterion,
    name: Texts,
    chip: Texts,
    anchors: Mapping[str, Texts],
    clauses: Collection[ClauseVersion],
    by: User,
    at: datetime,
) -> Criterion:
    """Change a criterion and the clauses it looks at.

    Raises `CoachingError` for other steps once somebody was rated by it: what was seen then is told by these words.
    """
    row = Criterion.objects.select_for_update(of=("self",)).get(pk=criterion.pk)
    if row.anchors != dict(anchors) and is_rated(row):
        raise CoachingError(
            _("People were rated by these steps: they stay as they are. Add another criterion instead.")
        )
    before = _criterion(row)
    row.name, row.chip, row.anchors = name, chip, dict(anchors)
    row.save()
    _cite(row, clauses)
    if (after := _criterion(row)) != before:
        record(action="mentors.criterion_changed", by=by, subject=row, at=at, before=before, after=after)
    return row


def is_rated(criterion: Criterion) -> bool:
    """Tell whether somebody was rated by the criterion, in an observation or a coaching session."""
    rated = (kind.objects.filter(criterion=criterion).exists() for kind in (ObservationRating, SessionRating))
    return any(rated)


def _cite(criterion: Criterion, clauses: Collection[ClauseVersion]) -> None:
    """Let the criterion rest on these clauses; of one chosen in two wordings the newer counts."""
    chosen = {clause.clause_id: clause for clause in sorted(clauses, key=lambda one: one.number)}
    wanted = {clause.pk for clause in chosen.values()}
    criterion.citations.exclude(clause_version__in=wanted).delete()
    known = set(criterion.citations.values_list("clause_version", flat=True))
    CriterionCitation.objects.bulk_create(
        CriterionCitation(criterion=criterion, clause_version_id=clause) for clause in sorted(wanted - known)
    )


def _rubric(rubric: Rubric) -> dict[str, Any]:
    return {"name": rubric.name, "description": rubric.description, "competency": rubric.competency.code}


def _criterion(row: Criterion) -> dict[str, Any]:
    rows = row.citations.select_related("clause_version__clause__policy")
    versions = [one.clause_version for one in rows]
    cited = sorted(f"{one.clause.policy.slug} {one} ({one.number})" for one in versions)
    return {"rubric": row.rubric.code, "name": row.name, "chip": row.chip, "anchors": row.anchors, "clauses": cited}
