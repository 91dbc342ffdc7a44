"""Who sees whose certificates, and who may ask to revoke them."""

from datetime import date

from django.db.models import Q

from training.people.models import Posting, Role, User
from training.people.permissions import departments_held, visible_staff

from .models import Certificate, CertificateQuerySet

REVOKERS = frozenset({Role.HR, Role.DIRECTOR, Role.ADMINISTRATOR})


def visible_certificates(viewer: User, *, today: date) -> CertificateQuerySet:
    """Return the viewer's own certificates and those of the staff they may see."""
    return Certificate.objects.filter(holder__in=visible_staff(viewer, today=today))


def revocable_certificates(viewer: User, *, today: date) -> CertificateQuerySet:
    """Return the certificates the viewer may ask to revoke or decide about: of staff of departments held as such.

    Whom somebody sees for another reason, as a mentor or as another department's head, does not count.
    """
    departments = departments_held(viewer, REVOKERS)
    posted = Posting.objects.on(today).filter(department__in=departments).values("person")
    return Certificate.objects.filter(Q(holder__department__in=departments) | Q(holder__in=posted))
