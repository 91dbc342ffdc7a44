"""What becomes of copies, erasures and the audit trail when somebody is made anonymous."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from training.lib.erasing import Fate, Identity, Kind, acts, renamed, stays
from training.people.models import User

from .models import Erasure, ImpactAssessment, PersonalCopy
from .services.assessments import TEXTS as ASSESSMENT_TEXTS
from .services.copies import discard


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield copies about them and for them, and the erasures."""
    copies = PersonalCopy.objects.filter(Q(person=person) | Q(asked_by=person))
    yield Kind(
        "copies",
        _("Copies of personal data"),
        Fate.GOES,
        _("Whoever wants one takes it before."),
        copies.count,
        ("accountability.PersonalCopy.person", "accountability.PersonalCopy.asked_by"),
        lambda: discard(copies),
    )
    why = _("That the person was made anonymous, when and by whom is the proof of it.")
    erasures = Erasure.objects.filter(person=person)
    yield stays("erasures", _("Erasures asked for"), erasures, "accountability.Erasure.person", why=why)
    yield renamed("erasure-reasons", _("Reasons of erasures"), identity, Erasure.objects.all(), "reason")
    assessments = ImpactAssessment.objects.all()
    yield renamed("assessments", _("Impact assessments"), identity, assessments, *ASSESSMENT_TEXTS)
    yield acts(person, "accountability.Erasure.asked_by", "accountability.Erasure.decided_by")
