"""The pages behind the login: one's own certificates, those of overseen staff, the PDF, revoking."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.factories.certificates import AchievementFactory, issued, noon, revoked
from tests.factories.people import AccessFactory, DepartmentFactory, PostingFactory, UserFactory
from training.certificates.models import Certificate, Revocation
from training.certificates.services import ask_revocation
from training.lib.pdf import PdfError
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-11-23T10:42:07+08:00", tick=False):
        yield


@pytest.fixture
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF drawn")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def asked(certificate: Certificate, by: User | None = None) -> Revocation:
    return ask_revocation(
        certificate=certificate,
        category="misconduct",
        reason="Answers were copied",
        by=by or UserFactory(hr=True),
        at=noon(date(2026, 11, 22)),
    )


# one's own


def test_mine_lists_what_expires_first_first_and_what_is_over_below() -> None:
    holder = UserFactory()
    names = {"soon": date(2025, 12, 20), "later": date(2026, 6, 1), "gone": date(2025, 1, 1)}
    for name, day in names.items():
        issued(holder=holder, achievement=AchievementFactory(name={"en": name}), on=day)
    issued(holder=holder, achievement=AchievementFactory(name={"en": "endless"}, valid_months=None))
    issued(achievement=AchievementFactory(name={"en": "somebody else's"}))

    body = signed_in(holder).get("/certificates/").content.decode()

    assert re.findall(r'class="what">([^<]+)<', body) == ["soon", "later", "endless", "gone"]
    text = " ".join(unescape(strip_tags(body)).split())
    assert "3 certificates are in force; the first to end has its last day on Sat 19 Dec, in 26 days." in text


def test_mine_empty_says_how_to_get_one() -> None:
    text = words(signed_in(UserFactory()).get("/certificates/"))

    assert "No certificate yet" in text
    assert "See the exams" in text


def test_mine_asks_as_much_for_one_as_for_twenty() -> None:
    few, many = UserFactory(), UserFactory()
    issued(holder=few)
    for _turn in range(20):
        issued(holder=many)
    counts = []
    for person in (few, many):
        client = signed_in(person)
        with CaptureQueriesContext(connection) as captured:
            client.get("/certificates/")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_ones_own_shows_everything_printed_and_what_it_was_earned_by() -> None:
    certificate = issued()

    text = words(signed_in(certificate.holder).get(f"/certificates/{certificate.number}/"))

    for fact in ("周敏", "岗位能力证书", "has passed the exam", certificate.number, "Exam on population services"):
        assert fact in text


def test_the_holder_is_not_told_that_a_revocation_is_asked_for() -> None:
    certificate = issued()
    asked(certificate)

    assert "second person" not in words(signed_in(certificate.holder).get(f"/certificates/{certificate.number}/"))


@pytest.mark.parametrize(
    ("state", "said"),
    [("revoked", "Reason: Exam misconduct"), ("replaced", "Replaced by number"), ("expired", "The last day was")],
)
def test_what_is_over_says_why(state: str, said: str) -> None:
    certificate = issued(on=date(2025, 10, 1) if state == "expired" else date(2026, 11, 1))
    if state == "revoked":
        revoked(certificate)
    if state == "replaced":
        issued(holder=certificate.holder, achievement=certificate.achievement)

    assert said in words(signed_in(certificate.holder).get(f"/certificates/{certificate.number}/"))


# whose one sees


def test_overseers_see_their_staff_and_others_get_the_404_of_what_does_not_exist() -> None:
    mine, other = DepartmentFactory(), DepartmentFactory()
    inside = issued(holder=UserFactory(department=mine))
    outside = issued(holder=UserFactory(department=other))
    client = signed_in(UserFactory(department=mine, head=True, head_grant__department=mine))

    assert client.get(f"/certificates/{inside.number}/").status_code == 200
    for page in ("", "pdf/"):
        refused = client.get(f"/certificates/{outside.number}/{page}")
        unknown = client.get(f"/certificates/BH-2026-999999/{page}")
        assert refused.status_code == unknown.status_code == 404
        assert plain(refused) == plain(unknown)


def plain(answer: HttpResponse) -> str:
    """The body without the address asked for and its tokens."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())


