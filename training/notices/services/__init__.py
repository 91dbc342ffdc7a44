"""What is done to notices: telling, reading, choosing how one is told, sending, forgetting."""

from .choosing import choose
from .delivering import deliver_due, give_up_broken_off
from .facts import storable
from .planning import WEEK, digest_moment, plan_digest, send_test
from .pruning import prune
from .reading import mark_read, mark_unread
from .telling import UnknownNoticeError, notify

__all__ = [
    "WEEK",
    "UnknownNoticeError",
    "choose",
    "deliver_due",
    "digest_moment",
    "give_up_broken_off",
    "mark_read",
    "mark_unread",
    "notify",
    "plan_digest",
    "prune",
    "send_test",
    "storable",
]
