"""A file of matters on its way: uploaded, looked at, taken by the worker as drafts, never live."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from tests.factories.matters import matter_draft
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from training.matters.files import write_json
from training.matters.files.sample import sample_documents
from training.matters.models import Bundle, ServiceMatter
from training.matters.queries.drafts import all_documents
from training.matters.services import freeze_matter
from training.operations.models import AuditEvent, ImportRun
from training.people.models import Role, RoleGrant, User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def editor() -> User:
    CentreFactory()
    person = UserFactory()
    RoleGrant.objects.create(person=person, role=Role.EDITOR, starts_on=AT.date())
    DepartmentFactory(code="tax")
    return person


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def live_matter(code: str) -> ServiceMatter:
    matter = matter_draft(code=code)
    freeze_matter(matter, by=None, at=AT)
    ServiceMatter.objects.filter(pk=matter.pk).update(live=True)
    matter.refresh_from_db()
    return matter


def sent(client: Client, data: bytes, name: str = "matters.json") -> ImportRun:
    response = client.post("/matter-files/", {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302
    return ImportRun.objects.get(pk=response.headers["Location"].strip("/").rpartition("/")[2])


def taken(client: Client, run: ImportRun, records: str = "all") -> ImportRun:
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(f"/matter-files/{run.pk}/take/", {"records": records})
    run.refresh_from_db()
    return run


def as_file(*matters: dict[str, Any]) -> bytes:
    return json.dumps({"format": "service-matters", "version": 1, "matters": matters}).encode()


def test_the_dry_run_shows_what_changes_and_writes_nothing(client: Client) -> None:
    live_matter("move")
    run = sent(client, as_file({"code": "move", "trips": 3, "fee": {"en": "Ten"}}, {"code": "move-2"}))
    page = client.get(f"/matter-files/{run.pk}/").content.decode()
    assert "<ins>Ten" in page
    assert "it is new, and these are missing" in page
    assert "matters[1]" in page
    assert ServiceMatter.objects.get().trips == 1
    assert ServiceMatter.objects.get().latest_revision is None


def test_drafts_are_made_and_what_is_live_stays(client: Client, editor: User) -> None:
    live_matter("move")
    run = taken(client, sent(client, as_file({"code": "move", "trips": 3})))
    assert (run.state, run.changed) == ("applied", 1)
    matter = ServiceMatter.objects.get()
    assert (matter.live, matter.trips, matter.has_unpublished_changes) == (True, 1, True)
    assert matter.latest_revision.user == editor  # so somebody else reviews it
    assert matter.get_latest_revision_as_object().trips == 3
    actions = ["matters.matter_drafted", "imports.applied"]
    assert (
        list(AuditEvent.objects.filter(action__in=actions).order_by("pk").values_list("action", flat=True)) == actions
    )
    assert not storages["private"].exists(f"imports/{run.pk}/upload")
    assert "The drafts wait in the editor" in client.get(f"/matter-files/{run.pk}/").content.decode()


def test_new_matters_and_bundles_come_in_and_go_out_as_the_same_bytes(client: Client) -> None:
    data = write_json(sample_documents("tax", ""))
    assert taken(client, sent(client, data)).created == 2
    assert not ServiceMatter.objects.get().live
    assert not Bundle.objects.get().live
    drafted = AuditEvent.objects.filter(action__in=["matters.matter_drafted", "matters.bundle_drafted"])
    assert drafted.values("action").distinct().count() == 2
    assert client.post("/matter-files/export/", {"format": "json"}).content == data
    again = client.post("/matter-files/export/", {"format": "xlsx"}).content
    run = sent(client, again, "matters.xlsx")
    assert "Nothing changes" in client.get(f"/matter-files/{run.pk}/").content.decode()


def test_with_errors_all_or_the_valid_ones(client: Client) -> None:
    live_matter("move")
    data = as_file({"code": "move", "trips": 3}, {"code": "new"})
    assert taken(client, sent(client, data)).state == "refused"
    assert ServiceMatter.objects.get().latest_revision is None
    run = taken(client, sent(client, data), "valid")
    assert (run.state, run.changed, run.faulty) == ("applied", 1, 1)


def test_what_is_locked_or_waits_for_review_is_left_alone(client: Client) -> None:
    matter = live_matter("move")
    ServiceMatter.objects.update(locked=True)
    run = sent(client, as_file({"code": "move", "trips": 3}))
    assert "locked in the editor" in client.get(f"/matter-files/{run.pk}/").content.decode()
    assert matter.code == "move"


def test_a_later_draft_is_what_is_exported_and_compared(client: Client) -> None:
    matter = live_matter("move")
    matter.trips = 7
    matter.save_revision()
    assert all_documents()["matters"][0]["trips"] == 7
    run = sent(client, as_file({"code": "move", "trips": 7}))
    assert "Nothing changes" in client.get(f"/matter-files/{run.pk}/").content.decode()


def test_a_file_that_cannot_be_read_is_refused_at_once_with_the_reason(client: Client) -> None:
    response = client.post("/matter-files/", {"file": SimpleUploadedFile("m.json", b"{}")})
    assert response.status_code == 400
    assert "format" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_somebody_else_s_file_does_not_exist_and_a_clerk_may_nothing(client: Client) -> None:
    run = sent(client, as_file({"code": "x"}))
    other = UserFactory()
    stranger = Client()
    stranger.force_login(other)
    assert stranger.get("/matter-files/").status_code == 403
    RoleGrant.objects.create(person=other, role=Role.EDITOR, starts_on=AT.date())
    assert stranger.get(f"/matter-files/{run.pk}/").status_code == 404


def test_calling_off_forgets_the_file_and_a_second_upload_the_first(client: Client) -> None:
    first = sent(client, as_file({"code": "x"}))
    with TestCase.captureOnCommitCallbacks(execute=True):
        second = sent(client, as_file({"code": "y"}))
        client.post(f"/matter-files/{second.pk}/discard/")
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"discarded"}
    for run in (first, second):
        assert not storages["private"].exists(f"imports/{run.pk}/upload")
    assert taken(client, second).state == "discarded"


def test_the_template_is_read_without_a_problem(client: Client) -> None:
    data = client.get("/matter-files/template/").content
    run = sent(client, data, "template.xlsx")
    page = client.get(f"/matter-files/{run.pk}/").content.decode()
    assert "Make 2 drafts" in page
