"""One's own e-mail address: typed, shown to be one's own by a link that is mailed there, taken away."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from training.notices.channels import channel_of
from training.notices.confirming import confirmation_in
from training.notices.models import AddressConfirmation, Delivery
from training.operations.services import record
from training.people.models import User
from training.people.services import Limit, count_failure, is_exhausted, keep_confirmed_email, remove_email

MAIL = "email"
LINK_WORKS = timedelta(hours=24)
LINKS_A_DAY = 5


class AddressError(ValueError):
    """Why an address cannot be confirmed; the text tells the person how to go on."""


@transaction.atomic
def ask_to_confirm(*, person: User, address: str, at: datetime) -> AddressConfirmation:
    """Have a link mailed to the address; what was on record stays until it is opened. An earlier link ends.

    Raises `AddressError` when the centre sends no mail, the address is confirmed already, or too many were asked for.
    Whether anybody else has the address makes no difference, so nobody learns it.
    """
    if channel_of(MAIL) is None:
        raise AddressError(_("This centre sends no e-mail."))
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.email_confirmed_at and person.email == address:
        raise AddressError(_("This address is confirmed already."))
    limit = Limit("address links", LINKS_A_DAY, timedelta(days=1), str(person.pk))
    if is_exhausted([limit], at=at):
        raise AddressError(_("That were five links within a day. Try again tomorrow, or ask HR."))
    count_failure([limit], at=at)
    person.address_confirmations.pending().update(ended_at=at)
    asked = AddressConfirmation.objects.create(person=person, address=address, asked_at=at, expires_at=at + LINK_WORKS)
    Delivery.objects.create(person=person, channel=MAIL, confirmation=asked, created_at=at, next_try_at=at)
    record(action="notices.address_asked", by=person, subject=person, person=person, at=at, after={"address": address})
    return asked


@transaction.atomic
def confirm(*, person: User, token: str, at: datetime) -> str:
    """Keep the address of the link as the person's own and return it; the link works no more.

    Raises `AddressError` for every link that does not work for this person, whatever the reason.
    """
    asked = working_link(person=person, token=token, at=at, lock=True)
    asked.used_at = at
    asked.save(update_fields=["used_at"])
    keep_confirmed_email(person=person, email=asked.address, at=at)
    return asked.address


def working_link(*, person: User, token: str, at: datetime, lock: bool = False) -> AddressConfirmation:
    """Return what a link asks the person to confirm. Raises `AddressError` as `confirm` does."""
    rows = person.address_confirmations.select_for_update(of=("self",)) if lock else person.address_confirmations.all()
    asked = rows.filter(pk=confirmation_in(token)).first()
    if asked is None or not asked.works(at):
        raise AddressError(_("This link does not work, or no longer. Ask for a new one on your profile."))
    return asked


@transaction.atomic
def give_up_link(*, person: User, at: datetime) -> None:
    """Let a link that waits work no more; the address on record stays."""
    waiting = person.address_confirmations.pending().select_for_update(of=("self",)).first()
    if waiting is None:
        return
    waiting.ended_at = at
    waiting.save(update_fields=["ended_at"])
    before = {"address": waiting.address}
    record(action="notices.address_given_up", by=person, subject=person, person=person, at=at, before=before)


@transaction.atomic
def forget_address(*, person: User, at: datetime) -> None:
    """Take away the person's address and whatever waits to be confirmed: no mail reaches them then."""
    give_up_link(person=person, at=at)
    remove_email(person=person, at=at)
