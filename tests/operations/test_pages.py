"""The pages of jobs and of operations: what they say in each state, to whom, and that they stay quick."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.factories.operations import NOW, JobFactory, ProcessFactory
from tests.factories.people import CentreFactory, UserFactory
from training.operations.models import AuditEvent, Job, TickRun
from training.people.models import User

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> object:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def client(person: User) -> Client:
    return signed_in(person)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def operator() -> Client:
    return signed_in(UserFactory(administrator=True))


def job_of(person: User, **columns: object) -> Job:
    return JobFactory(started_by_id=person.pk, started_by_name=str(person), **columns)


def page(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_running_job_shows_how_far_it_is_and_asks_again(client: Client, person: User) -> None:
    job = job_of(person, running=True, done=1240, total=10_000)

    shown = page(client, f"/jobs/{job.pk}/")

    assert "1,240 of 10,000" in shown
    assert f'hx-get="/jobs/{job.pk}/?told=running-0" hx-trigger="every 2s"' in shown
    assert f'action="/jobs/{job.pk}/cancel/"' in shown
    assert "htmx-2.min.js" in shown
    assert f'href="/jobs/{job.pk}/"' in shown  # to refresh without a script


def test_the_live_region_speaks_at_each_quarter_alone(client: Client, person: User) -> None:
    job = job_of(person, running=True, done=2600, total=10_000)

    first = page(client, f"/jobs/{job.pk}/?told=running-0", **HTMX)
    again = page(client, f"/jobs/{job.pk}/?told=running-1", **HTMX)

    assert "hx-swap-oob" in first
    assert "Running, 26%" in first
    assert "hx-swap-oob" not in again
    assert "2,600 of 10,000" in again
    assert "<h1" not in again


def test_when_it_ends_the_page_is_drawn_anew_and_asks_no_more(client: Client, person: User) -> None:
    job = job_of(person, done_with_file=True)

    answer = client.get(f"/jobs/{job.pk}/?told=running-3", headers=HTMX)

    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#job", "innerHTML")
    shown = answer.content.decode()
    assert "hx-get" not in shown
    assert "Download staff.csv" in shown
    assert "hx-swap-oob" in shown


def test_a_failure_is_told_in_words_and_to_operators_with_its_error(
    client: Client, person: User, operator: Client
) -> None:
    job = job_of(person, failed=True)
    expected = job_of(person, failed=True, reason={"en": "Line 3 has no date.", "zh-hans": "第3行缺少日期。"})

    shown = page(client, f"/jobs/{job.pk}/")
    assert "It stopped because of a fault of the platform." in shown
    assert "no such door" not in shown
    assert f'action="/jobs/{job.pk}/retry/"' in shown
    assert "Line 3 has no date." in page(client, f"/jobs/{expected.pk}/")
    assert "ValueError: no such door" in page(operator, f"/jobs/{job.pk}/")


def test_the_file_goes_to_who_started_it_and_an_administrator_leaves_a_trace(
    client: Client, person: User, operator: Client
) -> None:
    job = job_of(person, done_with_file=True)

    answer = client.get(f"/jobs/{job.pk}/file/")
    assert b"".join(answer.streaming_content) == b"number,name\n"
    assert answer["Content-Disposition"] == 'attachment; filename="staff.csv"'
    assert (answer["Content-Type"], answer["Cache-Control"].count("no-store")) == ("text/csv", 1)
    assert not AuditEvent.objects.exists()

    operator.get(f"/jobs/{job.pk}/file/")
    assert AuditEvent.objects.get().action == "jobs.file_taken"
    assert signed_in(UserFactory()).get(f"/jobs/{job.pk}/file/").status_code == 404


def test_a_file_that_is_gone_is_a_404(client: Client, person: User) -> None:
    job = job_of(person, done_with_file=True)
    job.file.storage.delete(job.file.name)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_cancelling_what_has_ended_is_answered_with_a_sentence(client: Client, person: User) -> None:
    job = job_of(person, failed=True)
    answer = client.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "This work has ended already" in answer.content.decode()
    answer = client.post(f"/jobs/{job_of(person).pk}/retry/", follow=True)
    assert "so it is not started again" in answer.content.decode()


def test_the_list_holds_ones_own_alone_and_says_what_it_is_for_when_empty(client: Client, person: User) -> None:
    assert "Nothing yet" in page(client, "/jobs/")
    job_of(person, label={"en": "Mine"})
    job_of(UserFactory(), label={"en": "Of another"})

    shown = page(client, "/jobs/")

    assert "Mine" in shown
    assert "Of another" not in shown


def test_all_is_well(operator: Client, settings: Settings) -> None:
    settings.TICK_TASKS = []
    ProcessFactory()
    ProcessFactory(kind="tick")
    shown = page(operator, "/operations/")
    assert "All is well." in shown
    assert "The settings name no task for the tick." in shown
    assert connection.vendor in shown.lower()


def test_each_trouble_is_told_with_what_to_do(operator: Client, settings: Settings) -> None:
    settings.TICK_TASKS = ["a.broken", ("b.late", "hourly"), ("c.new", "daily at 3:00")]
    settings.DISK_FREE_LIMIT_MB = 10**9
    ProcessFactory(seen_at=NOW - timedelta(minutes=5))
    TickRun.objects.create(task="a.broken", started_at=NOW, finished_at=NOW, error="ValueError: no such door")
    hours_ago = NOW - timedelta(hours=3)
    TickRun.objects.create(task="b.late", started_at=hours_ago, due_at=hours_ago, finished_at=hours_ago)
    JobFactory(failed=True, label={"en": "Broken import"})

    shown = page(operator, "/operations/")

    for words in (
        "No worker runs: jobs wait.",
        "The tick does not run",
        "The disk is nearly full.",
        "1 task of the tick is late.",
        "Late by 2 h",
        "1 task of the tick failed",
        "ValueError: no such door",
        "1 job failed.",
        "Broken import",
        "Not run yet",
        "Not seen",
    ):
        assert words in shown, words
    assert "All is well." not in shown


def test_what_runs_for_long_is_not_late_while_its_lock_is_renewed(operator: Client, settings: Settings) -> None:
    settings.TICK_TASKS = ["a.b"]
    since, until = NOW - timedelta(hours=1), NOW + timedelta(seconds=30)
    TickRun.objects.create(task="a.b", started_at=since, claimed_by="somebody", claimed_until=until)
    shown = page(operator, "/operations/")
    assert "Late by" not in shown
    assert "Running" in shown


def test_one_failed_job_is_tried_again(operator: Client) -> None:
    job = JobFactory(failed=True)
    operator.post(f"/jobs/{job.pk}/retry/")
    assert Job.objects.get().state == Job.State.QUEUED


def test_all_failed_jobs_are_tried_again_and_no_other(operator: Client) -> None:
    JobFactory.create_batch(3, failed=True)
    others = [JobFactory(running=True), JobFactory(done_with_file=True)]

    answer = operator.post("/operations/jobs/retry/", follow=True)

    assert "3 jobs wait for their turn again." in answer.content.decode()
    assert Job.objects.filter(state="queued").count() == 3
    assert {Job.objects.get(pk=job.pk).state for job in others} == {"running", "done"}
    assert AuditEvent.objects.filter(action="jobs.retried").count() == 3
    again = operator.post("/operations/jobs/retry/", follow=True)
    assert "No job has failed" in again.content.decode()


def test_the_jobs_are_filtered_by_the_address(operator: Client) -> None:
    JobFactory(label={"en": "Waits"})
    JobFactory(failed=True, label={"en": "Fell"})
    assert "Waits" not in page(operator, "/operations/jobs/?state=failed")
    assert "Fell" in page(operator, "/operations/jobs/?state=failed")
    assert "No such job" in page(operator, "/operations/jobs/?state=cancelled")
    assert "Waits" in page(operator, "/operations/jobs/?state=nonsense")


def test_ten_thousand_jobs_cost_the_queries_of_one(operator: Client, person: User) -> None:
    mine = {"started_by_id": person.pk, "started_by_name": "me", "label": {"en": "Count"}}
    client = signed_in(person)
    asks = [(operator, "/operations/"), (operator, "/operations/jobs/"), (client, "/jobs/")]
    job_of(person, failed=True, label={"en": "Count"})
    for who, path in asks:
        who.get(path)  # what is worked out once in a process
    few = [queries_of(*ask) for ask in asks]
    Job.objects.bulk_create(
        (Job(pk=uuid4(), state=state, queued_at=NOW, finished_at=NOW, **mine) for state in STATES for _ in range(2000)),
        batch_size=1000,
    )

    assert [queries_of(*ask) for ask in asks] == few
    assert page(operator, "/operations/").count("<tr>") < 60
    assert page(operator, "/operations/jobs/").count("<tr>") == 51


STATES = Job.State.values


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
