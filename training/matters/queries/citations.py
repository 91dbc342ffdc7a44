"""Whether what was cited still says what it said: asked in one way by everything that cites clauses."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, TextChoices, Value, When
from django.utils.translation import pgettext_lazy

from training.matters.models import ClauseVersion, Grade

from .policies import newest_clauses


class CitationState(TextChoices):
    """What became of a clause since it was cited: the worst first."""

    GONE = "gone", pgettext_lazy("cited clause", "gone")
    STALE = "stale", pgettext_lazy("cited clause", "stale")
    CHANGED = "changed", pgettext_lazy("cited clause", "reworded")
    FRESH = "fresh", pgettext_lazy("cited clause", "up to date")


def with_citation_state(citations: "QuerySet[Any]", path: str = "clause_version") -> "QuerySet[Any]":
    """Annotate each citation with its `state`; `path` is the way to the version it was checked against.

    Gone: the newest version of its policy has the clause no more. Stale: a later text asks to be trained again.
    Reworded: it reads differently, and nobody has to learn it anew.
    """
    newest = newest_clauses()
    standing = newest.filter(clause=OuterRef(f"{path}__clause"))
    same = newest.filter(pk=OuterRef(f"{path}__pk"))
    asked = ClauseVersion.objects.filter(
        clause=OuterRef(f"{path}__clause"), number__gt=OuterRef(f"{path}__number"), grade=Grade.RETRAIN
    )
    return citations.annotate(
        state=Case(
            When(~Exists(standing), then=Value(CitationState.GONE)),
            When(Exists(asked), then=Value(CitationState.STALE)),
            When(~Exists(same), then=Value(CitationState.CHANGED)),
            default=Value(CitationState.FRESH),
            output_field=CharField(),
        )
    )
