"""What is to be sent: a notice to whoever wants it at once, the weekly digest to whoever has something in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from training.notices.channels import Channel, channel_of, configured
from training.notices.models import Delivery, Digest, How, Notice
from training.notices.queries.choices import choices_of, in_digest, who_want_at_once
from training.notices.texts import theme_of
from training.operations.services import record
from training.people.models import User

from .facts import storable

WEEK = timedelta(days=7)
# A server that was down over the hour still sends; later than this the week is over and the next digest is near.
LATEST = timedelta(days=2)
AT_A_TIME = 1000


def plan_at_once(notice: Notice) -> list[Delivery]:
    """Queue the notice by every channel that the person wants it by at once and that reaches them."""
    channels = configured()
    if not channels:
        return []
    choices = choices_of(notice.person, [channel.key for channel in channels])
    theme = theme_of(notice.kind)
    chosen = [channel for channel in channels if choices[theme, channel.key] == How.NOW]
    return _queue(notice, [channel for channel in chosen if _reaches(channel, notice.person)])


def plan_many_at_once(notices: Sequence[Notice]) -> int:
    """Queue notices of one kind for those of their people who want it at once, set-based; return how many."""
    queued = 0
    for channel in configured() if notices else ():
        wanting = who_want_at_once(theme_of(notices[0].kind), channel.key)
        reached = set(channel.reach(User.objects.filter(wanting)).values_list("pk", flat=True))
        deliveries = [
            Delivery(
                person_id=one.person_id,
                channel=channel.key,
                notice=one,
                created_at=one.created_at,
                next_try_at=one.created_at,
            )
            for one in notices
            if one.person_id in reached
        ]
        queued += len(Delivery.objects.bulk_create(deliveries, batch_size=AT_A_TIME))
    return queued


@transaction.atomic
def send_test(*, channel: str, person: User, at: datetime) -> Delivery:
    """Tell the person by that channel, whatever they chose, that it works."""
    found = channel_of(channel)
    if found is None:
        raise LookupError(channel)
    facts = storable({"channel": found.name})
    notice = Notice.objects.create(person=person, kind="channel.tested", facts=facts, path="", created_at=at)
    record(action="notices.channel_tested", by=person, subject=notice, person=person, at=at, after={"channel": channel})
    return _queue(notice, [found])[0]


def _queue(notice: Notice, channels: Iterable[Channel]) -> list[Delivery]:
    at = notice.created_at
    return Delivery.objects.bulk_create(
        Delivery(person_id=notice.person_id, channel=one.key, notice=notice, created_at=at, next_try_at=at)
        for one in channels
    )


def _reaches(channel: Channel, person: User) -> bool:
    return channel.reach(User.objects.filter(pk=person.pk)).exists()


def digest_moment(now: datetime) -> datetime:
    """Return when the digest of this week was or is due: the last set weekday and hour that is not ahead."""
    local = timezone.localtime(now)
    due = local.replace(hour=settings.NOTICE_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    due -= timedelta(days=(due.isoweekday() - settings.NOTICE_DIGEST_WEEKDAY) % 7)
    return due if due <= local else due - WEEK


@transaction.atomic
def plan_digest(*, now: datetime) -> int:
    """Queue the digest of the week for everybody who has something in it, once. Return for how many."""
    channels, up_to = configured(), digest_moment(now)
    if not channels or now - up_to > LATEST:
        return 0
    digest, is_new = Digest.objects.get_or_create(up_to=up_to, defaults={"planned_at": now})
    if not is_new:
        return 0
    queued = 0
    for channel in channels:
        notices = Notice.objects.filter(created_at__gte=up_to - WEEK, created_at__lt=up_to)
        people = User.objects.active().filter(pk__in=in_digest(notices, channel.key).order_by().values("person"))
        deliveries = [
            Delivery(person_id=pk, channel=channel.key, digest=digest, created_at=now, next_try_at=now)
            for pk in channel.reach(people).values_list("pk", flat=True)
        ]
        queued += len(Delivery.objects.bulk_create(deliveries, batch_size=AT_A_TIME))
    return queued
