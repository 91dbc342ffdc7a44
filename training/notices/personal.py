"""What this app keeps about a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

ACTS = ()


def parts(person: User) -> Iterator[Part]:
    """Yield what they were told, how they want to be told, and what was sent."""
    yield Part(
        "notices",
        _("Notices"),
        person.notices.order_by("created_at"),
        {"created_at": _("Told on"), "sentence": _("Notice"), "read_at": _("Read on")},
        ("notices.Notice.person",),
    )
    yield Part(
        "notice-choices",
        _("Notice choices"),
        person.notice_choices.order_by("theme", "channel"),
        {"theme": _("Theme"), "channel": _("Channel"), "how": _("How")},
        ("notices.Choice.person",),
    )
    yield Part(
        "notice-deliveries",
        _("Notices sent"),
        person.notice_deliveries.order_by("created_at"),
        {"created_at": _("Told on"), "channel": _("Channel"), "state": _("State"), "sent_at": _("Sent on")},
        ("notices.Delivery.person",),
    )
    yield Part(
        "address-confirmations",
        _("E-mail addresses to confirm"),
        person.address_confirmations.order_by("asked_at"),
        {
            "address": _("E-mail address"),
            "asked_at": _("Asked on"),
            "expires_at": _("Good until"),
            "used_at": _("Confirmed on"),
            "ended_at": _("Given up on"),
        },
        ("notices.AddressConfirmation.person",),
    )
