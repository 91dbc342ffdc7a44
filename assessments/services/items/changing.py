"""One change to many items: looked at before, made in one transaction, taken back as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Bank, BankChange, Item, ItemVersion
from assessments.permissions import Refused
from assessments.queries.drafts import problems_of_version
from training.competencies.models import Competency
from training.operations.services import record
from training.people.models import User

from .states import moves_of

What = BankChange.What
ALREADY = _("It is like that already.")
CANNOT = _("It cannot be put to that use from the state it is in.")


class NothingToChange(Refused):
    """No item of those chosen would be changed."""

    code = "nothing_to_change"
    message = _("None of these items would be changed.")


class AlreadyUndone(Refused):
    """The change was taken back before."""

    code = "already_undone"
    message = _("This change was taken back already.")


@dataclass(frozen=True, slots=True)
class Affected:
    """An item that a change would change, with what stands there before and after, as it is stored."""

    item: Item
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that a change would leave as it is, and why."""

    item: Item
    why: str | Promise


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change would do."""

    affected: list[Affected] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def plan_change(*, items: Sequence[int], what: str, value: str) -> Plan:
    """Return what a change would do to items; writes nothing. Raises `DoesNotExist` or ValueError for a wrong value.

    `value`: a state, the code of a bank, the id of a competency, a level, nothing for a request for review.
    """
    plan = Plan()
    rows = Item.objects.filter(pk__in=items).select_related("bank", "competency").order_by("bank__code", "code")
    judge = JUDGES[What(what)](value, list(rows))
    for item in rows:
        told = judge(item)
        if isinstance(told, Affected):
            plan.affected.append(told)
        else:
            plan.left_out.append(LeftOut(item, told))
    return plan


@transaction.atomic
def change_items(
    *, items: Sequence[int], what: str, value: str, by: User, at: datetime, reason: str = ""
) -> BankChange:
    """Make a change to every item it can be made to. Raises `NothingToChange`, and as `plan_change`."""
    list(Item.objects.select_for_update().filter(pk__in=items))
    plan = plan_change(items=items, what=what, value=value)
    if not plan.affected:
        raise NothingToChange
    _put(what, [(row.item.pk, row.after) for row in plan.affected], at)
    change = BankChange.objects.create(
        what=what,
        value=value,
        rows=[[row.item.pk, row.before, row.after] for row in plan.affected],
        by=by,
        at=at,
    )
    after = {"what": what, "value": value, "items": [str(row.item) for row in plan.affected]}
    record(action="assessments.items_changed", by=by, subject=change, at=at, after=after, reason=reason)
    return change


@transaction.atomic
def undo_change(*, change: BankChange, by: User, at: datetime) -> int:
    """Put back what a change took away, where nobody has changed it since; return how many it could not put back.

    Raises `AlreadyUndone`.
    """
    change = BankChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at:
        raise AlreadyUndone
    ids = [pk for pk, _before, _after in change.rows]
    list(Item.objects.select_for_update().filter(pk__in=ids))
    standing = _standing(change.what, ids)
    back = [(pk, before) for pk, before, after in change.rows if standing.get(pk) == after]
    if change.what == What.BANK:
        back = _with_free_codes(back)
    _put(change.what, back, at)
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    record(action="assessments.items_change_undone", by=by, subject=change, at=at, after={"items": len(back)})
    return len(ids) - len(back)


def _judge_state(value: str, _items: list[Item]) -> Any:
    to = Item.State(value)

    def judge(item: Item) -> Affected | Promise:
        if item.state == to:
            return ALREADY
        return Affected(item, item.state, to.value) if to in moves_of(item) else CANNOT

    return judge


def _judge_bank(value: str, items: list[Item]) -> Any:
    bank = Bank.objects.get(code=value)
    taken = set(bank.items.filter(code__in=[item.code for item in items]).values_list("code", flat=True))

    def judge(item: Item) -> Affected | Promise:
        if item.bank_id == bank.pk:
            return ALREADY
        if item.code in taken:
            return _("Another item there has its code.")
        taken.add(item.code)
        return Affected(item, item.bank_id, bank.pk)

    return judge


def _judge_competency(value: str, _items: list[Item]) -> Any:
    competency = Competency.objects.get(pk=int(value))

    def judge(item: Item) -> Affected | Promise:
        return ALREADY if item.competency_id == competency.pk else Affected(item, item.competency_id, competency.pk)

    return judge


def _judge_level(value: str, items: list[Item]) -> Any:
    level = int(value)
    if not 1 <= level <= 5:
        raise ValueError(value)
    levels = _standing(What.LEVEL, [item.pk for item in items])

    def judge(item: Item) -> Affected | Promise:
        return ALREADY if levels[item.pk] == level else Affected(item, levels[item.pk], level)

    return judge


def _judge_request(_value: str, items: list[Item]) -> Any:
    newest = {
        version.item_id: version
        for version in ItemVersion.objects.newest()
        .filter(item__in=items)
        .select_related("item__competency")
        .prefetch_related("citations__clause_version__clause__policy", "media__file")
    }

    def judge(item: Item) -> Affected | Promise:
        version = newest[item.pk]
        if item.state == Item.State.RETIRED:
            return CANNOT
        if version.approved_at:
            return _("Its newest version is approved.")
        if version.asked_at:
            return ALREADY
        return _("It is not finished.") if problems_of_version(version) else Affected(item, before=False, after=True)

    return judge


JUDGES = {
    What.STATE: _judge_state,
    What.BANK: _judge_bank,
    What.COMPETENCY: _judge_competency,
    What.LEVEL: _judge_level,
    What.REQUEST: _judge_request,
}


def _standing(what: str, ids: Sequence[int]) -> dict[int, Any]:
    """Return what stands with each item now, in the form a change keeps."""
    if what in (What.LEVEL, What.REQUEST):
        versions = ItemVersion.objects.newest().filter(item__in=ids)
        rows = versions.values_list("item", "level" if what == What.LEVEL else "asked_at")
        return {item: value if what == What.LEVEL else value is not None for item, value in rows}
    column = {What.STATE: "state", What.BANK: "bank_id", What.COMPETENCY: "competency_id"}[What(what)]
    return dict(Item.objects.filter(pk__in=ids).values_list("pk", column))


def _put(what: str, rows: Sequence[tuple[int, Any]], at: datetime) -> None:
    """Write values, one statement for each value that differs."""
    by_value: dict[Any, list[int]] = {}
    for pk, value in rows:
        by_value.setdefault(value, []).append(pk)
    for value, ids in by_value.items():
        if what == What.LEVEL:
            # A level says where the item belongs, as the competency does: papers have their difficulties frozen.
            ItemVersion.objects.newest().filter(item__in=ids).update(level=value)
            ItemVersion.objects.in_use().filter(item__in=ids).update(level=value)
        elif what == What.REQUEST:
            ItemVersion.objects.newest().filter(item__in=ids).update(asked_at=at if value else None)
        else:
            column = {What.STATE: "state", What.BANK: "bank", What.COMPETENCY: "competency"}[What(what)]
            Item.objects.filter(pk__in=ids).update(**{column: value})


def _with_free_codes(rows: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Keep the items whose old bank has not given their code to another one."""
    codes = dict(Item.objects.filter(pk__in=[pk for pk, _bank in rows]).values_list("pk", "code"))
    taken = set(Item.objects.filter(bank__in={bank for _pk, bank in rows}).values_list("bank", "code"))
    return [(pk, bank) for pk, bank in rows if (bank, codes[pk]) not in taken]
