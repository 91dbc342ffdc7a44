"""The register of impact assessments, on screen and as a table."""

from collections.abc import Iterable, Iterator

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.accountability.models import ImpactAssessment

ORDER = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(ImpactAssessment.State.values)))
SHOWN = ("title", "cause", "processed", "purpose", "risks", "measures", "assessed_by", "assessed_on", "review_on")


def register() -> "QuerySet[ImpactAssessment]":
    """Return drafts first, then what is in force, then what has ended; the latest assessed first."""
    return ImpactAssessment.objects.order_by(ORDER, "-assessed_on", "-pk")


def register_rows(assessments: Iterable[ImpactAssessment]) -> Iterator[list[object]]:
    """Yield the headings and a row for each assessment."""
    named = [str(ImpactAssessment._meta.get_field(name).verbose_name) for name in SHOWN]
    ended = pgettext("impact assessment", "Ended on")
    yield [_("Number"), *named, _("State"), pgettext("impact assessment", "In force from"), ended]
    for one in assessments:
        facts = [one.get_cause_display() if name == "cause" else getattr(one, name) for name in SHOWN]
        yield [one.pk, *facts, one.get_state_display(), one.in_force_from, one.ended_on]
