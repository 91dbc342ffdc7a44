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


class BankInUse(Refused):
    """Exams draw from the bank."""

    code = "bank_in_use"
    message = gettext_lazy(
        "Exams draw from this bank, so what it is kept for stays. Set up another bank and move items there by file."
    )


@transaction.atomic
def create_bank(*, code: str, name: Texts, by: Actor, at: datetime, for_practice: bool = False) -> Bank:
    """Set up an empty bank, for exams or for practice. Raises `BankExists`."""
    try:
        with transaction.atomic():
            bank = Bank.objects.create(code=code, name=dict(name), for_practice=for_practice)
    except IntegrityError as error:
        raise BankExists from error
    after = {"for_practice": for_practice}
    record(action="assessments.bank_created", by=by, subject=bank, at=at, after=after)
    return bank


@transaction.atomic
def change_bank(*, bank: Bank, name: Texts, for_practice: bool, by: Actor, at: datetime) -> None:
    """Give a bank another name, or keep it for the other purpose while no exam draws from it. Raises `BankInUse`."""
    keep_bank_for(bank=bank, practice=for_practice, by=by, at=at)
    rename_bank(bank=bank, name=name, by=by, at=at)


@transaction.atomic
def keep_bank_for(*, bank: Bank, practice: bool, by: Actor, at: datetime) -> None:
    """Keep a bank for practice or for exams; the same again changes nothing. Raises `BankInUse`."""
    locked = Bank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
    if locked.for_practice == practice:
        return
    # Whoever makes an exam locks its bank first, so none comes in between.
    if locked.exams.exists():
        raise BankInUse
    bank.for_practice = practice
    bank.save(update_fields=["for_practice"])
    after = {"for_practice": practice}
    record(action="assessments.bank_kept_for", by=by, subject=bank, at=at, after=after)


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