def test_a_colleague_sees_nothing() -> None:
    certificate = issued()
    colleague = UserFactory(department=certificate.holder.department, clerk=True)

    assert signed_in(colleague).get(f"/certificates/{certificate.number}/").status_code == 404


def test_without_login_only_the_public_check_is_open() -> None:
    certificate = issued()

    for page in ("", f"{certificate.number}/", f"{certificate.number}/pdf/", "revocations/"):
        assert Client().get(f"/certificates/{page}").status_code == 302


# the PDF


@pytest.mark.usefixtures("_no_drawing")
def test_the_pdf_is_a_download_that_nothing_keeps_and_is_stored_on_the_way() -> None:
    certificate = issued()

    answer = signed_in(certificate.holder).get(f"/certificates/{certificate.number}/pdf/")

    assert b"".join(answer.streaming_content) == b"%PDF drawn"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "Last-Modified" not in answer
    certificate.refresh_from_db()
    assert certificate.pdf_sha256


def test_a_pdf_that_cannot_be_drawn_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_facts: object) -> bytes:
        raise PdfError("no font has it")

    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", fails)
    certificate = issued()

    answer = signed_in(certificate.holder).get(f"/certificates/{certificate.number}/pdf/", follow=True)

    assert "Tell the administrator" in words(answer)


@pytest.mark.usefixtures("_no_drawing")
def test_the_stored_file_has_no_public_address() -> None:
    certificate = issued()
    client = signed_in(certificate.holder)
    client.get(f"/certificates/{certificate.number}/pdf/")
    certificate.refresh_from_db()

    assert certificate.pdf.name
    assert client.get(f"/media/{certificate.pdf.name}").status_code == 404
    assert not Path(settings.PRIVATE_ROOT).is_relative_to(settings.MEDIA_ROOT)


# revoking

REASON = {"category": "misconduct", "reason": "Answers were copied"}


def test_two_people_revoke_a_certificate() -> None:
    certificate = issued()
    first, second = UserFactory(hr=True), UserFactory(director=True)

    answer = signed_in(first).post(f"/certificates/{certificate.number}/revoke/", REASON, follow=True)
    assert "stays valid until a second person confirms" in words(answer)
    page = signed_in(second).get("/certificates/revocations/")
    assert "Answers were copied" in words(page)
    decided = signed_in(second).post(
        f"/certificates/revocations/{Revocation.objects.get().pk}/", {"decision": "confirm"}, follow=True
    )

    assert f"Certificate {certificate.number} is revoked." in words(decided)
    assert Client().get(f"/verify/{certificate.code}/").status_code == 410


def test_who_asked_sees_no_buttons_and_a_forged_post_is_refused_in_words() -> None:
    certificate, first = issued(), UserFactory(hr=True)
    revocation = asked(certificate, by=first)
    client = signed_in(first)

    assert "Revoke the certificate" not in words(client.get("/certificates/revocations/"))
    answer = client.post(f"/certificates/revocations/{revocation.pk}/", {"decision": "confirm"}, follow=True)

    assert "A second person must decide" in words(answer)
    assert Revocation.objects.get().state == Revocation.State.ASKED


def test_a_refusal_keeps_the_certificate() -> None:
    certificate = issued()
    revocation = asked(certificate)

    signed_in(UserFactory(administrator=True)).post(
        f"/certificates/revocations/{revocation.pk}/", {"decision": "refuse"}
    )

    assert Client().get(f"/verify/{certificate.code}/").status_code == 200


def test_no_decision_changes_nothing() -> None:
    revocation = asked(issued())

    answer = signed_in(UserFactory(hr=True)).post(f"/certificates/revocations/{revocation.pk}/", {}, follow=True)

    assert "Choose whether to confirm or to refuse" in words(answer)
    assert Revocation.objects.get().state == Revocation.State.ASKED


