"""What becomes of certificates when somebody is made anonymous: they can still be checked, by whoever has the paper."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.erasing import FORGOTTEN, Fate, Identity, Kind, acts, emptied, renamed
from training.people.models import User

from .models import Certificate, Revocation
from .personal import ACTS
from .services import forget_holder


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield their certificates, why some were to be revoked, and the certificates of others that name them."""
    yield Kind(
        "certificates",
        _("Certificates"),
        Fate.EMPTIED,
        _("Name, PDF and code go. Whoever holds the paper can still check it, and compare the name by typing it in."),
        Certificate.objects.filter(holder=person).count,
        ("certificates.Certificate.holder",),
        lambda: forget_holder(holder=person),
    )
    about = Revocation.objects.filter(certificate__holder=person)
    yield emptied("revocations", _("Why certificates were to be revoked"), about, reason=FORGOTTEN)
    others = Certificate.objects.exclude(holder=person)
    yield renamed("certificates-earned", _("What others earned a certificate by"), identity, others, "earned_by")
    yield Kind(
        "certificates-naming",
        _("Certificates of others"),
        Fate.STAYS,
        _("Signatories and teachers stay as they were printed: else those papers could not be checked."),
        lambda: sum(1 for _key in identity.naming(others, ["facts"])),
    )
    yield acts(person, *ACTS)
