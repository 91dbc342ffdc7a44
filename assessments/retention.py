"""How long practice is kept, and answers changed before the paper was handed in. Results and last answers stay."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from training.lib.retention import Kept

from .models import PracticeRun, Response


def kinds() -> Iterator[Kept]:
    """Yield drafts of answers and practice; the results and what was handed in are kept without end."""
    yield Kept(
        name="answer-drafts",
        title=_("Drafts of answers in exams"),
        what=_("Answers that were changed before the paper was handed in. What was handed in, and results, stay."),
        usual=24,
        least=6,
        column="saved_at",
        old=drafts,
        by_law=_("So long somebody may object to a result."),
    )
    yield Kept(
        name="practice",
        title=_("Practice"),
        what=_("What somebody practised and how it went. It counts for nothing, and nobody else sees it."),
        usual=12,
        least=1,
        column="started_at",
        old=practised,
    )


def drafts(before: datetime) -> "QuerySet[Response]":
    """Return the answers of papers handed in before the moment that a later answer took the place of."""
    later = Response.objects.filter(attempt_item=OuterRef("attempt_item"), revision__gt=OuterRef("revision"))
    return Response.objects.filter(Exists(later), attempt_item__attempt__finished_at__lt=before)


def practised(before: datetime) -> "QuerySet[PracticeRun]":
    """Return the practice begun before the moment."""
    return PracticeRun.objects.filter(started_at__lt=before)
