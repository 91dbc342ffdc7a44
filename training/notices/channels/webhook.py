"""Notices by webhook: one POST of JSON, to a gateway of the centre's own or to a group robot of WeCom or DingTalk."""

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.people.models.staff import UserQuerySet

from .base import Channel, Message, NotSentError, UncertainError
from .formats import FORMATS, Request

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BYTES = 64 * 1024


class WebhookChannel(Channel):
    """Sends to the one address in the settings. Follows no redirect, and trusts no certificate it cannot verify."""

    key = "webhook"
    name = _("Webhook")

    def problem(self) -> str:
        address = urlsplit(settings.NOTICE_WEBHOOK_URL)
        if not address.hostname:
            return gettext("No address is set: NOTICE_WEBHOOK_URL is empty.")
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
            return gettext("The address must begin with https.")
        if settings.NOTICE_WEBHOOK_FORMAT not in FORMATS:
            return gettext("NOTICE_WEBHOOK_FORMAT must be one of %(names)s.") % {"names": ", ".join(FORMATS)}
        if settings.NOTICE_WEBHOOK_FORMAT == "generic" and not settings.NOTICE_WEBHOOK_SECRET:
            return gettext("No secret is set: NOTICE_WEBHOOK_SECRET is empty, so the receiver could trust nothing.")
        return ""

    def reach(self, people: UserQuerySet) -> UserQuerySet:
        return people

    def send(self, message: Message) -> None:
        if problem := self.problem():
            raise NotSentError(problem)
        chosen = FORMATS[settings.NOTICE_WEBHOOK_FORMAT]
        request = chosen.request(message, secret=settings.NOTICE_WEBHOOK_SECRET, seconds=time.time())
        status, answer = post(settings.NOTICE_WEBHOOK_URL, request)
        if not 200 <= status < 300:
            raise NotSentError(_("The receiver answered %(code)s.") % {"code": status})
        if chosen.tells_errcode and (code := answer.get("errcode")) != 0:
            raise NotSentError(_("The robot answered errcode %(code)s.") % {"code": code})


def post(url: str, request: Request) -> tuple[int, Mapping[str, Any]]:
    """POST once and return status and JSON answer ({} when it is none).

    Raises `NotSentError` while nothing was sent, `UncertainError` from then on. Neither tells the address, which for
    a robot is the secret.
    """
    connection = connection_to(url)
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        raise NotSentError(_("The receiver's certificate cannot be verified.")) from error
    except OSError as error:
        raise NotSentError(_("The receiver cannot be reached.")) from error
    try:
        address = urlsplit(url)
        query = "&".join(filter(None, (address.query, request.query)))
        connection.request("POST", f"{address.path or '/'}{'?' if query else ''}{query}", request.body, request.headers)
        response = connection.getresponse()
        return response.status, as_json(response.read(MOST_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise UncertainError(_("The receiver did not answer properly.")) from error
    finally:
        connection.close()


def connection_to(url: str) -> http.client.HTTPConnection:
    """Return an unopened connection; of https the certificate is verified."""
    address, seconds = urlsplit(url), settings.NOTICE_TIMEOUT_SECONDS
    assert address.hostname
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(address.hostname, address.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(address.hostname, address.port, timeout=seconds)


def as_json(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
