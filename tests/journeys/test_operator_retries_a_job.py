"""An operator sees a failed job and tries it again; who started a job watches it without touching the page."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.operations import JobFactory, ProcessFactory
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Screen
from tests.journeys.words import language_of, said
from training.certificates.models import Certificate
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.journey

FAULT = (
    "It stopped because of a fault of the platform. "
    "Try again; if it stops again, tell the administrator the number below."
)


def test_an_operator_tries_a_failed_job_again(arrive: Arrivals, screen: Screen) -> None:
    language = language_of(screen)
    User.objects.filter(staff_number="admin").update(language=language)
    now, certificate = timezone.now(), Certificate.objects.filter(pdf="").first()
    labels = {"en": f"PDF of certificate {certificate.number}", "zh-hans": f"证书{certificate.number}的PDF"}
    label = labels[language]
    failed = JobFactory(
        failed=True,
        task="training.certificates.tasks.render",
        arguments={"certificate_id": certificate.pk},
        label=labels,
        error="PdfError: no room on the disk",
        started_by_name="Sun Lei",
        queued_at=now,
        finished_at=now,
    )
    for kind in ("worker", "tick"):
        ProcessFactory(kind=kind, started_at=now, seen_at=now)
    operator = arrive("admin", reads=language)

    operator.open("/operations/")
    operator.sees("PdfError: no room on the disk")
    operator.follow(label)
    operator.is_at(label)
    operator.sees(said(language, FAULT), "PdfError: no room on the disk", "Sun Lei")
    operator.press(said(language, "Try again"))
    operator.is_at(label)
    operator.sees(said(language, "Done"))
    operator.open("/operations/")
    expect(operator.page.get_by_role("main")).not_to_contain_text("PdfError")

    failed.refresh_from_db()
    certificate.refresh_from_db()
    assert (failed.state, failed.attempts) == (Job.State.DONE, 1)
    assert certificate.pdf_sha256
    assert AuditEvent.objects.filter(action="jobs.retried", subject_id=str(failed.pk)).count() == 1


def test_who_started_a_job_sees_it_move_and_end(arrive: Arrivals) -> None:
    hr = User.objects.get(staff_number="hr")
    job = JobFactory(
        running=True,
        label={"en": "Export of the staff", "zh-hans": "导出人员名册"},
        started_by_id=hr.pk,
        started_by_name=str(hr),
        queued_at=timezone.now(),
        done=1240,
        total=10_000,
    )
    watcher = arrive("hr")
    watcher.open(f"/jobs/{job.pk}/")
    watcher.sees("1,240 of 10,000")
    rows = Job.objects.filter(pk=job.pk)

    rows.update(done=5000)
    watcher.sees("5,000 of 10,000")
    expect(watcher.page.locator("#job-said")).to_have_text("Running, 50%")
    done = JobFactory.build(done_with_file=True)
    rows.update(
        state=Job.State.DONE, done=10_000, file=done.file.name, file_name="staff.csv", finished_at=timezone.now()
    )
    expect(watcher.page.get_by_role("link", name="Download staff.csv")).to_be_visible()
    expect(watcher.page.locator("#job-said")).to_have_text("Done")
    watcher.look()
    watcher.follow("Background work")
    watcher.sees("Export of the staff")
