"""Making somebody anonymous: two people, everything that names them, and nothing that others rest on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.utils import timezone

from assessments.models import Response
from tests.accountability.canary import LATIN, NAME, NUMBER, CanaryWorld, empty_storages, found
from tests.accountability.test_personal_data import Steps
from tests.factories.mentors import NOW
from tests.factories.operations import JobFactory
from tests.factories.people import CentreFactory, DepartmentFactory, PositionFactory, UserFactory
from training.accountability import services, tasks
from training.accountability.models import Erasure
from training.accountability.queries.erasures import dry_run, erasable_from, identity_of
from training.accountability.services import erasing
from training.lib.erasing import Fate, Identity, kinds_about
from training.operations.models import AuditEvent, Job
from training.operations.sealing import seal_due
from training.operations.services import record
from training.operations.verification import findings
from training.people.models import User
from training.people.services import PeopleError, come_back

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=200)


@pytest.fixture
def canary() -> CanaryWorld:
    empty_storages()
    return CanaryWorld()


def confirmed(world: CanaryWorld) -> Erasure:
    asked = services.ask_erasure(person=world.owner, reason=f"{NAME} asked", by=world.hr, at=LATER)
    return services.confirm_erasure(erasure=asked, by=world.people["administrator"], at=LATER)


def erase(erasure: Erasure, capture: Any) -> None:
    steps = Steps()
    with capture(execute=True):
        tasks.erase(progress=steps, erasure=erasure.pk)
    assert steps.done == steps.total > 20


def test_nothing_names_them_any_more_and_the_trail_still_verifies(
    canary: CanaryWorld, django_capture_on_commit_callbacks: Any
) -> None:
    seal_due(at=LATER)
    before = found()
    assert len(before) > 30, before
    erase(confirmed(canary), django_capture_on_commit_callbacks)
    assert found() == []
    seal_due(at=LATER + timedelta(hours=1))
    assert list(findings()) == []


def test_what_others_rest_on_stays(canary: CanaryWorld, django_capture_on_commit_callbacks: Any) -> None:
    erasure = confirmed(canary)
    kept = [kind for kind in kinds_about(canary.owner, identity_of(canary.owner)) if kind.fate is Fate.STAYS]
    before = {kind.name: kind.number() for kind in kept if kind.number and kind.name != "certificates-naming"}
    assert sum(before.values()) > 20
    assert before["exam-answers"]
    assert before["authorisations"]
    chosen = Response.objects.exclude(attempt_item__item_version__kind="short_text").order_by("pk")
    answers = list(chosen.values_list("value", flat=True))
    erase(erasure, django_capture_on_commit_callbacks)
    again = kinds_about(canary.owner, identity_of(User.objects.get(pk=canary.owner.pk)))
    after = {kind.name: kind.number() for kind in again if kind.number and kind.name in before}
    assert {name: after[name] for name in before} == before
    assert list(chosen.values_list("value", flat=True)) == answers
    person = User.objects.get(pk=canary.owner.pk)
    assert str(person) == f"Former staff member {person.pk}"
    assert not person.has_usable_password()
    assert Erasure.objects.get().state == Erasure.State.DONE
    assert AuditEvent.objects.filter(action="accountability.erasure_done", person_id=person.pk).count() == 1


def test_broken_off_and_begun_again_it_goes_on(
    canary: CanaryWorld, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = confirmed(canary)
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "forget_person", broken)
        with pytest.raises(RuntimeError):
            tasks.erase(progress=Steps(), erasure=erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, str(canary.owner)) == (Erasure.State.CONFIRMED, f"{NAME} {LATIN}")
    erase(erasure, django_capture_on_commit_callbacks)
    assert found() == []
    events = AuditEvent.objects.count()
    tasks.erase(progress=Steps(), erasure=erasure.pk)
    assert AuditEvent.objects.count() == events


def broken(**_facts: Any) -> None:
    raise RuntimeError


def test_others_are_left_alone(canary: CanaryWorld, django_capture_on_commit_callbacks: Any) -> None:
    """Neither somebody whose longer name holds the name, nor what happened to them."""
    longer = UserFactory(display_name=f"{NAME}郎", latin_name="", department=canary.counter)
    hr = canary.hr
    job = JobFactory(label={"en": f"For {NAME}郎 and {NAME}"}, started_by_id=hr.pk)
    with transaction.atomic():
        record(action="people.moved", by=hr, subject=longer, person=longer, at=LATER, reason="as asked")
        record(action="people.moved", by=hr, subject=hr, person=hr, at=LATER, reason=f"as for 1{NUMBER}")
    erase(confirmed(canary), django_capture_on_commit_callbacks)
    job.refresh_from_db()
    assert job.label == {"en": f"For {NAME}郎 and Former staff member {canary.owner.pk}"}
    assert AuditEvent.objects.get(person_id=longer.pk).subject_name == f"{NAME}郎"
    other = AuditEvent.objects.get(reason=f"as for 1{NUMBER}")
    assert other.redacted_at is None, "a longer number is another's"


def keys_to_people() -> set[str]:
    """Every key to a person there is, of whatever package; what pages inherit once, as `Page` has it."""
    keys = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model is User:
                keys.add(f"{field.model._meta.label}.{field.name}")
    return keys


def declared() -> set[str]:
    nobody = User(pk=0, display_name="Nobody", staff_number="none-0")
    return {key for kind in kinds_about(nobody, Identity.of(instead="x")) for key in kind.keys}


def test_every_key_to_a_person_has_its_fate() -> None:
    """Whoever adds a model with a key to a person says in the app's `erasing` what becomes of it."""
    CentreFactory()
    keys = keys_to_people()
    assert len(keys) > 60
    assert sorted(keys - declared()) == []
    assert sorted(declared() - keys) == [], "these keys are gone"


