"""What a delivery says: one notice, or a person's digest, as a message with absolute addresses."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from training.notices.channels import Group, Item, Message
from training.notices.confirming import confirm_url
from training.notices.models import AddressConfirmation, Delivery, Notice
from training.notices.texts import THEMES, theme_of
from training.notices.unsubscribing import unsubscribe_url
from training.people.models import Centre, User

from .choices import in_digest

WEEK = timedelta(days=7)
# A digest shows this many of a theme; the inbox has the rest.
SHOWN = 10


def message_of(delivery: Delivery) -> Message | None:
    """Return the message in the language that is active; None when there is nothing to say any more.

    A notice that was read meanwhile needs no digest; one that is told at once is told all the same.
    """
    if delivery.confirmation is not None:
        return link_message(delivery, delivery.confirmation)
    if delivery.notice is not None:
        notices, subject = [delivery.notice], delivery.notice.sentence
    else:
        assert delivery.digest
        notices = list(digest_notices(delivery.person, delivery.channel, up_to=delivery.digest.up_to))
        subject = digest_subject(len(notices))
    if not notices:
        return None
    return message(
        key=str(delivery.pk),
        person=delivery.person,
        channel=delivery.channel,
        what="digest" if delivery.notice is None else delivery.notice.kind,
        subject=subject,
        notices=notices,
    )


def link_message(delivery: Delivery, confirmation: AddressConfirmation) -> Message | None:
    """Return what asks to confirm an address; None when its link works no more. It tells strangers no name."""
    if not confirmation.works(delivery.claimed_at or delivery.created_at):
        return None
    text = gettext("Open this within 24 hours. If you did not ask for it, do nothing: nothing more comes here.")
    return Message(
        id=str(delivery.pk),
        person=delivery.person,
        language=delivery.person.language,
        what="address",
        subject=gettext("Confirm your e-mail address"),
        groups=[Group(gettext("For notices of the training platform"), [Item(text, confirm_url(confirmation))])],
        inbox_url="",
        settings_url="",
        centre=centre_name(),
        address=confirmation.address,
    )


def centre_name() -> str:
    return str(Centre.load()) or gettext("Service centre")


def preview_of_digest(person: User, channel: str, *, now: datetime) -> Message | None:
    """Return what the digest would say to the person now, in the language that is active; None when nothing."""
    notices = list(digest_notices(person, channel, up_to=now))
    if not notices:
        return None
    subject = digest_subject(len(notices))
    return message(key="preview", person=person, channel=channel, what="digest", subject=subject, notices=notices)


def digest_notices(person: User, channel: str, *, up_to: datetime) -> Iterable[Notice]:
    """Return the person's unread notices of the week before, newest first."""
    of_the_week = person.notices.filter(created_at__gte=up_to - WEEK, created_at__lt=up_to)
    return in_digest(of_the_week, channel).order_by("-created_at", "-pk")


def digest_subject(number: int) -> str:
    return ngettext("Your week: %(n)d notice to read", "Your week: %(n)d notices to read", number) % {"n": number}


def message(*, key: str, person: User, channel: str, what: str, subject: str, notices: Sequence[Notice]) -> Message:
    """Return the notices as a message, grouped by theme in the order of the themes."""
    order = list(THEMES)
    by_theme = sorted(notices, key=lambda notice: order.index(theme_of(notice.kind)))
    return Message(
        id=key,
        person=person,
        language=person.language,
        what=what,
        subject=subject,
        groups=[
            group_of(theme, list(found), person, channel)
            for theme, found in groupby(by_theme, lambda notice: theme_of(notice.kind))
        ],
        inbox_url=absolute(reverse("notices:inbox")),
        settings_url=absolute(reverse("notices:settings")),
        centre=centre_name(),
    )


def group_of(theme: str, notices: Sequence[Notice], person: User, channel: str) -> Group:
    items = [Item(one.sentence, absolute(one.path or reverse("notices:inbox"))) for one in notices[:SHOWN]]
    link = unsubscribe_url(person_id=person.pk, theme=theme, channel=channel)
    return Group(str(THEMES[theme].name), items, max(len(notices) - SHOWN, 0), link)


def absolute(path: str) -> str:
    """Return the address of a path under the centre's public address: never one a request made up."""
    return f"{settings.PUBLIC_URL}{path}"
