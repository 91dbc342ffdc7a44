"""What becomes of evidence when somebody is made anonymous: it stays, for no figure is worked out without it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from training.lib.erasing import FORGOTTEN, Identity, Kind, acts, emptied, renamed, stays
from training.people.models import User

from .models import Evidence, Proficiency
from .personal import ACTS


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield evidence and where they stand by it."""
    yield stays("evidence", _("Evidence"), Evidence.objects.filter(person=person), "competencies.Evidence.person")
    standing = Proficiency.objects.filter(person=person)
    yield stays("proficiency", _("Competencies"), standing, "competencies.Proficiency.person")
    voided = Evidence.objects.filter(person=person).exclude(void_reason="")
    yield emptied("void-reasons", _("Why evidence was voided"), voided, void_reason=FORGOTTEN)
    either = Evidence.objects.filter(Q(person=person) | Q(assessor=person))
    texts = ("source_label", "void_reason")
    yield renamed("evidence-naming", _("Evidence that names them"), identity, either, *texts)
    yield acts(person, *ACTS)
