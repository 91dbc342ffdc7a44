"""Sending what is due: each delivery is claimed first, so that it never goes twice, and tried again when it failed."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from training.lib.texts import in_each_language
from training.notices.channels import Channel, NotSentError, UncertainError, channel_of
from training.notices.models import Delivery
from training.notices.queries.messages import message_of
from training.people.models import User

logger = logging.getLogger(__name__)

# How long after the first, second, ... failure it is tried again; after the last it is given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
# Longer than any channel waits: whoever claimed a delivery that long ago has died over it.
LONGEST = timedelta(minutes=10)

KILLED = _("The sender was killed while sending.")

Clock = Callable[[], datetime]


def give_up_broken_off(*, now: datetime) -> int:
    """Let go of deliveries whose sender died: nobody knows whether they arrived, so they are not sent again."""
    lost = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=now - LONGEST)
    return lost.update(state=Delivery.State.UNCERTAIN, error=in_each_language(KILLED))


def deliver_due(*, clock: Clock, most: int) -> Iterator[Delivery]:
    """Send up to `most` of the deliveries that are due, the longest waiting first; yield each once it is dealt with.

    Two may run at once: each delivery is claimed by one of them.
    """
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=clock())
    for pk in due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:most]:
        now = clock()
        claimed = Delivery.objects.filter(pk=pk, state=Delivery.State.WAITING, next_try_at__lte=now).update(
            state=Delivery.State.SENDING, claimed_at=now, attempts=F("attempts") + 1
        )
        if claimed:
            delivery = Delivery.objects.select_related("person", "notice__person", "digest", "confirmation").get(pk=pk)
            _send(delivery, clock)
            delivery.save(update_fields=["state", "sent_at", "error", "next_try_at"])
            yield delivery


def _send(delivery: Delivery, clock: Clock) -> None:
    """Send it and write down on the object how that ended."""
    channel = channel_of(delivery.channel)
    if channel is None or not _is_reached(channel, delivery):
        delivery.state = Delivery.State.DROPPED
        return
    with translation.override(delivery.person.language):
        message = message_of(delivery)
        if message is None:
            delivery.state = Delivery.State.DROPPED
            return
        try:
            channel.send(message)
        except NotSentError as error:
            _try_again_later(delivery, error.message, clock())
        except UncertainError as error:
            delivery.state, delivery.error = Delivery.State.UNCERTAIN, in_each_language(error.message)
        except Exception as error:  # a channel's own fault must not keep the others from being sent
            # The kind of fault alone: its text may hold an address that is a secret.
            logger.error("notice channel %s failed: %s", delivery.channel, type(error).__name__)
            delivery.state, delivery.error = Delivery.State.UNCERTAIN, in_each_language(type(error).__name__)
        else:
            delivery.state, delivery.sent_at, delivery.error = Delivery.State.SENT, clock(), {}


def _is_reached(channel: Channel, delivery: Delivery) -> bool:
    """Tell whether the message may go to the person; a link goes to an address that is not theirs on record yet."""
    person = User.objects.active().filter(pk=delivery.person_id)
    return person.exists() if delivery.confirmation_id else channel.reach(person).exists()


def _try_again_later(delivery: Delivery, why: str | Promise, now: datetime) -> None:
    delivery.error = in_each_language(why)
    if delivery.attempts > len(PAUSES):
        delivery.state = Delivery.State.FAILED
        return
    delivery.state = Delivery.State.WAITING
    delivery.next_try_at = now + PAUSES[delivery.attempts - 1]
