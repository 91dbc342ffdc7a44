"""What is done to notices: telling, reading, choosing how one is told, sending."""

from .addresses import (
    LINK_WORKS,
    MAIL,
    AddressError,
    ask_to_confirm,
    confirm,
    forget_address,
    give_up_link,
    working_link,
)
from .choosing import choose
from .delivering import deliver_due, give_up_broken_off
from .facts import storable
from .planning import WEEK, digest_moment, plan_digest, send_test
from .reading import mark_read, mark_unread
from .telling import UnknownNoticeError, notify, notify_many

__all__ = [
    "LINK_WORKS",
    "MAIL",
    "WEEK",
    "AddressError",
    "UnknownNoticeError",
    "ask_to_confirm",
    "choose",
    "confirm",
    "deliver_due",
    "digest_moment",
    "forget_address",
    "give_up_broken_off",
    "give_up_link",
    "mark_read",
    "mark_unread",
    "notify",
    "notify_many",
    "plan_digest",
    "send_test",
    "storable",
    "working_link",
]
