"""Who may import for whom, and how long anything is kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import (
    UserFactory,
)
from tests.people.imports.sending import BAD, GOOD, HEADER, confirm, kept_files, latest, page_of, send, sent, staff_file
from training.operations.progress import JobError
from training.people import tasks
from training.people.models import Department, User
from training.people.services.importing import forget_expired, start_import

pytestmark = pytest.mark.django_db


def test_hr_of_one_department_cannot_import_into_another(screen: Client) -> None:
    page = sent(screen, GOOD.replace("tax", "market"))
    assert "you are not HR of the department “market”." in page.content.decode()
    confirm(screen, "valid")
    assert not User.objects.filter(staff_number="20418").exists()


def test_hr_of_one_department_posts_nobody_to_another(screen: Client) -> None:
    header = f"{HEADER},posted_to"
    send(screen, staff_file(f"{GOOD},market", header=header))
    assert [text for _line, _column, text in latest().faults] == ["you are not HR of the department “market”."]
    confirm(screen, "valid")
    assert not User.objects.filter(staff_number="20418").exists()


@pytest.mark.parametrize("kind", ["departments", "positions", "windows"])
def test_the_whole_centres_lists_are_for_hr_of_the_whole_centre(screen: Client, client: Client, kind: str) -> None:
    overview = screen.get(reverse("people:import")).content.decode()
    assert "Only HR or an administrator of the whole centre imports this list." in overview
    for name in ("import_kind", "import_template"):
        assert screen.get(reverse(f"people:{name}", args=[kind])).status_code == 403
    assert send(screen, SimpleUploadedFile("x.csv", b"code\na"), kind).status_code == 403
    assert screen.post(reverse("people:import_export", args=[kind])).status_code == 403
    client.force_login(UserFactory(hr=True))
    assert client.get(reverse("people:import_kind", args=[kind])).status_code == 200


def test_who_is_no_longer_hr_imports_nothing(screen: Client, hr: User) -> None:
    sent(screen, GOOD)
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())
    hr.role_grants.all().delete()
    with pytest.raises(JobError, match="Only HR and administrators"):
        tasks.apply_import(run=str(run.pk))
    run.refresh_from_db()
    assert run.state == "failed"
    assert not User.objects.filter(staff_number="20418").exists()


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "examiner", "head", "director", "auditor"])
def test_others_do_not_get_in(client: Client, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    for address in (
        reverse("people:import"),
        reverse("people:import_past"),
        reverse("people:import_kind", args=["staff"]),
    ):
        assert client.get(address).status_code == 403
    assert send(client, staff_file(GOOD)).status_code == 403


def test_a_list_is_its_senders_own(screen: Client, client: Client) -> None:
    """Another HR officer of a department finds nothing; of the whole centre, the report but no rows and no button."""
    sent(screen, GOOD, BAD)
    run = latest()
    names = ["import_columns", "import_apply", "import_discard", "import_rejects"]
    for person, seen in (
        (UserFactory(hr=True, hr_grant__department=run_department()), 404),
        (UserFactory(hr=True), 200),
    ):
        client = Client()
        client.force_login(person)
        assert page_of(client, run).status_code == seen
        for name in names:
            ask = client.post if name in names[1:3] else client.get
            assert ask(reverse(f"people:{name}", args=[run.pk])).status_code == 404
    shown = page_of(client, run).content.decode()
    assert "李娜" not in shown
    assert f"{reverse('people:import_apply', args=[run.pk])}" not in shown
    run.refresh_from_db()
    assert run.state == "checked"


def run_department() -> Department:
    return Department.objects.get(code="tax")


def test_calling_off_forgets_the_file(screen: Client) -> None:
    sent(screen, GOOD)
    run = latest()
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = screen.post(reverse("people:import_discard", args=[run.pk]))
    assert answer.url == reverse("people:import_kind", args=["staff"])
    assert kept_files(run) == []
    assert confirm(screen, run=run).state == "discarded"
    assert not User.objects.filter(staff_number="20418").exists()


def test_what_nobody_confirms_is_forgotten_after_a_working_day(screen: Client) -> None:
    sent(screen, GOOD)
    run, now = latest(), timezone.now()
    assert forget_expired(now=now + timedelta(hours=7)) == 0
    assert forget_expired(now=now + timedelta(hours=9)) == 1
    run.refresh_from_db()
    assert (run.state, run.headings, kept_files(run)) == ("discarded", [], [])


def test_refused_rows_are_forgotten_after_a_month(screen: Client) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    now = timezone.now()
    forget_expired(now=now + timedelta(days=29))
    assert kept_files(run) == ["rejects.json"]
    forget_expired(now=now + timedelta(days=31))
    assert kept_files(run) == []
    assert "Refused rows" not in page_of(screen, run).content.decode()
