"""What a channel is, and the message it is given. To add one: subclass `Channel`, name it in NOTICE_CHANNELS."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext

from training.people.models import User
from training.people.models.staff import UserQuerySet


class DeliveryError(Exception):
    """Why a message did not go; `message` (lazy) is for the administrator, in their language. No secrets in it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class NotSentError(DeliveryError):
    """The message certainly did not arrive; it is tried again."""


class UncertainError(DeliveryError):
    """The message may have arrived; it is not sent again, because nobody is told twice."""


@dataclass(frozen=True)
class Item:
    """One thing told, and the absolute address it leads to."""

    text: str
    url: str


@dataclass(frozen=True)
class Group:
    """Items under a heading; `more` is how many were left out, `unsubscribe_url` ends this kind of message."""

    heading: str
    items: Sequence[Item]
    more: int = 0
    unsubscribe_url: str = ""


@dataclass(frozen=True)
class Message:
    """What one person is told at once, in their own language, which is active while a channel sends it."""

    id: str
    person: User
    language: str
    what: str
    subject: str
    groups: Sequence[Group]
    inbox_url: str
    settings_url: str
    centre: str = ""
    address: str = ""  # another than the person's on record: one they are asked to confirm
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many things are told, those left out included."""
        return sum(len(group.items) + group.more for group in self.groups)

    @property
    def plain_text(self) -> str:
        """Everything as lines of text."""
        lines: list[str] = []
        for group in self.groups:
            lines += [group.heading, *(f"- {item.text}\n  {item.url}" for item in group.items)]
            if group.more:
                lines.append("- " + gettext("%(n)s more in your inbox") % {"n": group.more})
            lines.append("")
        return "\n".join([*lines, self.inbox_url]).rstrip("\n")


class Channel(ABC):
    """One way out. `key` stands in rows and addresses, so it must never change."""

    key: ClassVar[str]
    name: ClassVar[Any]

    @abstractmethod
    def problem(self) -> str:
        """Return why nothing can be sent yet, in words for an administrator; "" when all is well."""

    @abstractmethod
    def reach(self, people: UserQuerySet) -> UserQuerySet:
        """Keep the people this channel knows an address of."""

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send the message. Raises `NotSentError` or `UncertainError`."""
