"""The audit trail on screen: who reads what of it, by which filters, page by page, in words."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories.people import CentreFactory, DepartmentFactory, PositionFactory, PostingFactory, UserFactory
from training.accountability.queries.telling import tell
from training.accountability.queries.trail import PAGE, Place
from training.operations.models import AuditEvent
from training.operations.sealing import seal_due
from training.operations.services import Event, record, record_many
from training.people.models import Department, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def centre() -> Any:
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(UserFactory(auditor=True, latin_name="Aud Itor"))
    return client


def event(action: str, person: User, *, by: Any = "test", at: datetime = NOW, **facts: Any) -> AuditEvent:
    with transaction.atomic():
        record(action=action, by=by, subject=person, person=person, at=at, **facts)
    return AuditEvent.objects.latest("pk")


def told(client: Client, address: str = "/audit/") -> list[str]:
    """The sentences on the page, own reading aside."""
    response = client.get(address)
    assert response.status_code == 200
    return [line.sentence for line in response.context["lines"] if line.event.action != "accountability.trail_read"]


class TestWho:
    @pytest.mark.parametrize("role", ["clerk", "teacher", "hr", "head", "director", "editor", "examiner"])
    def test_others_are_turned_away(self, client: Client, role: str) -> None:
        client.force_login(UserFactory(**{role: True}))
        assert client.get("/audit/").status_code == 403
        assert client.post("/audit/export/").status_code == 403

    @pytest.mark.parametrize("role", ["auditor", "administrator"])
    def test_over_the_whole_centre_everything_is_read(self, client: Client, role: str) -> None:
        client.force_login(UserFactory(**{role: True}))
        event("people.left", UserFactory(display_name="王五"))
        with transaction.atomic():
            record(action="matters.policy_published", by="schedule", subject=DepartmentFactory(), at=NOW)
        assert len(told(client)) == 2

    def test_an_auditor_of_a_department_reads_about_and_by_its_staff(self, client: Client) -> None:
        market = DepartmentFactory()
        below = Department.objects.get(pk=DepartmentFactory(parent=market).pk)
        client.force_login(UserFactory(auditor=True, auditor_grant__department=market))
        ours, posted, theirs = UserFactory(department=below), UserFactory(), UserFactory(display_name="外人")
        PostingFactory(person=posted, department=market)
        event("people.left", ours)
        event("people.moved", posted)
        event("people.hired", theirs, by=ours)
        event("people.left", theirs)
        with transaction.atomic():
            record(action="matters.policy_published", by="schedule", subject=market, at=NOW)
        assert len(told(client)) == 3
        assert told(client, f"/audit/?person={theirs.staff_number}") == [told(client)[0]]


class TestFilters:
    def test_by_person_actor_action_and_record(self, auditor: Client) -> None:
        wu, sun = (
            UserFactory(display_name="吴静", latin_name="Wu Jing"),
            UserFactory(display_name="孙磊", latin_name="Sun Lei"),
        )
        moved = event("people.moved", wu, by=sun)
        event("people.left", sun, by=wu)
        assert told(auditor, f"/audit/?person={wu.staff_number}") == [
            "孙磊 Sun Lei moved 吴静 Wu Jing to another posting."
        ]
        assert told(auditor, "/audit/?person=wu jing") == told(auditor, "/audit/?person=吴静")
        assert told(auditor, "/audit/?actor=吴") == ["吴静 Wu Jing recorded that 孙磊 Sun Lei leaves."]
        assert len(told(auditor, "/audit/?action=people.moved")) == 1
        assert len(told(auditor, f"/audit/?subject=people.user:{wu.pk}")) == 1
        assert moved.subject_id == str(wu.pk)
        assert told(auditor, "/audit/?person=nobody") == []

    def test_by_days_in_the_centres_time(self, auditor: Client) -> None:
        person = UserFactory()
        for hour in (15, 16):  # 23:59 on the 20th, and 00:00 on the 21st, in Shanghai
            event("people.left", person, at=datetime(2026, 11, 20, hour, 59 if hour == 15 else 0, tzinfo=UTC))
        assert len(told(auditor, "/audit/?since=2026-11-20&until=2026-11-20")) == 1
        assert len(told(auditor, "/audit/?since=2026-11-21")) == 1
        assert len(told(auditor, "/audit/?since=2026-11-20&until=2026-11-21")) == 2

    @pytest.mark.parametrize(
        "query",
        [
            "since=yesterday",
            "until=9999-12-31",
            "action=people.danced",
            "older=x",
            "newer=x-y",
            "older=20261332T000000000000-1",
            "older=20261125T080000000000-99999999999999999999999",
            "subject=nothing",
        ],
    )
    def test_what_cannot_be_read_is_no_error(self, auditor: Client, query: str) -> None:
        assert auditor.get(f"/audit/?{query}").status_code == 200


class TestPages:
    def test_every_event_stands_on_one_page_whichever_way_one_goes(self, auditor: Client) -> None:
        person = UserFactory()
        with transaction.atomic():
            for number in range(2 * PAGE + 7):
                at = NOW - timedelta(minutes=number // 10)
                record_many([Event("people.changed", person, person=person)], by="test", at=at)
        address = "/audit/?action=people.changed"
        seen, pages = [], []
        while True:
            page = auditor.get(address).context["page"]
            seen += [row.pk for row in page.events]
            pages.append([row.pk for row in page.events])
            if not page.older:
                break
            address = f"/audit/?action=people.changed&older={page.older}"
        everything = AuditEvent.objects.filter(action="people.changed").order_by("-happened_at", "-pk")
        assert seen == list(everything.values_list("pk", flat=True))
        assert [len(rows) for rows in pages] == [PAGE, PAGE, 7]
        back = [pages[-1]]
        while page.newer:
            page = auditor.get(f"/audit/?action=people.changed&newer={page.newer}").context["page"]
            back.append([row.pk for row in page.events])
        assert back[::-1] == pages

    def test_as_many_queries_for_one_event_as_for_a_full_page(self, auditor: Client) -> None:
        department, position = DepartmentFactory(), PositionFactory()
        facts = {"department": department.pk, "position": position.pk}
        event("people.moved", UserFactory(), after=facts)
        auditor.get("/audit/")
        with CaptureQueriesContext(connection) as few:
            auditor.get("/audit/?action=people.moved")
        for _number in range(30):
            event(
                "people.moved",
                UserFactory(),
                by=UserFactory(),
                before=facts,
                after={"department": DepartmentFactory().pk},
            )
        with CaptureQueriesContext(connection) as many:
            auditor.get("/audit/?action=people.moved")
        assert len(many) == len(few)

    def test_a_place_survives_the_address(self) -> None:
        place = Place(datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC), 7)
        assert Place.read(str(place)) == place


class TestWords:
    def test_ids_become_names_and_days_become_days(self) -> None:
        old, new = DepartmentFactory(), DepartmentFactory()
        before = {"department": old.pk, "starts_on": "2026-01-02", "window": None}
        after = {"department": new.pk, "starts_on": "2026-01-02", "roles": ["hr", "clerk"]}
        row = event("people.moved", UserFactory(), before=before, after=after)
        said = {fact.name: (fact.before, fact.after) for fact in tell([row])[0].differences}
        assert said["Department"] == (str(old), str(new))
        assert "First day" not in said  # did not change
        assert said["Roles"] == ("", "HR officer, Clerk")
        with translation.override("zh-hans"):
            line = tell([row])[0]
            assert {"科室", "角色"} <= {fact.name for fact in line.differences}
            assert "调整了" in line.sentence

    def test_who_is_gone_is_still_somebody(self) -> None:
        person = UserFactory()
        row = event("people.left", person, after={"department": 999_999})
        row.person_id = 999_999
        line = tell([row])[0]
        assert line.person is None
        assert "a person no longer on record" in line.sentence
        assert line.differences[0].after == "999999"

    def test_nothing_in_a_name_is_markup_or_a_template(self, auditor: Client) -> None:
        event("people.left", UserFactory(display_name="<b>{x}</b>", latin_name="%(y)s"), reason="<script>")
        page = auditor.get("/audit/").content.decode()
        assert "&lt;b&gt;{x}&lt;/b&gt; %(y)s" in page
        assert "<script>" not in re.sub(r"<script[^>]*(nonce|src)[^>]*>", "", page)


class TestReadingAndTaking:
    def test_reading_is_an_event_once_in_a_quarter_of_an_hour(self, auditor: Client) -> None:
        reads = AuditEvent.objects.filter(action="accountability.trail_read")
        for _time in range(3):
            auditor.get("/audit/")
        assert reads.count() == 1
        with time_machine.travel(NOW + timedelta(minutes=15), tick=False):
            auditor.get("/audit/")
        assert reads.count() == 2

    def test_the_table_holds_what_the_page_shows_and_nothing_runs_in_it(self, auditor: Client) -> None:
        person = UserFactory(display_name="=1+1")
        for number in range(PAGE + 3):
            event("people.moved", person, by=person, after={"n": number}, reason="=HYPERLINK()")
        event("people.left", person)
        response = auditor.post("/audit/export/?action=people.moved")
        rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
        assert len(rows) == 1 + PAGE + 3
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
        taken = AuditEvent.objects.get(action="accountability.trail_exported")
        assert taken.after == {"events": PAGE + 3, "action": "people.moved"}
        assert taken.actor_name.endswith("Aud Itor")

    def test_an_auditor_of_a_department_takes_no_more_than_they_read(self, client: Client) -> None:
        market = DepartmentFactory()
        client.force_login(UserFactory(auditor=True, auditor_grant__department=market))
        event("people.left", UserFactory(department=market))
        event("people.left", UserFactory())
        rows = b"".join(client.post("/audit/export/?action=people.left")).decode().splitlines()
        assert len(rows) == 2

    def test_the_newest_seal_stands_below(self, auditor: Client) -> None:
        assert "Nothing is sealed yet" in auditor.get("/audit/").content.decode()
        seal_due(at=NOW)
        assert "by seal 1" in auditor.get("/audit/").content.decode()
