"""A list is checked, then imported once; what breaks off leaves nothing."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.people import (
    PostingFactory,
    UserFactory,
)
from tests.people.imports.sending import (
    BAD,
    GOOD,
    HEADER,
    confirm,
    faults_of,
    kept_files,
    latest,
    page_of,
    send,
    sent,
    staff_file,
)
from training.lib.tables import read_table, write_csv
from training.operations.models import AuditEvent
from training.people import tasks
from training.people.models import Department, User

pytestmark = pytest.mark.django_db


def test_a_list_is_checked_then_imported(screen: Client, hr: User) -> None:
    answer = send(screen, staff_file(GOOD))
    assert answer.url == reverse("people:import_run", args=[latest().pk])

    checked = screen.get(answer.url).content.decode()
    assert "Import 1 change" in checked
    assert "nothing is written yet" in checked
    assert not User.objects.filter(staff_number="20418").exists()

    run = confirm(screen)
    report = page_of(screen, run).content.decode()
    assert (run.state, run.created, run.changed, run.unchanged, run.faulty) == ("applied", 1, 0, 0, 0)
    assert "Imported" in report
    assert "New people cannot sign in until HR gives them a one-time code." in report
    assert User.objects.get(staff_number="20418").display_name == "李娜"
    assert (run.by_id, run.by_name, run.file_name) == (hr.pk, str(hr), "staff.csv")
    assert run.sha256 == hashlib.sha256("\n".join([HEADER, GOOD]).encode()).hexdigest()
    assert (run.headings, kept_files(run)) == ([], ["rejects.json"])
    assert AuditEvent.objects.get(action="imports.applied").after["created"] == 1


def test_the_check_shows_before_and_after(screen: Client) -> None:
    person = UserFactory(staff_number="20418", display_name="李哪", department=Department.objects.get(code="tax"))
    PostingFactory(person=person)
    page = sent(screen, GOOD).content.decode()
    assert "<del>李哪</del>" in page
    assert "<ins>李娜</ins>" in page


def test_errors_are_shown_by_line_and_nothing_is_imported(screen: Client) -> None:
    page = sent(screen, GOOD, BAD)
    assert faults_of(page) == [(3, "E")]
    assert "no position has the code “cook”." in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert confirm(screen).state == "refused"
    assert AuditEvent.objects.filter(action="imports.refused").count() == 1
    assert not User.objects.filter(staff_number__in=["20418", "20419"]).exists()


def test_the_rows_without_errors_alone(screen: Client) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    assert (run.state, run.created, run.faulty) == ("applied", 1, 1)
    assert User.objects.filter(staff_number="20418").exists()
    assert not User.objects.filter(staff_number="20419").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_refused_rows_are_mended_in_their_own_file(screen: Client, ending: str) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    file = screen.get(reverse("people:import_rejects", args=[run.pk]), {"format": ending})
    table = read_table(io.BytesIO(file.content), name="refused")
    assert table.header == (*HEADER.split(","), "What is wrong")
    (row,) = table.rows
    assert row.cells[0] == "20419"
    assert row.cells[-1].startswith("E: no position has the code “cook”.")

    mended = [table.header, [cell.replace("cook", "clerk") for cell in row.cells]]
    send(screen, SimpleUploadedFile("mended.csv", b"".join(write_csv(mended))))
    assert latest().state == "checked"  # the column that says why asks no question
    assert confirm(screen).created == 1
    assert User.objects.filter(staff_number="20419").exists()


def test_a_second_import_has_nothing_to_do(screen: Client) -> None:
    for _time in range(2):
        page = sent(screen, GOOD).content.decode()
        run = confirm(screen)
    assert "There is nothing to import." in page
    assert (run.created, run.changed, run.unchanged) == (0, 0, 1)
    assert AuditEvent.objects.filter(subject_type="people.user", action="people.hired").count() == 1


def test_the_list_is_checked_again_when_it_is_imported(screen: Client) -> None:
    sent(screen, GOOD)
    UserFactory(staff_number="20418", department=Department.objects.get(code="market"))
    run = confirm(screen)
    assert run.state == "refused"
    page = page_of(screen, run).content.decode()
    assert "belongs to a department you are not HR of" in page
    assert "Nothing was imported." in page
    assert User.objects.get(staff_number="20418").department.code == "market"


def test_a_list_is_imported_once_however_often_the_button_is_pressed(screen: Client) -> None:
    sent(screen, GOOD)
    run = confirm(screen)
    assert confirm(screen, run=run).created == 1
    assert AuditEvent.objects.filter(action="imports.applied").count() == 1


def test_what_would_change_is_paged_and_counted_first(screen: Client) -> None:
    page = sent(screen, *(f"3{n:04},李娜,,tax,clerk,,2024-03-01" for n in range(250)))
    assert page.context["page"].paginator.num_pages == 3
    assert len(page.context["changes"]) == 100
    last = page_of(screen, latest(), page="3")
    assert [change.line for change in last.context["changes"]][-1] == 251


def test_a_long_list_is_checked_by_the_worker(screen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.people.services.importing.running.SMALL", 1)
    send(screen, staff_file(GOOD, GOOD.replace("20418", "20555")))
    run = latest()
    assert run.state == "checking"
    assert "Waiting for its turn" in page_of(screen, run).content.decode()
    assert "nothing is written" not in page_of(screen, run).content.decode()
    tasks.check_import(run=str(run.pk))
    assert "Import 2 changes" in page_of(screen, run).content.decode()
    asked = screen.get(reverse("people:import_run", args=[run.pk]), headers={"HX-Request": "true"})
    assert asked["HX-Refresh"] == "true"


def test_what_breaks_off_leaves_nothing_and_can_be_tried_again(screen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(screen, GOOD)
    with monkeypatch.context() as broken:
        broken.setattr("training.people.services.staff_list.writing.write_roles", fail)
        run = confirm(screen)
    assert run.state == "failed"
    assert not User.objects.filter(staff_number="20418").exists()
    assert "Try again" in page_of(screen, run).content.decode()
    assert confirm(screen, run=run).state == "applied"


def fail(*_args: object, **_options: object) -> None:
    raise OSError("the disk is full")
