"""How long things are kept: never less than the least, gone on the day, in batches, with one event for each kind."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client

from assessments.models import Response
from assessments.services import start_practice
from tests.factories.accountability import assessment_facts
from tests.factories.assessments import exam_with_items, started
from tests.factories.operations import JobFactory
from tests.factories.people import CentreFactory, DepartmentFactory, LeaveFactory, ShiftFactory, UserFactory
from tests.factories.practice import practice_exam
from tests.operations.trail import write
from training.accountability import services, tasks
from training.accountability.models import Erasure, ImpactAssessment, RetentionRule
from training.accountability.queries.retention import kind_of, months_of, standing, standings
from training.lib import retention
from training.lib.retention import Kept, all_kinds, months_after, months_before
from training.notices.models import AddressConfirmation, Delivery, Digest, Notice
from training.operations.models import AuditEvent, ImportRun, Job
from training.operations.sealing import seal_due
from training.operations.verification import findings
from training.people.models import Leave, LoginCode

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def kind(name: str) -> Kept:
    found = kind_of(name)
    assert found
    return found


def notice(at: datetime, **facts: Any) -> Notice:
    return Notice.objects.create(person=UserFactory(), kind="x", created_at=at, **facts)


def erased(at: datetime, state: str = "done") -> Erasure:
    first, second = UserFactory(), UserFactory()
    facts = {"asked_at": at, "decided_by": second, "decided_at": at, "state": state}
    return Erasure.objects.create(person=UserFactory(), reason="x", asked_by=first, **facts)


def answered(at: datetime) -> Response:
    """The first of two answers to one question of a paper handed in at that time."""
    attempt = started(exam_with_items(), UserFactory(), at=at - timedelta(hours=1))
    type(attempt).objects.filter(pk=attempt.pk).update(finished_at=at)
    rows = [Response(attempt_item=attempt.items.first(), revision=number, saved_at=at) for number in (1, 2)]
    return Response.objects.bulk_create(rows)[0]


def sent(at: datetime) -> Delivery:
    digest = Digest.objects.create(up_to=at, planned_at=at)
    facts = {"channel": "email", "digest": digest, "state": "sent", "created_at": at, "next_try_at": at}
    return Delivery.objects.create(person=UserFactory(), **facts)


def signed_in(at: datetime) -> UserSession:
    row = UserSession.objects.create(user=UserFactory(), session_key=uuid4().hex, ip="10.0.0.1", last_seen_at=at)
    UserSession.objects.filter(pk=row.pk).update(last_seen_at=at)
    return row


def code(at: datetime) -> LoginCode:
    return LoginCode.objects.create(person=UserFactory(), code_hash="x", made_at=at, expires_at=at, used_at=at)


def over(at: datetime) -> ImportRun:
    return ImportRun.objects.create(kind="x", uploaded_at=at, finished_at=at)


MAKERS: dict[str, Callable[[datetime], models.Model]] = {
    "answer-drafts": answered,
    "erasures": erased,
    "practice": lambda at: start_practice(person=UserFactory(), exam=practice_exam(), at=at),
    "notices-read": lambda at: notice(NOW, read_at=at),
    "notices-unread": notice,
    "deliveries": sent,
    "address-links": lambda at: AddressConfirmation.objects.create(
        person=UserFactory(), address="a@b.example", asked_at=at, expires_at=at
    ),
    "impact-assessments": lambda at: ImpactAssessment.objects.create(
        **assessment_facts(state="ended", ended_on=at.date())
    ),
    "sign-ins": signed_in,
    "sessions": lambda at: Session.objects.create(session_key=uuid4().hex, session_data="", expire_date=at),
    "login-codes": code,
    "leave": lambda at: LeaveFactory(starts_on=at.date(), until=at.date()),
    "shifts": lambda at: ShiftFactory(day=at.date()),
    "jobs": lambda at: JobFactory(state="done", finished_at=at),
    "imports": over,
}


def test_every_kind_is_tried_here() -> None:
    assert {kind.name for kind in all_kinds()} == {*MAKERS, "audit-details"}


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_over_its_time_goes_and_the_rest_stays(name: str) -> None:
    CentreFactory()
    kept = kind(name)
    first_kept = months_before(NOW, kept.usual)
    old, young = MAKERS[name](first_kept - timedelta(days=1)), MAKERS[name](first_kept + timedelta(hours=1))
    assert standing(kept, months=kept.usual, at=NOW).number == 1
    assert services.purge(kind=kept, at=NOW) == 1
    model: Any = type(old)
    assert not model.objects.filter(pk=old.pk).exists()
    assert model.objects.filter(pk=young.pk).exists()
    assert services.purge(kind=kept, at=NOW) == 0
    event = AuditEvent.objects.get(action="accountability.purged")
    assert (event.after["rows"], event.after["months"], event.actor_name) == (1, kept.usual, "retention")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("deliveries", lambda at: Delivery.objects.filter(pk=sent(at).pk).update(state="waiting")),
        ("erasures", lambda at: erased(at, state="confirmed")),
        ("jobs", lambda at: JobFactory(queued_at=at)),
        ("imports", lambda at: ImportRun.objects.create(kind="x", uploaded_at=at)),
    ],
)
def test_what_is_not_over_stays_however_old(name: str, make: Callable[[datetime], Any]) -> None:
    make(NOW - timedelta(days=5000))
    assert services.purge(kind=kind(name), at=NOW) == 0


def test_the_last_answer_stays_for_ever() -> None:
    first = answered(NOW - timedelta(days=5000))
    services.purge(kind=kind("answer-drafts"), at=NOW)
    assert Response.objects.get(attempt_item=first.attempt_item).revision == 2


def test_the_details_of_the_trail_go_and_it_still_verifies() -> None:
    CentreFactory()
    events = write(3)  # in November
    seal_due(at=NOW)
    late = NOW + timedelta(days=3700)
    assert services.purge(kind=kind("audit-details"), at=late) == 3
    assert not AuditEvent.objects.filter(pk__in=[event.pk for event in events]).exclude(subject_name="").exists()
    assert services.purge(kind=kind("audit-details"), at=late) == 0
    seal_due(at=late)
    assert list(findings()) == []
    told = AuditEvent.objects.get(action="operations.audit_redacted")
    assert told.after["events"] == 3


def test_more_rows_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        notice(NOW - timedelta(days=4000 + number))
    assert services.purge(kind=kind("notices-unread"), at=NOW) == 5
    assert AuditEvent.objects.filter(action="accountability.purged").count() == 1


def test_files_go_with_their_jobs() -> None:
    job = JobFactory(done_with_file=True, finished_at=NOW - timedelta(days=400))
    job.file.save("late.csv", ContentFile(b"x"))
    services.purge(kind=kind("jobs"), at=NOW)
    assert not job.file.storage.exists(job.file.name)
    assert not Job.objects.exists()


def test_the_setting_says_how_long_read_notices_are_usually_kept(settings: Any) -> None:
    settings.NOTICE_KEEP_MONTHS = 12
    assert months_of(kind("notices-read")) == 12


class TestRules:
    def test_a_rule_takes_the_place_of_what_is_usual(self) -> None:
        by = UserFactory(administrator=True)
        services.set_retention(kind=kind("leave"), months=24, by=by, at=NOW)
        services.set_retention(kind=kind("leave"), months=18, by=by, at=NOW)
        assert months_of(kind("leave")) == 18
        LeaveFactory(starts_on=months_before(NOW, 19).date(), until=months_before(NOW, 19).date())
        assert services.purge(kind=kind("leave"), at=NOW) == 1
        events = AuditEvent.objects.filter(action="accountability.retention_set").order_by("pk")
        assert [(one.before["months"], one.after["months"]) for one in events] == [(36, 24), (24, 18)]

    def test_never_below_the_least_even_by_hand(self) -> None:
        with pytest.raises(services.RetentionError, match="At least 6"):
            services.set_retention(kind=kind("sign-ins"), months=5, by=UserFactory(administrator=True), at=NOW)
        RetentionRule.objects.create(kind="sign-ins", months=1, changed_at=NOW)
        signed_in(NOW - timedelta(days=100))
        assert services.purge(kind=kind("sign-ins"), at=NOW) == 0
        assert {one.kind.name: one.months for one in standings(at=NOW)}["sign-ins"] == 6

    def test_only_who_administers_the_whole_centre(self) -> None:
        part = UserFactory(administrator=True, administrator_grant__department=DepartmentFactory())
        for by in (UserFactory(hr=True), part):
            with pytest.raises(services.RetentionError):
                services.set_retention(kind=kind("leave"), months=24, by=by, at=NOW)
        assert not RetentionRule.objects.exists()

    def test_laws_least_times(self) -> None:
        least = {kind.name: kind.least for kind in all_kinds()}
        assert min(least[name] for name in ("audit-details", "sign-ins", "login-codes", "imports")) >= 6
        assert least["erasures"] >= 36
        assert all(kind.usual >= kind.least for kind in all_kinds())


def test_months_are_months() -> None:
    assert str(months_after(date(2026, 8, 31), 6)) == "2027-02-28"
    assert str(months_after(date(2026, 3, 31), -13)) == "2025-02-28"
    assert months_before(NOW, 1).isoformat() == "2026-10-25T00:00:00+08:00"


class TestTick:
    def test_a_night_forgets_each_kind(self) -> None:
        CentreFactory()
        for name in ("leave", "jobs", "notices-unread"):
            MAKERS[name](NOW - timedelta(days=5000))
        tasks.purge(now=NOW)
        assert [model.objects.count() for model in (Leave, Job, Notice)] == [0, 0, 0]
        assert AuditEvent.objects.filter(action="accountability.purged").count() == 3
        tasks.purge(now=NOW + timedelta(days=1))
        assert AuditEvent.objects.filter(action="accountability.purged").count() == 3

    def test_one_kind_failing_does_not_stop_the_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> Iterator[Kept]:
            yield Kept("bad", "Bad", 1, 1, "pk", lambda _before: Leave.objects.all(), lambda _rows, _at: 1 // 0)
            yield kind("leave")

        LeaveFactory(starts_on=months_before(NOW, 99).date(), until=months_before(NOW, 99).date())
        monkeypatch.setattr(tasks, "all_kinds", broken)
        with pytest.raises(ZeroDivisionError):
            tasks.purge(now=NOW)
        assert not Leave.objects.exists()


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("_clock")
class TestScreens:
    def test_seen_tried_and_set(self, client: Client) -> None:
        CentreFactory()
        client.force_login(UserFactory(administrator=True))
        day = months_before(NOW, 30).date()
        LeaveFactory(starts_on=day, until=day)
        page = client.get("/retention/").content.decode()
        assert page.count("<tr>") == len(list(all_kinds())) + 1
        assert "Nothing would go tonight" in client.get("/retention/leave/").content.decode()
        tried = client.get("/retention/leave/?months=24").content.decode()
        assert "1 row would go tonight" in tried
        assert "Keep for 24 months" in tried
        assert Leave.objects.exists()
        assert not RetentionRule.objects.exists()
        client.post("/retention/leave/", {"months": "24"})
        assert months_of(kind("leave")) == 24
        assert Leave.objects.exists()

    @pytest.mark.parametrize("months", ["11", "-1", "x", "", "99999999999999999999"])
    def test_bad_months_are_told(self, client: Client, months: str) -> None:
        client.force_login(UserFactory(administrator=True))
        for answer in (
            client.get("/retention/leave/", {"months": months}),
            client.post("/retention/leave/", {"months": months}),
        ):
            assert "Keep for" not in answer.content.decode()
            assert "form-error" in answer.content.decode() or "invalid" in answer.content.decode()
        assert not RetentionRule.objects.exists()

    def test_no_such_kind(self, client: Client) -> None:
        client.force_login(UserFactory(administrator=True))
        assert client.get("/retention/nothing/").status_code == 404
