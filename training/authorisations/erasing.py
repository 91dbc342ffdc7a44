"""What becomes of the ledger when somebody is made anonymous: it stays, and says of nobody who they were."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.erasing import FORGOTTEN, Identity, Kind, acts, emptied, renamed, stays
from training.people.models import User

from .models import Authorisation, Suspension
from .personal import ACTS


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield what they might handle, why that was suspended, and the entries of others that name them."""
    own = Authorisation.objects.filter(person=person)
    yield stays("authorisations", _("Authorisations"), own, "authorisations.Authorisation.person")
    suspended = Suspension.objects.filter(authorisation__person=person)
    yield emptied("suspensions", _("Suspended authorisations"), suspended, reason=FORGOTTEN)
    texts = ("decided_by", "evidence_pack", "source_label")
    entries = Authorisation.objects.all()
    yield renamed("authorisations-naming", _("Authorisations that name them"), identity, entries, *texts)
    written = Suspension.objects.filter(by=person)
    yield renamed("suspensions-naming", _("Suspensions that name them"), identity, written, "reason")
    yield acts(person, *ACTS)
