"""The PDF is made once, kept with its hash, and says what the public page says."""

import hashlib
import io
import re
from html import unescape

import pypdf
import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import Settings

from tests.factories.certificates import issued
from tests.factories.competencies import FrameworkFactory
from tests.factories.operations import JobFactory
from tests.factories.people import UserFactory
from training.certificates.documents import Pair
from training.certificates.models import Certificate
from training.certificates.services import facts_on_paper, render, verify_url
from training.certificates.tasks import render as render_task
from training.operations.models import Job
from training.operations.progress import Progress

pytestmark = pytest.mark.django_db

# What every certificate says beside its facts, white space left out.
SAID_BY_ALL = (
    "兹证明",
    "Thiscertifiesthat",
    "扫码核验证书真伪及当前授权范围",
    "Scantocheckthiscertificateandwhatitsholdermayhandletoday",
    "编号",
    "No.",
    "发证",
    "Issued",
    "有效期至",
    "Validuntil",
)


def plain(text: str) -> str:
    return "".join(text.split())


def test_it_is_stored_once_with_its_hash() -> None:
    certificate = issued()

    stored = render(certificate.pk)
    again = render(certificate.pk)

    with stored.pdf.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF")
    assert stored.pdf_sha256 == hashlib.sha256(content).hexdigest()
    assert (again.pdf.name, again.pdf_sha256) == (stored.pdf.name, stored.pdf_sha256)


def test_of_two_that_draw_at_once_the_first_to_end_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = issued()

    def drawn_while_another_stores(_facts: object) -> bytes:
        monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF first")
        render(certificate.pk)
        return b"%PDF second"

    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", drawn_while_another_stores)

    assert render(certificate.pk).pdf_sha256 == hashlib.sha256(b"%PDF first").hexdigest()


@pytest.mark.django_db(transaction=True)
def test_the_job_makes_it_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF drawn")

    certificate = issued()

    certificate.refresh_from_db()
    assert certificate.pdf_sha256 == hashlib.sha256(b"%PDF drawn").hexdigest()
    assert Job.objects.get().state == Job.State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_certificate_that_cannot_be_drawn_is_issued_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_facts: object) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", fails)

    certificate = issued()

    assert Certificate.objects.filter(pk=certificate.pk, pdf="").exists()
    assert Job.objects.get().state == Job.State.FAILED


def test_the_task_tells_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF")

    assert render_task(progress=Progress(JobFactory()), certificate_id=issued().pk) == {
        "sha256": hashlib.sha256(b"%PDF").hexdigest()
    }


def test_paper_and_page_say_the_same() -> None:
    FrameworkFactory(version=2)
    certificate = issued(holder=UserFactory(display_name="阿依古丽·买买提", latin_name="Ayigul Mamat"))
    with render(certificate.pk).pdf.open("rb") as file:
        paper = plain("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.read())).pages))
    answer = Client().get(f"/verify/{certificate.code}/").content.decode()
    # what is read and what a machine reads: a day stands in words, and in figures in its element
    page = plain(unescape(strip_tags(answer)) + " ".join(re.findall(r'datetime="([\d-]+)"', answer)))

    facts = facts_on_paper(certificate)
    address = verify_url().removeprefix("http://")
    told = printed_facts(certificate)
    assert [fact for fact in told if plain(fact) not in paper] == []
    assert [fact for fact in told if plain(fact) not in page] == []
    rest = paper
    for said in sorted([*SAID_BY_ALL, *map(plain, told), address], key=len, reverse=True):
        rest = rest.replace(said, "", 1)
    assert rest == "", f"The paper says more than the page of {facts.number}."


def printed_facts(certificate: Certificate) -> list[str]:
    """Every fact of the paper in the form both have it."""
    facts = facts_on_paper(certificate)
    pairs: list[Pair] = [facts.heading, facts.wording, facts.issuer, facts.source_line]
    for one in facts.signatories:
        pairs += [one.name, one.title]
    grouped = "-".join(facts.code[start : start + 4] for start in range(0, 17, 4))
    days = [facts.issued_on.isoformat(), facts.expires_on.isoformat() if facts.expires_on else ""]
    texts = [text for pair in pairs for text in (pair.zh, pair.en)]
    return [facts.holder_name, facts.holder_latin_name, facts.number, grouped, *days, *texts]


def test_the_address_in_the_qr_is_the_configured_one_whatever_host_is_asked(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://verify.binhai.example/"
    certificate = issued()

    page = Client(headers={"host": "evil.example"}).get(f"/verify/{certificate.code}/").content.decode()

    expected = f"https://verify.binhai.example/verify/{certificate.code}/"
    assert facts_on_paper(certificate).verify_url == expected
    assert expected in page
    assert "evil.example" not in page
