"""What this app keeps about a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

from .models import Suspension

ACTS = ("authorisations.Suspension.by",)


def parts(person: User) -> Iterator[Part]:
    """Yield what they may handle and may not."""
    yield Part(
        "authorisations",
        _("Authorisations"),
        person.authorisations.select_related("matter").order_by("starts_on", "pk"),
        {
            "matter": _("Service matter"),
            "entrustment": _("Entrustment"),
            "starts_on": _("First day"),
            "until": _("Last day"),
            "practised_on": _("Last handled"),
            "decided_by": _("Decided by"),
            "source_label": _("Source"),
            "evidence_pack": _("Evidence it was decided on"),
        },
        ("authorisations.Authorisation.person",),
    )
    yield Part(
        "suspensions",
        _("Suspended authorisations"),
        Suspension.objects.filter(authorisation__person=person).select_related("authorisation__matter", "by"),
        {
            "authorisation.matter": _("Service matter"),
            "reason": _("Reason"),
            "by": _("Who did it"),
            "starts_on": _("First day"),
            "until": _("Last day"),
        },
        (),
    )
