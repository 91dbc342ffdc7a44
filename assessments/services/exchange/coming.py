"""Taking questions of a file into a bank, as drafts of whoever brings them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments.models import Bank
from assessments.permissions import Refused
from assessments.services.items import Written, write_items
from assessments.services.media import NoRoom, has_room, keep_clean
from training.operations.services import record
from training.people.models import User

from .planning import Plan


class NothingChosen(Refused):
    """No question that can come in was ticked."""

    code = "nothing_chosen"
    message = gettext_lazy("Tick one or more questions that can come in.")


@dataclass(frozen=True, slots=True)
class ItemsComeIn:
    """How many items were made, how many got a new version, how many of the file stayed out."""

    new: int
    revised: int
    left_out: int


@transaction.atomic
def import_items(
    *, bank: Bank, plan: Plan, numbers: Collection[int], file_name: str, by: User, at: datetime
) -> ItemsComeIn:
    """Write the chosen rows of a plan, all of them or none; each item has its own event, the file one more.

    The same file again finds everything unchanged. Raises `NothingChosen`, `NoRoom` and what `write_items` raises.
    """
    chosen = [row for row in plan.coming if row.number in numbers]
    if not chosen:
        raise NothingChosen
    if any(row.media for row in chosen) and not has_room():
        raise NoRoom
    refs = {digest: str(keep_clean(found=one, at=at).ref) for row in chosen for digest, one in row.media.items()}
    done = write_items(bank=bank, rows=[_shown(row.written, refs) for row in chosen if row.written], by=by, at=at)
    came = ItemsComeIn(len(done.new), len(done.revised), len(plan.rows) - len(chosen))
    after = {"file": file_name, "format": plan.file.format.value, "new": came.new, "revised": came.revised}
    record(action="assessments.items_imported", by=by, subject=bank, at=at, after=after | {"left_out": came.left_out})
    return came


def _shown(written: Written, refs: Mapping[str, str]) -> Written:
    """Return what is written with its media under the refs they are kept under now."""
    if not written.draft.media:
        return written
    media = tuple(replace(one, ref=refs[one.ref]) for one in written.draft.media)
    return replace(written, draft=replace(written.draft, media=media))
