"""What becomes of notices when somebody is made anonymous."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.erasing import Identity, Kind, goes, renamed
from training.people.models import User

from .models import AddressConfirmation, Choice, Delivery, Notice


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield their notices, how they wanted them and what was sent; and the notices of others that name them."""
    asked = AddressConfirmation.objects.filter(person=person)
    sent = Delivery.objects.filter(person=person)
    yield goes("notice-deliveries", _("Notices sent"), sent, "notices.Delivery.person")
    yield goes("notices", _("Notices"), Notice.objects.filter(person=person), "notices.Notice.person")
    yield goes("notice-choices", _("Notice choices"), Choice.objects.filter(person=person), "notices.Choice.person")
    yield goes("address-confirmations", _("E-mail addresses to confirm"), asked, "notices.AddressConfirmation.person")
    others = Notice.objects.exclude(person=person)
    yield renamed("notices-naming", _("Notices of others that name them"), identity, others, "facts")
    yield renamed("delivery-errors", _("Why a notice did not go out"), identity, Delivery.objects.all(), "error")
