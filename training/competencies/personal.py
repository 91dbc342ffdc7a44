"""What this app keeps about a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

ACTS = ("competencies.Evidence.assessor",)


def parts(person: User) -> Iterator[Part]:
    """Yield evidence and where they stand by it."""
    yield Part(
        "evidence",
        _("Evidence"),
        person.evidence.select_related("competency", "assessor").order_by("observed_on", "pk"),
        {
            "observed_on": _("Day"),
            "competency": _("Competency"),
            "kind": _("Kind"),
            "source_label": _("Source"),
            "assessor": _("Assessor"),
            "value": _("Measured value"),
            "variance": _("Variance"),
            "voided_at": _("Voided on"),
            "void_reason": _("Reason"),
        },
        ("competencies.Evidence.person",),
    )
    yield Part(
        "proficiency",
        _("Competencies"),
        person.proficiencies.select_related("competency").order_by("competency__code"),
        {
            "competency": _("Competency"),
            "as_of": _("As of"),
            "level": _("Level"),
            "confirmed_level": _("Confirmed level"),
            "mean": _("Measured value"),
            "variance": _("Variance"),
            "evidence_count": _("Pieces of evidence"),
        },
        ("competencies.Proficiency.person",),
    )
