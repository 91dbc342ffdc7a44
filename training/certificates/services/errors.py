"""What can be in the way of revoking a certificate, in words for whoever tries."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RevocationError(Exception):
    """A revocation that is not asked for or not decided, and why."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class NotInForce(RevocationError):
    message = _("This certificate is revoked already.")


class AlreadyAskedFor(RevocationError):
    message = _("Somebody has asked to revoke this certificate already. A second person decides about it.")


class AlreadyDecided(RevocationError):
    message = _("This has been decided already.")


class NeedsSecondPerson(RevocationError):
    message = _("A second person must decide: neither who asked for it nor the holder of the certificate.")


class NameForgotten(Exception):
    """There is no PDF any more, and none can be drawn: the holder was made anonymous."""
