"""The public check: five answers in words, the same silence for all that is not ours, no private data, a limit."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.factories.authorisations import AuthorisationFactory, ConditionFactory, SuspensionFactory
from tests.factories.certificates import AchievementFactory, issued, revoked
from tests.factories.people import CentreFactory, UserFactory
from training.authorisations.models import Authorisation, Entrustment
from training.certificates.limits import CHECKS_A_MINUTE
from training.certificates.models import Certificate
from training.certificates.rules import format_verify_code
from training.people.models import User

pytestmark = pytest.mark.django_db

UNKNOWN = "7777777777777777"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-11-23T10:42:07+08:00", tick=False):
        yield


def check(certificate: Certificate, client: Client | None = None) -> HttpResponse:
    return (client or Client()).get(f"/verify/{certificate.code}/")


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def heading(answer: HttpResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert found
    return strip_tags(found[1])


def replaced() -> Certificate:
    old = issued(on=date(2026, 10, 1))
    issued(holder=old.holder, achievement=old.achievement, on=date(2026, 11, 2))
    return old


def taken_back() -> Certificate:
    certificate = issued(on=date(2026, 10, 1))
    revoked(certificate, on=date(2026, 11, 2))
    return certificate


# the five answers


def test_valid() -> None:
    answer = check(issued())

    assert answer.status_code == 200
    assert heading(answer).startswith("Valid")
    assert "issued by us and is in force today" in words(answer)


def test_expired() -> None:
    answer = check(issued(on=date(2025, 11, 1)))

    assert answer.status_code == 200
    assert heading(answer).startswith("Expired")
    assert "Its last day was 31 October 2026, 23 days ago" in words(answer)


def test_replaced_names_the_newer_one_but_not_its_code() -> None:
    old = replaced()

    answer = check(old)

    assert heading(answer).startswith("Replaced")
    assert f"Number {old.superseded_by.number} replaced it on 2 November 2026" in words(answer)
    assert old.superseded_by.code not in answer.content.decode()
    assert format_verify_code(old.superseded_by.code) not in answer.content.decode()


def test_revoked_says_when_and_what_kind_of_reason_and_410() -> None:
    certificate = taken_back()

    answer = check(certificate)

    assert answer.status_code == 410
    assert heading(answer).startswith("Revoked")
    assert "taken back on 2 November 2026. Reason: Exam misconduct." in words(answer)
    assert "What the holder may handle" not in words(answer)
    assert certificate.number in words(answer)


def test_revoking_shows_on_the_very_next_check() -> None:
    certificate = issued()
    assert check(certificate).status_code == 200

    revoked(certificate)

    assert check(certificate).status_code == 410


def test_not_found_says_what_to_check() -> None:
    answer = Client().get(f"/verify/{UNKNOWN}7/")

    assert answer.status_code == 404
    assert heading(answer).startswith("Not found")
    assert "17 characters" in words(answer)


@pytest.mark.parametrize(("language", "word"), [("en", "Valid"), ("zh-hans", "有效")])
def test_the_verdict_stands_in_both_languages_the_readers_first(language: str, word: str) -> None:
    client = Client(headers={"accept-language": language})

    title = heading(check(issued(), client))

    assert title.startswith(word)
    assert {"Valid", "有效"} == set(title.split())


def test_it_says_when_it_was_checked_where_and_whom_to_call() -> None:
    centre = CentreFactory()
    centre.help_line = {"en": "0535 555 0121", "zh-hans": "0535 555 0121"}
    centre.save()

    text = words(check(certificate := issued()))

    assert "Checked Monday 23 November 2026 at 10:42:07, Beijing time." in text
    assert f"/verify/{certificate.code}/" in text
    assert "Something does not match? Call 0535 555 0121." in text


# what it says of the certificate


def test_facts_stay_as_printed_after_the_holder_is_renamed() -> None:
    certificate = issued()
    User.objects.filter(pk=certificate.holder_id).update(display_name="新名字", latin_name="New Name")

    text = words(check(certificate))

    assert "周敏 Zhou Min" in text
    assert "新名字" not in text
    assert "New Name" not in text


def test_a_certificate_without_end_says_so() -> None:
    assert "Without end date" in words(check(issued(achievement=AchievementFactory(valid_months=None))))


def test_it_outlives_its_holder() -> None:
    certificate = issued(holder=AuthorisationFactory().person)
    Certificate.objects.filter(pk=certificate.pk).update(holder=None)

    text = words(check(certificate))

    assert "周敏" not in text
    assert certificate.holder_name in text
    assert "Not at present" in text


def test_what_the_holder_might_handle_then_and_may_handle_today() -> None:
    person = UserFactory()
    AuthorisationFactory(person=person, matter__name={"en": "Change of address"}, matter__code="a")
    grown = AuthorisationFactory(
        person=person,
        matter__name={"en": "Permit, renewal"},
        matter__code="b",
        entrustment=Entrustment.DIRECT,
        practised_on=date(2026, 3, 1),
    )
    lost = AuthorisationFactory(person=person, matter__name={"en": "Permit, first issue"}, matter__code="c")
    certificate = issued(holder=person, on=date(2026, 3, 1))
    Authorisation.objects.filter(pk=grown.pk).update(until=date(2026, 3, 1))
    AuthorisationFactory(person=person, matter=grown.matter, starts_on=date(2026, 3, 2))
    SuspensionFactory(authorisation=lost)
    gained = AuthorisationFactory(person=person, matter__name={"en": "Civil register"}, starts_on=date(2026, 11, 2))
    ConditionFactory(authorisation=gained, grace_until=date(2026, 11, 30))

    table = check(certificate).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    lines = re.sub(r"</t[dh]>", " | ", table).replace("<br>", " ").split("</tr>")
    rows = [" ".join(unescape(strip_tags(line)).split()) for line in lines]

    assert rows[:4] == [
        "Change of address | Alone | Alone |",
        "Permit, renewal | With a teacher beside | Alone since Mon 2 Mar |",
        "Permit, first issue | Alone | Not at present |",
        "Civil register | Not then | Alone since Mon 2 Nov Conditional until Mon 30 Nov |",
    ]


def test_somebody_who_left_may_handle_nothing_today() -> None:
    row = AuthorisationFactory()
    certificate = issued(holder=row.person)
    User.objects.filter(pk=row.person_id).update(is_active=False)

    assert "Not at present" in words(check(certificate))


def test_no_private_fact_on_any_answer() -> None:
    canaries = {"staff_number": "CANARY-1", "email": "canary@binhai.example"}
    certificates = [issued(), issued(on=date(2025, 1, 1)), replaced(), taken_back()]
    for place, certificate in enumerate(certificates):
        User.objects.filter(pk=certificate.holder_id).update(
            staff_number=f"{canaries['staff_number']}-{place}", email=canaries["email"]
        )

    for certificate in certificates:
        body = without_what_differs(check(certificate))  # a token by chance may hold any two digits
        for canary in (*canaries.values(), "REASON-4711", "87", str(certificate.holder.department)):
            assert canary not in body.replace(certificate.code, "").replace(format_verify_code(certificate.code), "")


# what it does not tell


def without_what_differs(answer: HttpResponse) -> str:
    """The body without its CSRF token and the address that was asked for, which the language button leads back to."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    body = re.sub(r'nonce="[^"]+"', "", body)
    return re.sub(r'name="next" value="[^"]*"', "", body)


def test_unknown_malformed_and_a_number_get_the_same_answer_for_the_same_work() -> None:
    number = issued().number
    answers, queries = [], []
    for code in (f"{UNKNOWN}7", f"{UNKNOWN}8", "x", "7" * 500, number, "\x00", "%", "' or 1=1"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(Client().get(f"/verify/{code}/".replace("%", "%25").replace("\x00", "%00")))
        queries.append([re.sub(r"'[^']*'", "?", query["sql"]) for query in captured.captured_queries])

    assert {answer.status_code for answer in answers} == {404}
    assert len({without_what_differs(answer) for answer in answers}) == 1
    assert len({tuple(sql) for sql in queries}) == 1


@pytest.mark.parametrize("write", [str.lower, format_verify_code, lambda code: f" {format_verify_code(code)} "])
def test_spaces_dashes_and_small_letters_are_fine(write: Any) -> None:
    certificate = issued()

    answer = Client().get("/verify/", {"code": write(certificate.code)})

    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{certificate.code}/")
    assert Client().get(f"/verify/{write(certificate.code)}/").status_code == 200


def test_whatever_is_typed_leads_to_an_answer_of_ours() -> None:
    for typed in ("../../etc", "a/b", "BH-2026-000001", "证书", "%2e%2e"):
        answer = Client().get("/verify/", {"code": typed}, follow=True)

        assert answer.status_code in {200, 404}
        assert "Not found" in words(answer) or "There is a problem" in words(answer)


@pytest.mark.parametrize("typed", ["", "   ", "---", "证书", "7" * 101])
def test_nothing_or_far_too_much_is_an_error_at_the_field(typed: str) -> None:
    answer = Client().get("/verify/", {"code": typed})

    assert answer.status_code == 200
    assert "<title>Error:" in " ".join(answer.content.decode().split()).replace("<title> ", "<title>")
    assert "There is a problem" in words(answer)


def test_the_first_page_asks_for_a_code_and_shows_no_error() -> None:
    answer = Client().get("/verify/")

    assert answer.status_code == 200
    assert "There is a problem" not in words(answer)


def test_nothing_is_kept_or_indexed() -> None:
    certificate = issued()
    for answer in (check(certificate), Client().get("/verify/"), Client().get(f"/verify/{UNKNOWN}/")):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.content.decode()


# the limit


def test_thirty_checks_a_minute_then_429_however_the_caller_calls_itself() -> None:
    certificate = issued()
    client = Client()
    for turn in range(CHECKS_A_MINUTE):
        assert check(certificate, Client(headers={"x-forwarded-for": f"10.0.0.{turn}"})).status_code == 200

    refused = check(certificate, Client(headers={"x-forwarded-for": "10.9.9.9"}))

    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert certificate.number not in words(refused)
    assert "Wait one minute" in words(refused)
    assert client.get(f"/verify/{certificate.code}/", REMOTE_ADDR="10.1.1.1").status_code == 200


def test_the_limit_is_over_with_the_minute() -> None:
    certificate = issued()
    for _turn in range(CHECKS_A_MINUTE + 1):
        answer = check(certificate)
    assert answer.status_code == 429

    with time_machine.travel("2026-11-23T10:43:00+08:00", tick=False):
        assert check(certificate).status_code == 200


def test_wrong_codes_count_too() -> None:
    certificate = issued()
    for _turn in range(CHECKS_A_MINUTE):
        Client().get(f"/verify/{UNKNOWN}/")

    assert check(certificate).status_code == 429


def test_a_check_writes_nothing_and_asks_little_for_ten_matters() -> None:
    person = UserFactory()
    AuthorisationFactory.create_batch(10, person=person)
    certificate = issued(holder=person)

    with CaptureQueriesContext(connection) as captured:
        check(certificate)

    assert len(captured) <= 5
    assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in captured.captured_queries)


def test_other_methods_are_refused() -> None:
    assert Client().put(f"/verify/{issued().code}/").status_code == 405
