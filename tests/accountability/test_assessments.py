"""The register of impact assessments: who keeps it, what may still change, that nothing goes before its time."""

import csv
import io
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.accountability import assessment_facts
from tests.factories.mentors import NOW, TODAY
from tests.factories.people import CentreFactory, UserFactory
from training.accountability import services
from training.accountability.models import ImpactAssessment, RetentionRule
from training.accountability.queries.retention import kind_of, months_of
from training.lib.retention import months_before
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db
State = ImpactAssessment.State


@pytest.fixture(autouse=True)
def centre() -> Any:
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True)


def kept(by: User, **facts: Any) -> ImpactAssessment:
    return services.write_assessment(facts=assessment_facts(**facts), by=by, at=NOW)


def events(name: str) -> int:
    return AuditEvent.objects.filter(action=name).count()


class TestWhatBecomesOfOne:
    def test_written_changed_and_put_in_force(self, client: Client, hr: User) -> None:
        client.force_login(hr)
        client.post("/impact/new/", assessment_facts())
        one = ImpactAssessment.objects.get()
        client.post(f"/impact/{one.pk}/change/", assessment_facts(risks="None"))
        client.post(f"/impact/{one.pk}/act/", {"act": "force"})
        one.refresh_from_db()
        assert (one.risks, one.state, one.in_force_from) == ("None", State.IN_FORCE, TODAY)
        changed = AuditEvent.objects.get(action="accountability.assessment_changed")
        assert (changed.before, changed.after) == ({"risks": "A wrong key"}, {"risks": "None"})
        assert (events("accountability.assessment_written"), events("accountability.assessment_in_force")) == (1, 1)

    def test_what_is_in_force_never_changes_and_is_written_anew(self, client: Client, hr: User) -> None:
        one = kept(hr)
        services.put_in_force(assessment=one, by=hr, at=NOW)
        client.force_login(hr)
        answer = client.post(f"/impact/{one.pk}/change/", assessment_facts(risks="None"))
        assert "written anew" in answer.content.decode()
        client.post(f"/impact/{one.pk}/act/", {"act": "force"})
        made = client.post(f"/impact/{one.pk}/act/", {"act": "anew"})
        client.post(f"/impact/{one.pk}/act/", {"act": "anew"})
        one.refresh_from_db()
        (draft,) = one.followed_by.all()
        assert (one.risks, one.state, draft.state) == ("A wrong key", State.IN_FORCE, State.DRAFT)
        assert made.url == f"/impact/{draft.pk}/change/"
        services.put_in_force(assessment=draft, by=hr, at=NOW)
        one.refresh_from_db()
        assert (one.state, one.ended_on, events("accountability.assessment_ended")) == (State.ENDED, TODAY, 1)

    def test_what_has_ended_stays_so(self, hr: User) -> None:
        one = kept(hr)
        services.end_assessment(assessment=one, by=hr, at=NOW)
        for act in (services.end_assessment, services.put_in_force, services.write_anew):
            with pytest.raises(services.AssessmentError):
                act(assessment=one, by=hr, at=NOW)

    def test_an_unfinished_form_says_what_is_missing(self, client: Client, hr: User) -> None:
        client.force_login(hr)
        answer = client.post("/impact/new/", assessment_facts(risks=""))
        assert list(answer.context["form"].errors) == ["risks"]
        assert not ImpactAssessment.objects.exists()


class TestWho:
    def test_hr_of_a_department_reads_and_does_not_write(self, client: Client, hr: User) -> None:
        one = kept(hr)
        client.force_login(UserFactory(hr=True, hr_grant__department=UserFactory().department))
        page = client.get(f"/impact/{one.pk}/")
        assert page.status_code == 200
        assert b'value="force"' not in page.content
        assert client.post(f"/impact/{one.pk}/act/", {"act": "end"}).status_code == 403
        with pytest.raises(services.AssessmentError):
            kept(UserFactory(auditor=True))

    def test_the_export_is_the_register_and_leaves_a_trace(self, client: Client, hr: User) -> None:
        ended, draft = kept(hr, title="Old"), kept(hr, title="=New")
        services.end_assessment(assessment=ended, by=hr, at=NOW)
        client.force_login(UserFactory(auditor=True))
        sent = b"".join(client.post("/impact/export/").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(sent)))
        assert [(row["Title"], row["State"], row["Ended on"]) for row in rows] == [
            ("'=New", "Draft", ""),
            ("Old", "Ended", TODAY.isoformat()),
        ]
        assert draft.pk == int(rows[0]["Number"])
        assert AuditEvent.objects.get(action="accountability.assessments_exported").after == {"rows": 2}

    def test_the_list_asks_as_much_for_one_as_for_many(self, client: Client, hr: User) -> None:
        client.force_login(UserFactory(auditor=True))
        counts = []
        for more in (1, 20):
            for _ in range(more):
                kept(hr, review_on=TODAY)
            client.get("/impact/")
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get("/impact/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestKept:
    @pytest.mark.parametrize(("ended", "goes"), [(37, True), (35, False), (None, False)])
    def test_three_years_after_the_end_at_least_whatever_was_set(self, hr: User, ended: int | None, goes: bool) -> None:
        one = kept(hr)
        if ended is not None:
            services.end_assessment(assessment=one, by=hr, at=months_before(NOW, ended))
        kind = kind_of("impact-assessments")
        assert kind is not None
        RetentionRule.objects.create(kind=kind.name, months=1, changed_at=NOW)
        assert months_of(kind) == 36
        assert services.purge(kind=kind, at=NOW) == int(goes)
        assert ImpactAssessment.objects.exists() is not goes

    def test_the_new_one_outlives_the_one_it_followed(self, hr: User) -> None:
        long_ago = months_before(NOW, 61)
        old = kept(hr)
        services.put_in_force(assessment=old, by=hr, at=long_ago)
        new = services.write_anew(assessment=old, by=hr, at=long_ago)
        services.put_in_force(assessment=new, by=hr, at=long_ago)
        kind = kind_of("impact-assessments")
        assert kind is not None
        services.purge(kind=kind, at=NOW)
        new.refresh_from_db()
        assert (ImpactAssessment.objects.count(), new.follows_id) == (1, None)
