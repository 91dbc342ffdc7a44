"""A job's life through the one task: started, run once, ended in one way, cancelled, tried again."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.operations import NOW, JobFactory
from tests.factories.people import UserFactory
from training.operations import progress as progress_module
from training.operations import services
from training.operations.models import AuditEvent, Job
from training.operations.progress import Cancelled, Interrupted, Progress, TakenOver
from training.operations.services import AlreadyEnded, NotEnded, cancel_job, claim, retry_job, start_job
from training.operations.tasks import run_job

LABEL = {"en": "Count", "zh-hans": "计数"}


def started(function: str, **arguments: Any) -> Job:
    """Start a job; where tasks run at once it has run when this returns."""
    job = start_job(task=f"tests.operations.jobs.{function}", arguments=arguments, by="test", at=NOW, label=LABEL)
    job.refresh_from_db()
    return job


def ran(function: str, **columns: Any) -> Job:
    """Run a waiting job, in the transaction of the test."""
    job = JobFactory(task=f"tests.operations.jobs.{function}", **columns)
    run_job.call(str(job.pk))
    job.refresh_from_db()
    return job


def kept_files(job: Job) -> list[str]:
    try:
        return job.file.storage.listdir(f"jobs/{job.pk}")[1]
    except FileNotFoundError:
        return []


@pytest.mark.django_db(transaction=True)
def test_what_is_started_runs_once_it_is_committed() -> None:
    job = started("count", to=5)

    assert (job.state, job.result, job.done, job.total) == (Job.State.DONE, {"counted": 5}, 5, 5)
    assert (job.attempts, job.claim, job.error) == (1, None, "")
    assert job.finished_at
    assert str(job) == "Count"


@pytest.mark.django_db
def test_who_started_it_stands_by_number_and_name() -> None:
    person = UserFactory()
    job = start_job(task="tests.operations.jobs.count", arguments={}, by=person, at=NOW, label=LABEL)

    assert (job.started_by_id, job.started_by_name) == (person.pk, str(person))
    assert (job.state, job.queued_at) == (Job.State.QUEUED, NOW)


@pytest.mark.django_db
def test_a_job_that_waits_no_more_is_not_run() -> None:
    for job in (JobFactory(running=True), JobFactory(failed=True), JobFactory(state=Job.State.CANCELLED)):
        run_job.call(str(job.pk))
        before, after = job, Job.objects.get(pk=job.pk)
        assert (after.state, after.attempts, after.result) == (before.state, before.attempts, None)


@pytest.mark.django_db
def test_of_two_who_claim_it_one_gets_it() -> None:
    job = JobFactory()

    first, second = claim(job_id=str(job.pk), at=NOW), claim(job_id=str(job.pk), at=NOW)

    assert first is not None
    assert (first.state, first.attempts, first.began_at) == (Job.State.RUNNING, 1, NOW)
    assert second is None


@pytest.mark.django_db
def test_an_unexpected_failure_is_told_to_operators_alone() -> None:
    job = ran("leave_file", arguments={"then_fail": True})

    assert (job.state, job.error, job.reason) == (Job.State.FAILED, "ValueError: secret detail", {})
    assert (job.file.name, kept_files(job)) == ("", [])


@pytest.mark.django_db
def test_an_expected_failure_has_its_sentence_in_each_language() -> None:
    job = ran("refuse")

    assert job.state == Job.State.FAILED
    assert job.reason["en"] == "Nothing yet"
    assert job.reason["zh-hans"] not in ("", "Nothing yet")


@pytest.mark.django_db
def test_a_function_that_does_not_exist_and_a_result_that_is_no_json_are_failures() -> None:
    assert ran("no_such_thing").state == Job.State.FAILED
    job = ran("return_what_is_no_json")
    assert (job.state, job.result) == (Job.State.FAILED, None)


@pytest.mark.django_db
def test_the_last_file_it_leaves_is_its_result() -> None:
    job = ran("leave_file")

    assert job.state == Job.State.DONE
    assert (job.file_name, job.file_type) == ("table.csv", "text/csv")
    assert job.file.read() == b"number\n"
    assert len(kept_files(job)) == 1


@pytest.mark.django_db
def test_a_running_job_stops_at_the_step_after_somebody_cancelled_it() -> None:
    job = ran("be_cancelled")

    assert (job.state, job.done, job.total) == (Job.State.CANCELLED, 2, 3)
    assert job.finished_at
    assert AuditEvent.objects.get().action == "jobs.cancelled"


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once_and_never_runs() -> None:
    job = JobFactory()

    cancel_job(job=job, by="test", at=NOW)

    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (Job.State.CANCELLED, 0, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["failed", "done_with_file"])
def test_what_has_ended_cannot_be_cancelled(how: str) -> None:
    with pytest.raises(AlreadyEnded):
        cancel_job(job=JobFactory(**{how: True}), by="test", at=NOW)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_is_tried_again_as_if_it_were_new() -> None:
    job = JobFactory(failed=True, attempts=3, reason={"en": "No"}, cancel_asked_at=NOW)

    retry_job(job=job, by="test", at=NOW + timedelta(hours=1))

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts, job.error, job.reason) == ("done", {"counted": 3}, 1, "", {})
    assert job.cancel_asked_at is None
    event = AuditEvent.objects.get()
    assert (event.action, event.before["state"]) == ("jobs.retried", "failed")


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{}, {"running": True}, {"done_with_file": True}])
def test_what_waits_runs_or_is_done_is_not_tried_again(how: dict[str, bool]) -> None:
    with pytest.raises(NotEnded):
        retry_job(job=JobFactory(**how), by="test", at=NOW)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_a_report_is_seen_by_others_and_hears_of_a_cancellation() -> None:
    progress = Progress(JobFactory(running=True))
    progress.start(10)
    progress.advance(4)

    progress.report(now=NOW + timedelta(seconds=2))

    seen = Job.objects.get()
    assert (seen.done, seen.total, seen.heartbeat_at) == (4, 10, NOW + timedelta(seconds=2))
    progress.advance()
    cancel_job(job=seen, by="test", at=NOW)
    progress.report(now=NOW)
    with pytest.raises(Cancelled):
        progress.advance()


@pytest.mark.django_db
def test_a_run_whose_job_was_given_to_another_stops_and_writes_nothing() -> None:
    progress = Progress(JobFactory(running=True))
    Job.objects.update(state=Job.State.QUEUED, claim=None)
    other = claim(job_id=str(progress.job.pk), at=NOW)

    progress.report(now=NOW + timedelta(hours=1))
    with pytest.raises(TakenOver):
        progress.advance()
    ending = services.Ending(Job.State.DONE, result="late")
    assert not services.finish(job=progress.job, ending=ending, done=1, total=1, file={}, at=NOW)

    kept = Job.objects.get()
    assert (kept.state, kept.claim, kept.result, kept.heartbeat_at) == (Job.State.RUNNING, other.claim, None, NOW)


@pytest.mark.django_db
def test_a_worker_about_to_stop_hands_its_job_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module.stopping, "is_set", lambda: True)
    with pytest.raises(Interrupted):
        Progress(JobFactory(running=True)).advance()

    job = ran("count")

    assert (job.state, job.attempts, job.claim, job.finished_at) == (Job.State.QUEUED, 0, None, None)
