"""What was sent and what waits, for the administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from training.notices.channels import Channel, configured
from training.notices.models import Delivery


@dataclass(frozen=True)
class ChannelState:
    """A channel as the administrator sees it: its problem, how many deliveries stand where, what went wrong last."""

    channel: Channel
    problem: str
    counts: dict[str, int]
    last_sent_at: datetime | None
    failures: Sequence[Delivery]

    @property
    def waiting(self) -> int:
        return self.counts.get(Delivery.State.WAITING, 0) + self.counts.get(Delivery.State.SENDING, 0)

    @property
    def sent(self) -> int:
        return self.counts.get(Delivery.State.SENT, 0)

    @property
    def failed(self) -> int:
        return self.counts.get(Delivery.State.FAILED, 0) + self.counts.get(Delivery.State.UNCERTAIN, 0)


FAILURES_SHOWN = 10


def channel_states() -> list[ChannelState]:
    """Return the state of every channel of this installation."""
    counted: dict[str, dict[str, int]] = {}
    last: dict[str, datetime | None] = {}
    for row in Delivery.objects.values("channel", "state").annotate(n=Count("pk"), sent=Max("sent_at")).order_by():
        counted.setdefault(row["channel"], {})[row["state"]] = row["n"]
        if row["sent"]:
            last[row["channel"]] = row["sent"]
    return [
        ChannelState(
            channel=channel,
            problem=channel.problem(),
            counts=counted.get(channel.key, {}),
            last_sent_at=last.get(channel.key),
            failures=list(failures(channel.key)[:FAILURES_SHOWN]),
        )
        for channel in configured()
    ]


def failures(channel: str) -> "QuerySet[Delivery]":
    """Return what went wrong by that channel, deliveries that are tried again included, the newest first."""
    return (
        Delivery.objects.filter(channel=channel)
        .exclude(error={})
        .select_related("person")
        .order_by("-next_try_at", "-created_at")
    )


def has_due(*, now: datetime) -> bool:
    """Tell whether a delivery waits to be sent."""
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=now).exists()
