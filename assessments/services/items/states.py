"""What an item is used for: nothing yet, a pilot, exams, nothing any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments.models import Item
from assessments.permissions import Refused
from training.operations.services import Actor, record

State = Item.State
# From a state to those that may follow. A draft becomes `reviewed` by its review alone.
MOVES: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.RETIRED,),
    State.REVIEWED: (State.PILOT, State.LIVE, State.RETIRED),
    State.PILOT: (State.LIVE, State.REVIEWED, State.SUSPENDED, State.RETIRED),
    State.LIVE: (State.PILOT, State.REVIEWED, State.SUSPENDED, State.RETIRED),
    State.SUSPENDED: (State.LIVE, State.PILOT, State.REVIEWED, State.RETIRED),
    State.RETIRED: (State.DRAFT, State.REVIEWED, State.PILOT, State.LIVE, State.SUSPENDED),
}


class NoSuchMove(Refused):
    """The item cannot be in that state now."""

    code = "no_such_move"
    message = gettext_lazy("This item cannot change like that: look at the state it is in now.")


def moves_of(item: Item) -> list[str]:
    """Return the states an item may go to: what nobody approved is a draft or retired, the rest is never a draft."""
    return [to for to in MOVES[item.state] if (item.reviewer_id is None) == (to == State.DRAFT) or to == State.RETIRED]


@transaction.atomic
def change_state(*, item: Item, to: str, by: Actor, at: datetime, reason: str = "") -> None:
    """Put an item into another state; papers that are drawn keep it. Raises `NoSuchMove`."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    if to not in moves_of(item):
        raise NoSuchMove
    before, item.state = item.state, State(to)
    item.save(update_fields=["state"])
    record(
        action="assessments.item_state_changed",
        by=by,
        subject=item,
        at=at,
        before={"state": before},
        after={"state": to},
        reason=reason,
    )
