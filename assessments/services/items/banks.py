"""Banks: set up and renamed; their code stands in addresses and never changes."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from assessments.models import Bank
from assessments.permissions import Refused
from training.lib.texts import Texts
from training.operations.services import Actor, record


class BankExists(Refused):
    """Another bank has the code."""

    code = "bank_exists"
    message = gettext_lazy("Another bank has this code. Choose another one.")


@transaction.atomic
def create_bank(*, code: str, name: Texts, by: Actor, at: datetime) -> Bank:
    """Set up an empty bank. Raises `BankExists`."""
    try:
        with transaction.atomic():
            bank = Bank.objects.create(code=code, name=dict(name))
    except IntegrityError as error:
        raise BankExists from error
    record(action="assessments.bank_created", by=by, subject=bank, at=at)
    return bank


@transaction.atomic
def rename_bank(*, bank: Bank, name: Texts, by: Actor, at: datetime) -> None:
    """Give a bank another name; the same name again changes nothing."""
    before, bank.name = bank.name, dict(name)
    if before == bank.name:
        return
    bank.save(update_fields=["name"])
    record(
        action="assessments.bank_renamed",
        by=by,
        subject=bank,
        at=at,
        before={"name": before},
        after={"name": bank.name},
    )
