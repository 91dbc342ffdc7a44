"""What a webhook's receiver wants to read: our own JSON, WeCom's (企业微信) or DingTalk's (钉钉)."""

import base64
import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote_plus

from django.utils.translation import ngettext

from .base import Message

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A body, its headers, and what is added to the address's query."""

    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    query: str = ""


def encoded(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


class Format(ABC):
    """`tells_errcode`: answers 200 whatever happened, and says in `errcode` whether it worked."""

    tells_errcode: ClassVar[bool] = False

    @abstractmethod
    def request(self, message: Message, *, secret: str, seconds: float) -> Request:
        """Return the request for this message at that time (seconds since 1970)."""


class Generic(Format):
    """Everything, for a gateway that passes it on to the person; signed over time and body, so that it trusts both."""

    def request(self, message: Message, *, secret: str, seconds: float) -> Request:
        timestamp = str(int(seconds))
        body = encoded(
            {
                "id": message.id,
                "what": message.what,
                "staff_number": message.person.staff_number,
                "name": message.person.display_name,
                "language": message.language,
                "subject": message.subject,
                "text": message.plain_text,
                "groups": [
                    {
                        "heading": group.heading,
                        "items": [{"text": item.text, "url": item.url} for item in group.items],
                        "more": group.more,
                    }
                    for group in message.groups
                ],
                "inbox_url": message.inbox_url,
            }
        )
        signature = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": JSON,
            "X-Delivery-Id": message.id,
            "X-Timestamp": timestamp,
            "X-Signature": f"sha256={signature}",
        }
        return Request(body, headers)


def discreet(message: Message) -> str:
    """Return what may be said in a group that others read too: for whom, how many, and where; never what."""
    words = ngettext(
        "%(name)s (%(number)s): %(n)s notice waits for you. %(url)s",
        "%(name)s (%(number)s): %(n)s notices wait for you. %(url)s",
        message.number,
    )
    told = {"name": message.person.display_name, "number": message.person.staff_number}
    return words % {**told, "n": message.number, "url": message.inbox_url}


class WeCom(Format):
    """A group robot of WeCom; its whole group reads along."""

    tells_errcode = True

    def request(self, message: Message, *, secret: str, seconds: float) -> Request:
        text = {"content": discreet(message), "mentioned_list": [message.person.staff_number]}
        return Request(encoded({"msgtype": "text", "text": text}))


class DingTalk(Format):
    """A group robot of DingTalk; its whole group reads along. With a secret the address carries a signature."""

    tells_errcode = True

    def request(self, message: Message, *, secret: str, seconds: float) -> Request:
        at = {"atUserIds": [message.person.staff_number], "isAtAll": False}
        body = encoded({"msgtype": "text", "text": {"content": discreet(message)}, "at": at})
        return Request(body, query=self.sign(secret, milliseconds=int(seconds * 1000)) if secret else "")

    @staticmethod
    def sign(secret: str, *, milliseconds: int) -> str:
        """Return timestamp and sign as DingTalk asks for them."""
        digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
        return f"timestamp={milliseconds}&sign={quote_plus(base64.b64encode(digest))}"


FORMATS: dict[str, Format] = {"generic": Generic(), "wecom": WeCom(), "dingtalk": DingTalk()}
