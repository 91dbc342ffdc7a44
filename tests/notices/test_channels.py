"""Channels against receivers on loopback: what arrives, in whose language, and what each failure means."""

import base64
import datetime as dt
import hashlib
import hmac
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings
from django.utils import translation

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.receivers import MailServer, free_port, mail_server, webhook
from tests.notices.telling import told
from training.notices.channels import Message, NotSentError, UncertainError
from training.notices.channels.email import EmailChannel
from training.notices.channels.webhook import WebhookChannel
from training.notices.queries.messages import message
from training.people.models import User

SECRET = "s3cret-of-the-robot"


@pytest.fixture
def person(db: None) -> User:
    CentreFactory()
    return UserFactory(email="li.na@example.org", display_name="李娜", latin_name="", language="zh-hans")


def message_to(person: User, subject: str = "Your week") -> Message:
    notices = [
        told(person, course={"en": "Queues", "zh-hans": "叫号服务"}),
        told(person, "exam.scored", path="/exams/"),
    ]
    with translation.override(person.language):
        return message(key="d1", person=person, channel="email", what="digest", subject=subject, notices=notices)


@contextmanager
def mailing_to(server: MailServer | None) -> Iterator[None]:
    port = server.port if server else free_port()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        DEFAULT_FROM_EMAIL="centre@example.org",
        PUBLIC_URL="https://training.example",
    ):
        yield


def mailed(message: Message) -> None:
    with translation.override(message.language):
        EmailChannel().send(message)


def test_a_mail_arrives_as_text_and_html_in_the_reader_s_language(person: User) -> None:
    with mail_server() as server, mailing_to(server):
        mailed(message_to(person))
    [mail] = server.mails
    assert server.recipients == ["rcpt TO:<li.na@example.org>"]
    assert (mail["From"], mail["To"]) == ("centre@example.org", "li.na@example.org")
    assert mail["Message-ID"] == "<d1@notices>"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        assert "叫号服务" in body
        assert "https://training.example/exams/" in body
        assert "https://training.example/notices/unsubscribe/" in body
        assert "滨海区政务服务中心" in body
    assert '<html lang="zh-hans">' in html
    assert mail["List-Unsubscribe"].strip().startswith("<https://training.example/notices/unsubscribe/")


def test_a_fact_cannot_write_headers_or_markup(person: User) -> None:
    person.language = "en"
    with mail_server() as server, mailing_to(server):
        told_of = message_to(person, subject="Hello\nBcc: everybody@example.org")
        mailed(told_of)
        notices = [told(person, "role.granted", role="<script>alert(1)</script>")]
        mailed(message(key="d2", person=person, channel="email", what="x", subject="x", notices=notices))
    first, second = server.mails
    assert first["Bcc"] is None
    assert first["Subject"] == "Hello Bcc: everybody@example.org"
    assert "<script>" not in second.get_body(("html",)).get_content()
    assert "<script>" in second.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ({"refuses": "451 try later"}, NotSentError),
        ({"refuses": "550 no"}, NotSentError),
        ({"hangs_up": True}, UncertainError),
    ],
)
def test_a_mail_server_s_no_is_a_no_and_its_silence_is_none(
    person: User, behaviour: dict[str, Any], error: type[Exception]
) -> None:
    with mail_server(**behaviour) as server, mailing_to(server), pytest.raises(error):
        mailed(message_to(person))
    assert server.mails == []


def test_no_mail_server_is_told_as_such(person: User) -> None:
    with mailing_to(None), pytest.raises(NotSentError, match="cannot be reached"):
        mailed(message_to(person))


def test_mail_reaches_confirmed_addresses_alone(person: User) -> None:
    nameless = UserFactory()
    UserFactory(email="a@example.org", email_confirmed_at=None)
    assert set(EmailChannel().reach(User.objects.all())) == {person}
    assert nameless.email == ""


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"EMAIL_HOST": ""}, "EMAIL_HOST"),
        ({"DEFAULT_FROM_EMAIL": "webmaster@localhost"}, "DEFAULT_FROM_EMAIL"),
        ({"EMAIL_HOST": "mail", "DEFAULT_FROM_EMAIL": "centre@example.org"}, ""),
    ],
)
def test_the_mail_channel_says_what_it_lacks(settings: dict[str, str], says: str) -> None:
    with override_settings(**settings):
        problem = EmailChannel().problem()
    assert says in problem
    assert bool(problem) == bool(says)


def hooked(message: Message, url: str, style: str = "generic") -> None:
    with (
        override_settings(NOTICE_WEBHOOK_URL=url, NOTICE_WEBHOOK_FORMAT=style, NOTICE_WEBHOOK_SECRET=SECRET),
        translation.override(message.language),
    ):
        WebhookChannel().send(message)


