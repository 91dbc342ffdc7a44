"""How long notices are kept, and what was sent of them."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from training.lib.retention import LOG_MONTHS, Kept

from .models import AddressConfirmation, Delivery, Notice

ON_THE_WAY = (Delivery.State.WAITING, Delivery.State.SENDING)


def kinds() -> Iterator[Kept]:
    """Yield notices that were read, those that never were, and what was sent."""
    yield Kept(
        name="notices-read",
        title=_("Notices that were read"),
        what=_("Counted from the day they were read. What was sent of them goes with them."),
        usual=settings.NOTICE_KEEP_MONTHS,
        least=1,
        column="read_at",
        old=lambda before: Notice.objects.filter(read_at__lt=before),
    )
    yield Kept(
        name="notices-unread",
        title=_("Notices nobody read"),
        what=_("Counted from the day they came."),
        usual=60,
        least=12,
        column="created_at",
        old=lambda before: Notice.objects.filter(read_at=None, created_at__lt=before),
    )
    yield Kept(
        name="address-links",
        title=_("Links to confirm an e-mail address"),
        what=_("Which address somebody said was theirs; mistyped ones are strangers'. The address on record stays."),
        usual=1,
        least=1,
        column="expires_at",
        old=lambda before: AddressConfirmation.objects.filter(expires_at__lt=before),
    )
    yield Kept(
        name="deliveries",
        title=_("Notices sent"),
        what=_("When what went out to whom by which way. What is still on its way stays."),
        usual=12,
        least=LOG_MONTHS,
        column="created_at",
        old=lambda before: Delivery.objects.filter(created_at__lt=before).exclude(state__in=ON_THE_WAY),
    )
