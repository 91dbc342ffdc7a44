"""Everything kept about a person: whole, readable, for the right eyes, for a week."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.test import Client

from assessments.models import Response
from mentors.models import CoachingSession
from tests.access.world import World
from tests.factories.accountability import kept_copy
from tests.factories.mentors import NOW
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from tests.test_architecture import our_models
from training.accountability import services, tasks
from training.accountability.models import PersonalCopy
from training.certificates.models import Certificate
from training.lib.personal import parts_about
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.django_db


class Steps:
    """Stands for a job's progress."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, n: int = 1) -> None:
        self.done += n


def copy_of(person: User, *, by: User | None = None, language: str = "en") -> ZipFile:
    copy = services.ask_copy(person=person, by=by or person, language=language, at=NOW)
    steps = Steps()
    tasks.make_copy(progress=steps, copy=str(copy.pk))
    assert steps.done == steps.total > 20
    copy.refresh_from_db()
    return ZipFile(copy.file.open("rb"))


def rows(archive: ZipFile, part: str) -> list[dict[str, Any]]:
    return json.loads(archive.read(f"data/{part}.json"))["rows"]


# Who wrote and who holds a text open: Wagtail's own, of its mixins.
EDITING = {"owner", "locked_by"}


def keys_to_people() -> Iterator[str]:
    for model in our_models():
        for field in model._meta.get_fields():
            if field.name in EDITING or model._meta.auto_created is User:  # its groups mirror the roles
                continue
            if field.is_relation and not field.auto_created and field.related_model is User:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


def acts() -> Iterator[str]:
    """Keys to who did something in their office: told by the audit trail, not by a part."""
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.personal")
        except ModuleNotFoundError:
            continue
        yield from getattr(module, "ACTS", ())


def test_every_key_to_a_person_is_told_of() -> None:
    """Whoever adds a model with a key to a person adds it to a part, or to the acts of office of the app."""
    told = {key for part in parts_about(User(pk=0)) for key in part.keys} | set(acts())
    keys = set(keys_to_people())
    assert len(keys) > 25
    assert sorted(keys - told) == []
    assert sorted(told - keys) == [], "these keys are gone"


