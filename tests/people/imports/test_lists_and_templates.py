"""Past imports, templates, exports, and an import that is cancelled."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import (
    PostingFactory,
    UserFactory,
)
from tests.people.imports.sending import GOOD, confirm, latest, page_of, send, sent, staff_file
from training.lib.imports import Silent
from training.lib.tables import read_table
from training.operations.models import AuditEvent, Job
from training.operations.progress import Cancelled
from training.operations.services import cancel_job
from training.people import tasks
from training.people.models import Department, User
from training.people.services.importing import start_import

pytestmark = pytest.mark.django_db


def test_past_imports_are_listed_with_the_same_number_of_queries(
    screen: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert screen.get(reverse("people:import_past")).status_code == 200
        return len(seen)

    sent(screen, GOOD)
    few = queries()
    for _time in range(30):
        send(screen, staff_file(GOOD))
    assert queries() == few
    page = screen.get(reverse("people:import_past"), {"kind": "staff"})
    assert page.context["page"].paginator.count == 31
    assert screen.get(reverse("people:import_past"), {"kind": "windows"}).context["page"].paginator.count == 0


@pytest.mark.parametrize("kind", ["departments", "positions", "windows", "staff"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_can_be_imported_as_it_is(client: Client, kind: str, ending: str, language: str) -> None:
    client.force_login(UserFactory(hr=True, language=language))
    answer = client.get(reverse("people:import_template", args=[kind]), {"format": ending})
    assert f'filename="{kind}.{ending}"' in answer["Content-Disposition"]
    send(client, SimpleUploadedFile(f"t.{ending}", answer.content), kind)
    run = latest()
    assert (run.state, run.faulty) == ("checked", 0), run.faults
    assert run.created >= 1


def test_an_export_is_what_the_screen_counts_and_is_recorded(screen: Client, hr: User) -> None:
    inside = PostingFactory(person__department=Department.objects.get(code="tax")).person
    PostingFactory(person__department=Department.objects.get(code="market"))
    page = screen.get(reverse("people:import_kind", args=["staff"]))
    answer = screen.post(reverse("people:import_export", args=["staff"]), {"format": "csv"})
    table = read_table(io.BytesIO(answer.content), name="export")
    assert [row.cells[0] for row in table.rows] == [inside.staff_number]
    assert page.context["count"] == len(table.rows) == 1
    event = AuditEvent.objects.get(action="imports.exported")
    assert (event.actor_id, event.after) == (hr.pk, {"kind": "staff", "rows": 1, "format": "csv"})


def test_a_job_cancelled_before_its_turn_gives_the_list_back(screen: Client, hr: User) -> None:
    sent(screen, GOOD)
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())
    assert "Being imported" in page_of(screen, run).content.decode()
    assert screen.get(reverse("people:import_columns", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    cancel_job(job=Job.objects.get(pk=run.job_id), by=hr, at=timezone.now())
    assert "Import 1 change" in page_of(screen, run).content.decode()
    assert confirm(screen, run=run).state == "applied"


def test_cancelling_in_the_middle_leaves_nothing_and_gives_the_list_back(screen: Client, hr: User) -> None:
    sent(screen, *(f"3{n:04},李娜,,tax,clerk,,2024-03-01" for n in range(250)))
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())

    class Asked(Silent):
        def advance(self, n: int = 1) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        tasks.apply_import(run=str(run.pk), progress=Asked())
    run.refresh_from_db()
    assert run.state == "checked"
    assert not User.objects.filter(staff_number__startswith="30").exists()
