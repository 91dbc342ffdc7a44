"""What stands in the log: nothing secret, nothing personal, and one line for each thing that happened."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from assessments.models import Attempt
from tests.factories.assessments import exam_of, started
from tests.factories.mentors import NOW
from tests.factories.people import CentreFactory, UserFactory
from training.lib.logs import OneLine, one_line

PASSWORD, WORDS, TOKEN = "Geheim-pw-7Q", "Geschrieben-x7", "tok-Geheim-7"
NAME = "日志钱七"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server writes, warnings and what is worse, and what was asked for in vain too."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    requests = logging.getLogger("django.request")
    before = requests.level
    requests.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    requests.setLevel(before)


@pytest.mark.django_db
def test_neither_words_nor_secrets_nor_names_are_logged(log: io.StringIO) -> None:
    CentreFactory()
    person = UserFactory(display_name=NAME, staff_number="LOG77", email="log77@binhai.example")
    client = Client(raise_request_exception=False)
    for password in (PASSWORD, f"{PASSWORD}\n"):
        client.post("/accounts/login/", {"login": "LOG77", "password": password})
    client.force_login(person)
    attempt = started(exam_of("short_text"), person, at=NOW)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=NOW)
    for body in ({"revision": 0, "value": WORDS}, {"revision": "x", "value": WORDS}, {"value": [WORDS]}):
        client.post(f"/exams/attempt/{attempt.pk}/1/answer/", body, content_type="application/json")
    client.get("/api/v1/authorisations/", headers={"authorization": f"Bearer {TOKEN}"})
    client.post("/people/me/email/", {"address": "log77@binhai.example\n"})
    client.get(f"/people/{person.staff_number}/data/")
    client.get("/verify/", {"code": "x" * 200})
    said = log.getvalue()
    assert said.count("\n") >= 2, "something was logged"
    assert not [word for word in (PASSWORD, WORDS, TOKEN, NAME, "log77@") if word in said]


@pytest.mark.django_db
def test_nobody_writes_a_line_of_their_own(log: io.StringIO) -> None:
    CentreFactory()
    client = Client()
    client.get("/nowhere/%0AERROR%20django.request:%20made%20up/")
    client.get("/nowhere/%E2%80%A8ERROR%20made%20up/%1b[31m")
    logging.getLogger("training").warning("said: %s", "a\r\nERROR made up\u2028ERROR\x1b[2J")
    lines = log.getvalue().split("\n")
    assert not [line for line in lines if line.startswith("ERROR made up") or "\x1b" in line or "\u2028" in line]
    assert len([line for line in lines if "made up" in line]) == 3


def test_a_traceback_is_set_in_and_cannot_be_forged(log: io.StringIO) -> None:
    try:
        raise ValueError("a\nERROR made up")
    except ValueError:
        logging.getLogger("training").exception("broken")
    first, *others = log.getvalue().splitlines()
    assert first == "ERROR training: broken"
    assert others
    assert all(line.startswith("    ") for line in others)


@pytest.mark.parametrize(("said", "written"), [("a\nb", "a\\nb"), ("a\tb\x00", "a\\tb\\x00"), ("张伟 é", "张伟 é")])
def test_control_characters_are_spelt_out(said: str, written: str) -> None:
    assert one_line(said) == written


def test_the_server_writes_so() -> None:
    handler = settings.LOGGING["handlers"]["console"]
    assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "training.lib.logs.OneLine"
    assert settings.LOGGING["root"]["handlers"] == ["console"]