def test_a_model_nobody_tells_of_is_noticed() -> None:
    class Forgotten(models.Model):
        person = models.ForeignKey(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "people"

    try:
        assert "people.Forgotten.person" in set(keys_to_people())
    finally:
        del apps.all_models["people"]["forgotten"]
        apps.clear_cache()


def test_the_copy_holds_each_kind_of_row_about_the_person_and_nobody_elses(world: World) -> None:
    owner = world.people["owner"]
    Certificate.objects.filter(holder=owner).update(pdf=pdf())
    archive = copy_of(owner)
    filled = {part.name for part in parts_about(owner) if rows(archive, part.name)}
    assert {
        *(
            "profile",
            "postings",
            "roles",
            "seen-by",
            "courses",
            "exams",
            "exam-entitlements",
            "evidence",
            "proficiency",
        ),
        *("coaching", "coaching-sessions", "observations", "observation-ratings", "sign-offs", "certificates"),
        *("revocations", "notices", "audit-trail", "copies"),
    } <= filled
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
    assert owner.display_name in everything
    assert "Canary-b7" not in everything
    assert [name for name in archive.namelist() if name.startswith("files/")] == [
        f"files/{number}.pdf"
        for number in sorted(Certificate.objects.filter(holder=owner).values_list("number", flat=True))
    ]


def pdf() -> str:
    return Certificate.pdf.field.storage.save("certificates/one.pdf", ContentFile(b"%PDF"))


def test_answers_and_marks_are_in_it_and_no_question(world: World) -> None:
    owner = world.people["owner"]
    archive = copy_of(owner)
    assert (
        len(rows(archive, "exam-answers")) == Response.objects.filter(attempt_item__attempt__person=owner).count() > 0
    )
    assert {row["mark.credit"] for row in rows(archive, "exam-marks")} == {0.0, 1.0}
    assert "stem" not in archive.read("data/exam-answers.json").decode()


def test_hr_gets_no_notes_and_no_answers(world: World) -> None:
    owner = world.people["owner"]
    CoachingSession.objects.filter(mentorship__mentee=owner).update(note="Confided-x1")
    own, hrs = copy_of(owner), copy_of(owner, by=world.people["hr"])
    assert "Confided-x1" in own.read("read me.html").decode()
    everything = b"".join(hrs.read(name) for name in hrs.namelist()).decode(errors="ignore")
    assert "Confided-x1" not in everything
    assert "note" not in rows(hrs, "coaching-sessions")[0]
    assert "seen" not in json.loads(hrs.read("data/exam-answers.json"))["columns"]
    assert "the person's own copy alone" in hrs.read("read me.html").decode()


def test_the_copy_speaks_the_language_of_who_asked(world: World) -> None:
    archive = copy_of(world.people["owner"], language="zh-hans")
    page = archive.read("请先阅读.html").decode()
    assert '<html lang="zh-hans">' in page
    assert "带教辅导" in page or "带教" in page


def test_nothing_runs_in_a_table_and_nothing_is_markup() -> None:
    CentreFactory()
    person = UserFactory(display_name="=1+1", latin_name="<b>")
    archive = copy_of(person)
    cells = list(csv.reader(io.StringIO(archive.read("tables/profile.csv").decode("utf-8-sig"))))[1]
    assert "'=1+1" in cells
    assert "&lt;b&gt;" in archive.read("read me.html").decode()


class TestAsking:
    def test_two_clicks_make_one(self) -> None:
        person = UserFactory()
        first, second = (services.ask_copy(person=person, by=person, language="en", at=NOW) for _click in "12")
        assert first == second
        assert AuditEvent.objects.filter(action="accountability.copy_asked", person_id=person.pk).count() == 1

    def test_one_that_failed_does_not_stand_in_the_way(self) -> None:
        person = UserFactory()
        first = services.ask_copy(person=person, by=person, language="en", at=NOW)
        Job.objects.filter(pk=first.job_id).update(state=Job.State.FAILED)
        assert services.ask_copy(person=person, by=person, language="en", at=NOW) != first

    def test_made_again_it_is_made_once(self, world: World) -> None:
        owner = world.people["owner"]
        copy_of(owner)
        copy = PersonalCopy.objects.filter(person=owner, job_id__isnull=False).latest("asked_at")
        made = copy.ready_at
        tasks.make_copy(progress=Steps(), copy=str(copy.pk))
        copy.refresh_from_db()
        assert copy.ready_at == made
        gone = str(copy.pk)
        copy.delete()
        tasks.make_copy(progress=Steps(), copy=gone)

    def test_after_a_week_it_is_gone(self) -> None:
        copy = kept_copy(UserFactory())
        tasks.discard_expired_copies(now=NOW + timedelta(days=7, seconds=-1))
        assert copy.file.storage.exists(copy.file.name)
        tasks.discard_expired_copies(now=NOW + timedelta(days=7))
        assert not PersonalCopy.objects.filter(pk=copy.pk).exists()
        assert not copy.file.storage.exists(copy.file.name)


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("_clock")
class TestScreens:
    def test_from_asking_to_the_file(self, client: Client, django_capture_on_commit_callbacks: Any) -> None:
        CentreFactory()
        person = UserFactory()
        client.force_login(person)
        assert "No copy yet" in client.get("/people/me/data/").content.decode()
        client.post("/people/me/data/ask/")
        page = client.get("/people/me/data/").content.decode()
        assert "Being made" in page
        copy = PersonalCopy.objects.get(person=person)
        assert f"/jobs/{copy.job_id}/" in page
        tasks.make_copy(progress=Steps(), copy=str(copy.pk))
        assert f"/people/data/{copy.pk}/" in client.get("/people/me/data/").content.decode()
        response = client.post(f"/people/data/{copy.pk}/")
        assert ZipFile(io.BytesIO(b"".join(response))).testzip() is None
        assert AuditEvent.objects.filter(action="accountability.copy_taken", actor_id=person.pk).count() == 1

    def test_a_failure_is_told(self, client: Client) -> None:
        person = UserFactory()
        client.force_login(person)
        client.post("/people/me/data/ask/")
        Job.objects.update(state=Job.State.FAILED)
        assert "could not be made" in client.get("/people/me/data/").content.decode()

    def test_nobody_takes_anothers_copy(self, client: Client) -> None:
        market = DepartmentFactory()
        person, hr = UserFactory(department=market), UserFactory(hr=True, hr_grant__department=market)
        own, hrs = kept_copy(person), kept_copy(person, by=hr)
        for visitor, copy, status in (
            *((person, own, 200), (person, hrs, 404), (hr, hrs, 200), (hr, own, 404)),
            *((UserFactory(hr=True), hrs, 404), (UserFactory(administrator=True), own, 404)),
        ):
            client.force_login(visitor)
            assert client.post(f"/people/data/{copy.pk}/").status_code == status

    def test_hr_who_keeps_the_record_no_more_gets_nothing(self, client: Client) -> None:
        market = DepartmentFactory()
        person, hr = UserFactory(department=market), UserFactory(hr=True, hr_grant__department=market)
        copy = kept_copy(person, by=hr)
        person.department = DepartmentFactory()
        person.save()
        client.force_login(hr)
        assert client.post(f"/people/data/{copy.pk}/").status_code == 404
        assert client.get(f"/people/{person.staff_number}/data/").status_code == 404

    def test_an_expired_copy_is_not_there(self, client: Client) -> None:
        person = UserFactory()
        copy = kept_copy(person, at=NOW - timedelta(days=7))
        client.force_login(person)
        assert client.post(f"/people/data/{copy.pk}/").status_code == 404
        assert str(copy.pk) not in client.get("/people/me/data/").content.decode()


def test_what_fails_half_way_leaves_no_event() -> None:
    person = UserFactory()
    with transaction.atomic():
        services.ask_copy(person=person, by=person, language="en", at=NOW)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(person_id=person.pk).exists()
    assert not PersonalCopy.objects.filter(person=person).exists()
