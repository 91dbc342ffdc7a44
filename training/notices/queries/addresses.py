"""The address somebody was asked to confirm, for the page where they wait for the link."""

from datetime import datetime

from training.notices.models import AddressConfirmation, Delivery
from training.people.models import User

ENDED_BADLY = (Delivery.State.FAILED, Delivery.State.DROPPED, Delivery.State.UNCERTAIN)


def waiting_link(person: User, *, at: datetime) -> AddressConfirmation | None:
    """Return what waits to be confirmed, with `state` ("waiting", "sent" or "failed"); None when nothing does."""
    asked = person.address_confirmations.pending().filter(expires_at__gt=at).first()
    if asked is None:
        return None
    delivery = asked.deliveries.first()
    state = delivery.state if delivery else Delivery.State.DROPPED
    asked.state = "sent" if state == Delivery.State.SENT else "failed" if state in ENDED_BADLY else "waiting"
    return asked
