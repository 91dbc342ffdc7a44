"""What becomes of policies and matters when somebody is made anonymous: who published them stays without a name."""

from collections.abc import Iterator

from training.lib.erasing import Identity, Kind, acts
from training.people.models import User

from .personal import ACTS


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield what they published and what they hold locked."""
    yield acts(person, *ACTS, "matters.ServiceMatter.locked_by", "matters.Bundle.locked_by")
