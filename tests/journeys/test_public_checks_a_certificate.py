"""Somebody with the paper in hand checks its code; HR asks to take the certificate back, the director confirms."""

import re

import pytest
from django.utils import timezone

from tests.journeys.conftest import Arrivals
from training.certificates.models import Certificate, Revocation
from training.operations.models import AuditEvent

pytestmark = pytest.mark.journey

UNKNOWN = "7K2M Q9XA 40TB VE6H Z"


def test_a_certificate_is_valid_until_two_people_took_it_back(arrive: Arrivals) -> None:
    exams = Certificate.objects.filter(achievement__code="service-rules").valid_on(timezone.localdate())
    certificate = exams.select_related("holder").latest("pk")
    as_read_aloud = " ".join(re.findall(".{1,4}", certificate.code.lower()))
    outsider = arrive()
    outsider.open("/verify/")
    outsider.page.get_by_label("Code on the certificate").fill(as_read_aloud)
    outsider.press("Check", exact=True)
    outsider.is_at(re.compile("Valid"))
    outsider.sees(certificate.number, certificate.holder_name, certificate.holder_latin_name)

    outsider.page.get_by_label("Check another").fill(UNKNOWN)
    outsider.expected_status = 404
    outsider.press("Check", exact=True)
    outsider.is_at(re.compile("Not found"))
    outsider.sees("Compare the code with the paper")

    hr = arrive("hr")
    hr.open("/certificates/")
    hr.follow("Revocations to decide")
    hr.page.get_by_label("Number of the certificate").fill(certificate.number.lower())
    hr.press("Open the certificate")
    hr.follow("Ask to revoke it")
    hr.tap(hr.page.get_by_label("Issued by mistake"))
    hr.page.get_by_label("Reason", exact=True).fill("The paper was drawn from a bank that had been copied.")
    hr.press("Ask to revoke it")
    hr.sees("Asked. The certificate stays valid until a second person confirms.")
    outsider.open(f"/verify/{certificate.code}/")
    outsider.is_at(re.compile("Valid"))
    hr.open("/certificates/revocations/")
    hr.sees("A second person must decide")

    director = arrive("director")
    director.open("/certificates/revocations/")
    director.sees("The paper was drawn from a bank that had been copied.")
    director.tap(director.page.get_by_role("link", name="Revoke the certificate"))
    dialog = director.page.get_by_role("dialog")
    director.look()
    director.press("Revoke it", within=dialog)
    director.sees(f"Certificate {certificate.number} is revoked.")

    outsider.open(f"/verify/{certificate.code}/", status=410)
    outsider.is_at(re.compile("Revoked"))
    outsider.sees("It is no longer in force.")
    revocation = Revocation.objects.get(certificate=certificate)
    assert (revocation.asked_by.staff_number, revocation.decided_by.staff_number) == ("hr", "director")
    assert set(AuditEvent.objects.filter(action__contains="revo").values_list("actor_name", flat=True)) == {
        "孙磊 Sun Lei",
        "顾远航 Gu Yuanhang",
    }
