"""Forgetting old notices that were read, and addresses that were asked about."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from training.notices.models import AddressConfirmation, Notice

AT_A_TIME = 1000
DAYS_IN_A_MONTH = 30.44
ADDRESSES_KEPT = timedelta(days=30)


@transaction.atomic
def prune(*, now: datetime) -> int:
    """Delete notices read longer ago than the set months, with their deliveries, a batch at a time. Return how many."""
    long_ago = now - timedelta(days=settings.NOTICE_KEEP_MONTHS * DAYS_IN_A_MONTH)
    old = Notice.objects.filter(read_at__lt=long_ago).order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]
    pks = list(old)
    Notice.objects.filter(pk__in=pks).delete()
    return len(pks)


@transaction.atomic
def prune_addresses(*, now: datetime) -> int:
    """Delete what people were asked to confirm a month ago, confirmed or not: mistyped addresses are strangers'."""
    return AddressConfirmation.objects.filter(expires_at__lt=now - ADDRESSES_KEPT).delete()[0]
