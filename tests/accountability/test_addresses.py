"""From where somebody acted: kept of requests alone, under the chain, read by auditors and in one's own copy."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.factories.people import CentreFactory, UserFactory
from training.accountability.personal import parts
from training.lib.addresses import acting_address, acting_from
from training.operations import chain
from training.operations.models import AuditEvent
from training.operations.sealing import seal_due
from training.operations.services import record, redact, start_job
from training.operations.tasks import run_job
from training.operations.verification import REDACTED, findings
from training.people.models import Centre, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
HALL, OFFICE = "192.0.2.7", "2001:db8::5"


@pytest.fixture(autouse=True)
def centre() -> Any:
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


def done(by: Any, person: User, *, address: str | None = None) -> AuditEvent:
    with transaction.atomic(), acting_from(address):
        record(action="people.left", by=by, subject=person, person=person, at=NOW)
    return AuditEvent.objects.latest("pk")


def read_by(reader: User, **request: Any) -> str | None:
    """Have the reader open the trail, and return the address which that event has."""
    client = Client()
    client.force_login(reader)
    assert client.get("/audit/", **request).status_code == 200
    return AuditEvent.objects.get(action="accountability.trail_read", actor_id=reader.pk).address


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("proxies", "sent", "told", "kept"),
        [
            (0, HALL, "198.51.100.9", HALL),
            (1, "10.0.0.1", "203.0.113.1, 192.0.2.7", HALL),
            (0, "::ffff:192.0.2.7", "", HALL),
            (0, "fe80::1%eth0", "", "fe80::1"),
            (0, "", "", None),
        ],
    )
    def test_where_the_request_came_from_as_far_as_proxies_are_believed(
        self, settings: Any, proxies: int, sent: str, told: str, kept: str | None
    ) -> None:
        settings.TRUSTED_PROXIES = proxies
        assert read_by(UserFactory(auditor=True), REMOTE_ADDR=sent, HTTP_X_FORWARDED_FOR=told) == kept
        assert acting_address() is None

    def test_a_job_has_none_even_where_it_runs_inside_a_request(self) -> None:
        with acting_from(HALL):
            task = "tests.accountability.test_addresses.record_from_a_job"
            job = start_job(task=task, arguments={}, by="test", at=NOW, label={"en": "x"})
            run_job.call(str(job.pk))
        job.refresh_from_db()
        assert (job.state, AuditEvent.objects.get(action="people.left").address) == ("done", None)


def record_from_a_job(*, progress: Any) -> None:
    done("a job", UserFactory())


class TestUnderTheChain:
    def test_the_digest_of_events_without_an_address_is_what_it_was_before_addresses_were_kept(self) -> None:
        event = {
            "id": 7,
            "happened_at": NOW,
            "action": "people.moved",
            "actor_id": 3,
            "person_id": 4,
            "subject_type": "people.user",
            "subject_id": "4",
            "actor_name": "周敏",
            "subject_name": "李想",
            "before": None,
            "after": {"share": 0.25},
            "reason": "as asked",
            "salt": "00" * 16,
            "payload_digest": "",
            "redacted_at": None,
            "address": None,
        }
        digest = "6721774f0b62609ba93a7b8a50314b3e11bd18811b96e573d7a030f3d01d3130"
        assert chain.event_digest(event).hex() == digest
        assert chain.event_digest({**event, "address": HALL}).hex() != digest

    @pytest.mark.parametrize("address", [HALL, OFFICE, None])
    def test_sealed_verified_emptied(self, address: str | None) -> None:
        event = done("test", UserFactory(), address=address)
        seal_due(at=NOW)
        with acting_from(HALL):
            events = AuditEvent.objects.filter(pk=event.pk)
            redact(events=events, by="erasure", subject=Centre.load(), at=NOW + timedelta(hours=1))
        seal_due(at=NOW + timedelta(hours=2))
        assert list(findings()) == []
        event.refresh_from_db()
        assert event.address is None
        assert AuditEvent.objects.get(action=REDACTED).address is None


class TestWhoReadsIt:
    def test_on_the_page_by_the_filter_and_in_the_export(self, client: Client) -> None:
        here, there = UserFactory(), UserFactory()
        done(here, here, address=HALL)
        done(there, there, address=OFFICE)
        done("tick", there)
        client.force_login(UserFactory(auditor=True))
        page = client.get("/audit/?action=people.left")
        assert [line.event.address for line in page.context["lines"]] == [None, OFFICE, HALL]
        assert page.content.decode().count(f"<bdi>{HALL}</bdi>") == 1
        for typed in (OFFICE, "2001:DB8:0::5"):
            lines = client.get("/audit/", {"address": typed}).context["lines"]
            assert [line.person for line in lines] == [there]
        assert list(client.get("/audit/?address=the hall").context["lines"]) == []
        sent = b"".join(client.post("/audit/export/?action=people.left").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(sent)))
        assert [row["Network address"] for row in rows] == ["", OFFICE, HALL]

    def test_the_copy_tells_ones_own_addresses_and_nobody_elses(self) -> None:
        person, hr = UserFactory(), UserFactory(hr=True)
        done(hr, person, address=OFFICE)
        done(person, person, address=HALL)
        trail = next(part for part in parts(person) if part.name == "audit-trail")
        told = [values["event.address"] for _row, values in trail.values(for_the_person=True)]
        assert told == [None, HALL]
        assert "event.address" not in trail.headings(for_the_person=False)