def test_a_model_nobody_declared_is_noticed() -> None:
    class Unforeseen(models.Model):
        person = models.ForeignKey(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "people"

    try:
        assert "people.Unforeseen.person" in keys_to_people()
    finally:
        del apps.all_models["people"]["unforeseen"]
        apps.clear_cache()


class TestAsking:
    @pytest.fixture
    def former(self) -> User:
        CentreFactory()
        return UserFactory(department=DepartmentFactory(), is_active=False)

    def ask(self, person: User, by: User, reason: str = "Asked by letter", at: Any = LATER) -> Erasure:
        return services.ask_erasure(person=person, reason=reason, by=by, at=at)

    def test_a_second_person_decides(self, former: User) -> None:
        first, second = UserFactory(hr=True), UserFactory(hr=True)
        asked = self.ask(former, first)
        with pytest.raises(erasing.NeedsSecondPerson):
            services.confirm_erasure(erasure=asked, by=first, at=LATER)
        services.confirm_erasure(erasure=asked, by=second, at=LATER)
        with pytest.raises(erasing.AlreadyDecided):
            services.refuse_erasure(erasure=asked, by=second, at=LATER)
        asked.refresh_from_db()
        assert Job.objects.get(pk=asked.job_id).arguments == {"erasure": asked.pk}
        assert asked.counts["record"] == 1
        names = ["accountability.erasure_asked", "accountability.erasure_confirmed"]
        assert [*AuditEvent.objects.order_by("pk").values_list("action", flat=True)] == names
        assert not [one for one in AuditEvent.objects.all() if former.display_name in one.subject_name]

    def test_refused_it_can_be_asked_for_again(self, former: User) -> None:
        first, second = UserFactory(hr=True), UserFactory(hr=True)
        asked = self.ask(former, first)
        with pytest.raises(erasing.AlreadyAsked):
            self.ask(former, second)
        services.refuse_erasure(erasure=asked, by=second, at=LATER)
        self.ask(former, second)
        former.refresh_from_db()
        assert former.erased_at is None

    def test_not_who_works_here(self) -> None:
        with pytest.raises(erasing.StillHere):
            self.ask(UserFactory(), UserFactory(hr=True))

    def test_not_by_who_does_not_keep_the_record(self, former: User) -> None:
        elsewhere = UserFactory(hr=True, hr_grant__department=DepartmentFactory())
        for stranger in (elsewhere, UserFactory(director=True), UserFactory(auditor=True), former):
            with pytest.raises(erasing.NotYours):
                self.ask(former, stranger)
        asked = self.ask(former, UserFactory(hr=True))
        for act in (services.confirm_erasure, services.refuse_erasure):
            with pytest.raises(erasing.NotYours):
                act(erasure=asked, by=elsewhere, at=LATER)

    def test_not_without_a_reason(self, former: User) -> None:
        with pytest.raises(erasing.NeedsReason):
            self.ask(former, UserFactory(hr=True), reason=" ")

    def test_not_within_six_months_of_their_last_act(self, former: User) -> None:
        with transaction.atomic():
            record(action="people.password_changed", by=former, subject=former, person=former, at=NOW)
        day = erasable_from(former)
        assert (day.year, day.month, day.day) == (2027, 5, timezone.localtime(NOW).day)
        hr = UserFactory(hr=True)
        with pytest.raises(erasing.TooEarly, match="six months"):
            self.ask(former, hr, at=NOW + timedelta(days=100))
        self.ask(former, hr)

    def test_what_is_taken_back_leaves_no_event(self, former: User) -> None:
        with transaction.atomic():
            self.ask(former, UserFactory(hr=True))
            transaction.set_rollback(True)
        assert not AuditEvent.objects.exists()

    def test_nobody_made_anonymous_comes_back(self, former: User) -> None:
        former.erased_at = NOW
        former.save()
        hr = UserFactory(hr=True)
        with pytest.raises(erasing.AlreadyErased):
            self.ask(former, hr)
        place = {"department": former.department, "position": PositionFactory(), "section": None, "window": None}
        with pytest.raises(PeopleError, match="anonymous"):
            come_back(person=former, starts_on=LATER.date(), by=hr, at=LATER, **place)


def test_the_dry_run_says_what_where_and_why(canary: CanaryWorld) -> None:
    told = dry_run(canary.owner)
    numbers = told.counts()
    assert numbers["leave"] == 1
    assert numbers["certificates"] == canary.owner.certificates.count()
    assert numbers["coaching-sessions"] == 2
    lines = [*told.goes, *told.emptied, *told.stays]
    assert all(line.title and line.why and line.number != 0 for line in lines)
    assert len({line.name for line in lines}) == len(lines)


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.mark.usefixtures("_clock")
class TestScreens:
    def test_from_the_person_to_the_end(self, client: Client) -> None:
        CentreFactory()
        person = UserFactory(is_active=False)
        first, second = UserFactory(hr=True), UserFactory(administrator=True)
        client.force_login(first)
        address = f"/people/{person.staff_number}/erase/"
        assert address in client.get(f"/people/{person.staff_number}/").content.decode()
        page = client.get(address).content.decode()
        assert "Staff record" in page
        assert f"Former staff member {person.pk}" in page
        kept = client.post(address, {"reason": ""})
        assert "Write down why" in kept.content.decode()
        answer = client.post(address, {"reason": "Asked by letter"}, follow=True)
        assert "A second person must decide" in answer.content.decode()
        asked = Erasure.objects.get()
        assert "Asked by letter" in client.get("/erasures/").content.decode()
        client.post(f"/erasures/{asked.pk}/", {"decision": "confirm"})
        asked.refresh_from_db()
        assert asked.state == Erasure.State.ASKED
        client.force_login(second)
        assert "It cannot be undone" in client.get(f"/erasures/{asked.pk}/").content.decode()
        client.post(f"/erasures/{asked.pk}/", {"decision": "nonsense"})
        answer = client.post(f"/erasures/{asked.pk}/", {"decision": "confirm"}, follow=True)
        assert "It is being done" in answer.content.decode()
        tasks.erase(progress=Steps(), erasure=asked.pk)
        page = client.get(f"/erasures/{asked.pk}/").content.decode()
        assert "Done" in page
        assert person.display_name not in page
        assert client.get(f"/people/{person.staff_number}/").status_code == 404
        page = client.get(f"/people/former-{person.pk}/").content.decode()
        assert "/erase/" not in page

    def test_who_works_here_is_only_told_so(self, client: Client) -> None:
        client.force_login(UserFactory(hr=True))
        page = client.get(f"/people/{UserFactory().staff_number}/erase/").content.decode()
        assert "Only somebody who has left" in page
        assert "Ask for it" not in page
        assert "Nothing to decide" in client.get("/erasures/").content.decode()

    def test_another_departments_hr_finds_nothing(self, client: Client) -> None:
        CentreFactory()
        person = UserFactory(is_active=False, department=DepartmentFactory())
        asked = services.ask_erasure(person=person, reason="x", by=UserFactory(hr=True), at=LATER)
        client.force_login(UserFactory(hr=True, hr_grant__department=DepartmentFactory()))
        for address in (f"/people/{person.staff_number}/erase/", f"/erasures/{asked.pk}/"):
            assert client.get(address).status_code == 404
            assert client.post(address, {"reason": "x", "decision": "confirm"}).status_code == 404
        assert str(person) not in client.get("/erasures/").content.decode()
