"""What HR may do to a record, as buttons on the person's page and over the staff list: one line for each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import permissions
from .models import Role, User

Offered = Callable[[User, User], bool]


def to_active(keeper: User, person: User) -> bool:
    """Offered to whoever keeps the record of somebody who works here."""
    return person.is_active and permissions.may_touch(keeper, person)


def to_former(keeper: User, person: User) -> bool:
    """Offered to whoever keeps the record of somebody who has left."""
    return not person.is_active and person.erased_at is None and permissions.may_touch(keeper, person)


def to_others(keeper: User, person: User) -> bool:
    """As `to_active`, but nobody does it to themselves."""
    return to_active(keeper, person) and keeper.pk != person.pk


def to_any_other(keeper: User, person: User) -> bool:
    """Offered to whoever keeps the record of somebody else, whether they still work here or not."""
    return permissions.may_touch(keeper, person) and keeper.pk != person.pk


def to_role_holder(keeper: User, person: User) -> bool:
    """Offered to whoever may change the person's roles."""
    return person.is_active and permissions.may_change_roles(keeper, person)


def to_future_teacher(keeper: User, person: User) -> bool:
    """Offered to whoever may give the role of career teacher, about somebody who does not hold it."""
    may = permissions.may_give(keeper, Role.TEACHER, None) and to_role_holder(keeper, person)
    return may and Role.TEACHER not in person.role_names


def to_resettable(keeper: User, person: User) -> bool:
    """Offered to whoever may let the person in anew."""
    may = permissions.resettable_staff(keeper, today=timezone.localdate())
    return to_others(keeper, person) and may.filter(pk=person.pk).exists()


@dataclass(frozen=True)
class Action:
    """A page, named by its address, that does something to one person; the address takes the staff number."""

    view: str
    label: Promise
    icon: str
    offered: Offered


@dataclass(frozen=True)
class RowAction:
    """A page that does something to those ticked in the staff list; it is posted "person" once for each of them."""

    view: str
    label: Promise
    icon: str

    @property
    def url(self) -> str:
        return reverse(self.view)


@dataclass(frozen=True)
class Button:
    """An action as one person's page shows it."""

    url: str
    label: Promise
    icon: str


ACTIONS = (
    Action("people:change", _("Change names or language"), "user-round-pen", to_active),
    Action("people:move", pgettext_lazy("staff", "Move"), "arrow-right-left", to_active),
    Action("people:lend", _("Lend to another section"), "arrow-left-right", to_active),
    Action("people:roles", _("Roles"), "shield-check", to_role_holder),
    Action("people:person_sign_in", _("Sign-in"), "key-round", to_resettable),
    Action("mentors:appoint", _("Appoint as career teacher"), "graduation-cap", to_future_teacher),
    Action("cms:leave", _("Leaves"), "user-round-minus", to_others),
    Action("people:come_back", _("Take back"), "user-round-check", to_former),
    Action("accountability:data_of", _("Everything about this person"), "archive", to_any_other),
    Action("accountability:erase", _("Make anonymous"), "eraser", to_former),
)
# Each needs POST and a page of its own; the list shows ticks as soon as there is one.
ROW_ACTIONS: tuple[RowAction, ...] = ()


def buttons(keeper: User, person: User) -> list[Button]:
    """Return what `keeper` may do to the person."""
    return [
        Button(reverse(action.view, args=[person.staff_number]), action.label, action.icon)
        for action in ACTIONS
        if action.offered(keeper, person)
    ]
