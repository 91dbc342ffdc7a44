"""What a killed worker leaves behind comes back; what is old is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.factories.operations import NOW, JobFactory
from training.operations.models import Job, Process
from training.operations.services import RUN_JOB, prune, reap, say_alive
from training.operations.services.reaping import MOST_ATTEMPTS, SILENT_FOR

pytestmark = pytest.mark.django_db
LATER = NOW + SILENT_FOR + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def reap_now(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[], None]:
    """Reap, and let what is due after the commit happen."""

    def reap_and_commit() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            reap(now=LATER)

    return reap_and_commit


def waiting_tasks() -> list[str]:
    rows = DBTaskResult.objects.filter(task_path=RUN_JOB, status=TaskResultStatus.READY)
    return [row.args_kwargs["args"][0] for row in rows]


def task_row(**columns: object) -> DBTaskResult:
    nothing = {"args_kwargs": {"args": [], "kwargs": {}}, "exception_class_path": "", "traceback": ""}
    return DBTaskResult.objects.create(**nothing | {"backend_name": "default", "run_after": NOW} | columns)


def task_of(worker: str, *, path: str = "wagtail.search.update", tries: int = 1) -> DBTaskResult:
    taken = {"status": TaskResultStatus.RUNNING, "started_at": NOW, "worker_ids": [worker] * tries}
    return task_row(task_path=path, **taken)


def process(name: str) -> Process:
    return Process(kind="worker", name=name, host="h", number=1, version="1", started_at=NOW)


def test_a_silent_job_waits_again_and_a_worker_is_told(reap_now: Callable[[], None]) -> None:
    silent = JobFactory(running=True)
    lives = JobFactory(running=True, heartbeat_at=LATER - timedelta(seconds=2))

    reap_now()

    silent.refresh_from_db()
    assert (silent.state, silent.claim, silent.attempts) == (Job.State.QUEUED, None, 1)
    assert Job.objects.get(pk=lives.pk).state == Job.State.RUNNING
    assert waiting_tasks() == [str(silent.pk)]


def test_a_silent_job_that_was_to_be_cancelled_is(reap_now: Callable[[], None]) -> None:
    job = JobFactory(running=True, cancel_asked_at=NOW)
    reap_now()
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (Job.State.CANCELLED, LATER)
    assert waiting_tasks() == []


def test_what_kills_its_worker_again_and_again_is_given_up_with_a_sentence(reap_now: Callable[[], None]) -> None:
    job = JobFactory(running=True, attempts=MOST_ATTEMPTS)
    reap_now()
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (Job.State.FAILED, LATER)
    assert "administrator" in job.reason["en"]
    assert "管理员" in job.reason["zh-hans"]
    assert waiting_tasks() == []


def test_a_job_whose_task_is_lost_is_handed_over_again_once(reap_now: Callable[[], None]) -> None:
    lost, told = JobFactory(), JobFactory()
    JobFactory(queued_at=LATER)  # just started: its task may be about to be written
    task_row(args_kwargs={"args": [str(told.pk)], "kwargs": {}}, task_path=RUN_JOB)

    reap_now()
    reap_now()

    assert sorted(waiting_tasks()) == sorted([str(told.pk), str(lost.pk)])


def test_other_work_of_a_dead_worker_is_left_to_the_living(reap_now: Callable[[], None]) -> None:
    say_alive(process=process("alive"), now=LATER)
    taken, running = task_of("dead"), task_of("alive")
    hopeless, of_job = task_of("dead", tries=MOST_ATTEMPTS), task_of("dead", path=RUN_JOB)

    reap_now()

    status = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert (status[taken.pk], status[running.pk]) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    assert (status[hopeless.pk], status[of_job.pk]) == (TaskResultStatus.FAILED, TaskResultStatus.FAILED)


def test_old_files_go_before_their_jobs(settings: Settings) -> None:
    settings.JOB_FILES_KEPT_DAYS = 7
    old, young = (JobFactory(done_with_file=True, finished_at=NOW - timedelta(days=days)) for days in (8, 6))

    prune(now=NOW)

    assert [job.file.storage.exists(job.file.name) for job in (old, young)] == [False, True]
    assert set(Job.objects.all()) == {old, young}
    assert set(Job.objects.exclude(file="")) == {young}


def test_finished_tasks_and_dead_processes_are_forgotten(settings: Settings) -> None:
    settings.TASKS_KEPT_DAYS = 7
    for days in (8, 6):
        ended = {"status": TaskResultStatus.SUCCESSFUL, "finished_at": NOW - timedelta(days=days)}
        task_row(task_path="a.b", **ended)
    task_of("somebody")
    for name, days in (("dead", 2), ("alive", 0)):
        say_alive(process=process(name), now=NOW - timedelta(days=days))

    prune(now=NOW)

    assert DBTaskResult.objects.count() == 2
    assert [one.name for one in Process.objects.all()] == ["alive"]


def test_a_file_that_is_gone_already_does_not_stop_the_others() -> None:
    ended = NOW - timedelta(days=30)
    gone = JobFactory(done_with_file=True, finished_at=ended)
    gone.file.storage.delete(gone.file.name)
    other = JobFactory(done_with_file=True, finished_at=ended, file=ContentFile(b"x", name="jobs/other"))
    prune(now=NOW)
    assert not other.file.storage.exists(other.file.name)
