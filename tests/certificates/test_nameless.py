"""Certificates of somebody who was made anonymous: checked by the paper in hand, naming nobody."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.accountability.test_personal_data import Steps
from tests.factories.certificates import issued, revoked
from tests.factories.people import CentreFactory, UserFactory
from training.certificates import services, tasks
from training.certificates.models import Certificate
from training.certificates.rules import code_left, name_digest, plain_name

pytestmark = pytest.mark.django_db
NAMES = {"display_name": "阿依古丽·买买提", "latin_name": "Ayigul Mamat"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-11-23T10:42:07+08:00", tick=False):
        yield


@pytest.fixture
def paper() -> Certificate:
    """The certificate as it was printed; in the database its holder is forgotten."""
    CentreFactory()
    certificate = issued(holder=UserFactory(**NAMES), on=date(2026, 11, 2))
    services.render(certificate.pk)
    kept = Certificate.objects.get(pk=certificate.pk)
    services.forget_holder(holder=certificate.holder)
    kept.pdf_name = kept.pdf.name
    return kept


def test_neither_name_nor_code_nor_pdf_is_kept(paper: Certificate) -> None:
    now = Certificate.objects.get(pk=paper.pk)
    said = str(list(Certificate.objects.filter(pk=paper.pk).values()))
    assert not [word for word in (*NAMES.values(), paper.code) if word in said]
    assert now.code == code_left(paper.code) != paper.code
    assert not now.pdf.storage.exists(paper.pdf_name)
    assert now.pdf_sha256 == paper.pdf_sha256
    assert services.forget_holder(holder=now.holder) == 0


def test_the_papers_code_still_finds_it(paper: Certificate) -> None:
    answer = Client().get(f"/verify/{paper.code}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "is in force today" in page
    assert "No longer kept here" in page
    assert paper.number in page
    assert "Compare the name" in page


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "阿依古丽 买买提", "Ayigul Mamat", " ayigul  mamat ", "ＡＹＩＧＵＬ Mamat"]
)
def test_the_printed_name_agrees_however_it_is_typed(paper: Certificate, name: str) -> None:
    assert "is the name that was printed" in Client().post(f"/verify/{paper.code}/", {"name": name}).content.decode()


@pytest.mark.parametrize("name", ["阿依古丽", "Ayigul Mamet", "Somebody Else", "·"])
def test_another_name_does_not(paper: Certificate, name: str) -> None:
    page = Client().post(f"/verify/{paper.code}/", {"name": name}).content.decode()
    assert "was not printed" in page
    assert "is the name that was printed" not in page


def test_no_name_is_asked_for(paper: Certificate) -> None:
    page = Client().post(f"/verify/{paper.code}/", {"name": ""}).content.decode()
    assert "Enter the name that stands on the certificate" in page


def test_only_the_papers_code_finds_it(paper: Certificate) -> None:
    left = Certificate.objects.get(pk=paper.pk).code
    assert Client().get(f"/verify/{left}/").status_code == 404
    assert name_digest(left, NAMES["display_name"]) not in Certificate.objects.get(pk=paper.pk).name_digests


def test_comparing_counts_as_checking(paper: Certificate) -> None:
    client = Client()
    answers = [client.post(f"/verify/{paper.code}/", {"name": f"Name {number}"}).status_code for number in range(31)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_a_certificate_with_a_name_compares_none() -> None:
    CentreFactory()
    certificate = issued(holder=UserFactory(**NAMES))
    page = Client().post(f"/verify/{certificate.code}/", {"name": NAMES["latin_name"]}).content.decode()
    assert "Compare the name" not in page
    assert NAMES["latin_name"] in page


def test_revoked_is_still_said() -> None:
    CentreFactory()
    certificate = issued(holder=UserFactory(**NAMES), on=date(2026, 10, 1))
    revoked(certificate, on=date(2026, 11, 2))
    services.forget_holder(holder=certificate.holder)
    assert Client().get(f"/verify/{certificate.code}/").status_code == 410


def test_no_pdf_is_drawn_any_more(paper: Certificate, client: Client) -> None:
    with pytest.raises(services.NameForgotten):
        services.render(paper.pk)
    client.force_login(UserFactory(hr=True))
    assert "made anonymous" in client.get(f"/certificates/{paper.number}/pdf/", follow=True).content.decode()
    page = client.get(f"/certificates/{paper.number}/").content.decode()
    assert "Download the PDF" not in page
    assert "only whoever has the paper" in page


def test_a_job_that_comes_late_makes_none(paper: Certificate) -> None:
    assert tasks.render(progress=Steps(), certificate_id=paper.pk) == {"sha256": ""}  # type: ignore[arg-type]
    assert not Certificate.objects.get(pk=paper.pk).pdf


def test_names_are_compared_by_their_letters() -> None:
    assert plain_name("O’Brien, Zoë") == plain_name("obrien zoë")