def test_without_a_reason_the_form_says_so_and_keeps_what_was_chosen() -> None:
    certificate = issued()

    answer = signed_in(UserFactory(hr=True)).post(
        f"/certificates/{certificate.number}/revoke/", {"category": "mistake", "reason": " "}
    )

    assert "Write down why" in words(answer)
    assert re.search(r'value="mistake"[^>]* checked', answer.content.decode())
    assert not Revocation.objects.exists()


def test_asking_twice_says_that_it_waits_already() -> None:
    certificate = issued()
    asked(certificate)

    answer = signed_in(UserFactory(hr=True)).post(f"/certificates/{certificate.number}/revoke/", REASON)

    assert "asked to revoke this certificate already" in words(answer)


def test_fields_that_nobody_offered_are_ignored() -> None:
    certificate, first = issued(), UserFactory(hr=True)
    forged = REASON | {"state": "confirmed", "asked_by": UserFactory().pk, "decided_by": UserFactory().pk}

    signed_in(first).post(f"/certificates/{certificate.number}/revoke/", forged)

    row = Revocation.objects.get()
    assert (row.state, row.asked_by, row.decided_by) == (Revocation.State.ASKED, first, None)


@pytest.mark.parametrize("role", ["clerk", "teacher", "head", "auditor", "editor"])
def test_other_roles_may_not_revoke(role: str) -> None:
    certificate = issued()
    client = signed_in(UserFactory(department=certificate.holder.department, **{role: True}))

    assert client.post(f"/certificates/{certificate.number}/revoke/", REASON).status_code == 403
    assert client.get("/certificates/revocations/").status_code == 403
    assert not Revocation.objects.exists()


def test_only_over_the_departments_held_as_such() -> None:
    kept, headed, elsewhere = DepartmentFactory(), DepartmentFactory(), DepartmentFactory()
    keeper = UserFactory(hr=True, hr_grant__department=kept, head=True, head_grant__department=headed)
    mentee = UserFactory(department=elsewhere)
    AccessFactory(viewer=keeper, subject=mentee)
    seconded = PostingFactory(person__department=elsewhere, department=kept).person
    client = signed_in(keeper)

    def status(holder: User) -> int:
        return client.get(f"/certificates/{issued(holder=holder).number}/revoke/").status_code

    assert status(UserFactory(department=kept)) == 200
    assert status(seconded) == 200
    assert status(UserFactory(department=headed)) == 404
    assert status(mentee) == 404


def test_the_list_and_the_decision_stop_at_the_same_wall() -> None:
    kept = DepartmentFactory()
    revocation = asked(issued(holder=UserFactory(display_name="CANARY")))
    client = signed_in(UserFactory(hr=True, hr_grant__department=kept))

    assert "CANARY" not in words(client.get("/certificates/revocations/"))
    assert client.post(f"/certificates/revocations/{revocation.pk}/", {"decision": "confirm"}).status_code == 404


def test_a_certificate_is_opened_by_its_number_within_the_same_wall() -> None:
    kept = DepartmentFactory()
    inside, outside = issued(holder=UserFactory(department=kept)), issued()
    client = signed_in(UserFactory(hr=True, hr_grant__department=kept))

    found = client.get("/certificates/revocations/", {"number": f" {inside.number.lower()} "})
    refused = client.get("/certificates/revocations/", {"number": outside.number})

    assert (found.status_code, found["Location"]) == (302, f"/certificates/{inside.number}/")
    assert "No certificate of the staff you oversee has this number" in words(refused)


def test_deciding_takes_a_post() -> None:
    revocation = asked(issued())

    assert signed_in(UserFactory(hr=True)).get(f"/certificates/revocations/{revocation.pk}/").status_code == 405


def test_the_list_asks_as_much_for_one_as_for_ten() -> None:
    reader = UserFactory(hr=True)
    counts = []
    for more in (1, 9):
        for _turn in range(more):
            asked(issued())
        client = signed_in(reader)
        with CaptureQueriesContext(connection) as captured:
            client.get("/certificates/revocations/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
