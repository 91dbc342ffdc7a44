"""Writing certificates: issuing them, making their PDF, taking them back."""

from .errors import AlreadyAskedFor, AlreadyDecided, NameForgotten, NeedsSecondPerson, NotInForce, RevocationError
from .forgetting import forget_holder
from .issuing import issue
from .paper import facts_on_paper, render, verify_url
from .revoking import ask_revocation, confirm_revocation, refuse_revocation

__all__ = [
    "AlreadyAskedFor",
    "AlreadyDecided",
    "NameForgotten",
    "NeedsSecondPerson",
    "NotInForce",
    "RevocationError",
    "ask_revocation",
    "confirm_revocation",
    "facts_on_paper",
    "forget_holder",
    "issue",
    "refuse_revocation",
    "render",
    "verify_url",
]