def test_our_own_format_tells_everything_and_is_signed(person: User) -> None:
    with webhook() as far_end:
        hooked(message_to(person), f"{far_end.url}/in?centre=bh")
    [got] = far_end.requests
    assert got.path == "/in?centre=bh"
    signed = got.headers["X-Timestamp"].encode() + b"." + got.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["X-Signature"] == f"sha256={expected}"
    assert got.headers["X-Delivery-Id"] == got.told["id"] == "d1"
    assert got.told["staff_number"] == person.staff_number
    assert "叫号服务" in got.told["text"]
    assert [group["heading"] for group in got.told["groups"]] == ["考试与成绩", "课程与政策"]
    assert person.email not in got.body.decode()


@pytest.mark.parametrize("style", ["wecom", "dingtalk"])
def test_a_group_robot_is_told_for_whom_and_never_what(person: User, style: str) -> None:
    with webhook() as far_end:
        hooked(message_to(person), f"{far_end.url}/send?key=k", style)
    told_of = far_end.requests[0].told
    assert told_of["msgtype"] == "text"
    content = told_of["text"]["content"]
    assert "李娜" in content
    assert "/notices/" in content
    assert "叫号服务" not in far_end.requests[0].body.decode()
    assert "87" not in content.replace(person.staff_number, "")
    mentioned = told_of["text"].get("mentioned_list") or told_of["at"]["atUserIds"]
    assert mentioned == [person.staff_number]


def test_dingtalk_s_address_is_signed(person: User) -> None:
    with webhook() as far_end:
        hooked(message_to(person), f"{far_end.url}/robot/send?access_token=t", "dingtalk")
    query = parse_qs(urlsplit(far_end.requests[0].path).query)
    [timestamp] = query["timestamp"]
    digest = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert query["access_token"] == ["t"]
    assert len(timestamp) == 13


@pytest.mark.parametrize("style", ["wecom", "dingtalk"])
def test_a_robot_that_says_no_with_status_200_has_said_no(person: User, style: str) -> None:
    answer = b'{"errcode": 45009, "errmsg": "too often"}'
    with webhook(answer=answer) as far_end, pytest.raises(NotSentError, match="45009"):
        hooked(message_to(person), far_end.url, style)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ({"status": 500}, NotSentError),
        ({"status": 429}, NotSentError),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:9/"}}, NotSentError),
        ({"hangs_up": True}, UncertainError),
    ],
)
def test_what_a_receiver_answers_decides(person: User, behaviour: dict[str, Any], error: type[Exception]) -> None:
    with webhook(**behaviour) as far_end, pytest.raises(error):
        hooked(message_to(person), far_end.url)
    assert len(far_end.requests) == 1


def test_no_redirect_is_followed(person: User) -> None:
    with webhook() as elsewhere:
        with (
            webhook(status=307, headers={"Location": elsewhere.url}) as far_end,
            pytest.raises(NotSentError),
        ):
            hooked(message_to(person), far_end.url)
        assert elsewhere.requests == []


def test_a_slow_receiver_is_not_waited_for(person: User) -> None:

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with override_settings(NOTICE_TIMEOUT_SECONDS=0.2), pytest.raises(UncertainError):
            hooked(message_to(person), f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_nobody_there_is_certain(person: User) -> None:
    with pytest.raises(NotSentError):
        hooked(message_to(person), f"http://127.0.0.1:{free_port()}/")


def self_signed(folder: Path) -> Path:
    """Write key and certificate of nobody known."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "both.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


def test_a_certificate_nobody_vouches_for_is_refused(person: User, tmp_path: Path) -> None:
    with webhook(tls=self_signed(tmp_path)) as far_end, pytest.raises(NotSentError):
        hooked(message_to(person), far_end.url)
    assert far_end.requests == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"NOTICE_WEBHOOK_URL": ""}, "NOTICE_WEBHOOK_URL"),
        ({"NOTICE_WEBHOOK_URL": "http://gateway.example/"}, "https"),
        ({"NOTICE_WEBHOOK_URL": "file:///etc/passwd"}, "NOTICE_WEBHOOK_URL"),
        ({"NOTICE_WEBHOOK_URL": "https://gateway.example/", "NOTICE_WEBHOOK_FORMAT": "x"}, "dingtalk"),
        ({"NOTICE_WEBHOOK_URL": "https://gateway.example/", "NOTICE_WEBHOOK_SECRET": ""}, "secret"),
        ({"NOTICE_WEBHOOK_URL": "https://gateway.example/", "NOTICE_WEBHOOK_SECRET": "x"}, ""),
    ],
)
def test_the_webhook_says_what_it_lacks(settings: dict[str, str], says: str) -> None:
    with override_settings(**settings):
        problem = WebhookChannel().problem()
    assert says in problem
    assert bool(problem) == bool(says)


def test_no_secret_is_in_an_error_or_a_log(person: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"http://127.0.0.1:{free_port()}/send?key=KEY-IN-THE-ADDRESS"
    with pytest.raises(NotSentError) as nobody:
        hooked(message_to(person), url, "dingtalk")
    with webhook(status=500) as far_end, pytest.raises(NotSentError) as refused:
        hooked(message_to(person), f"{far_end.url}/send?key=KEY-IN-THE-ADDRESS", "dingtalk")
    said = f"{nobody.value} {refused.value} {caplog.text}"
    assert "KEY-IN-THE-ADDRESS" not in said
    assert SECRET not in said
