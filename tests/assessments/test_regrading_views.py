"""The pages of a regrade: what they ask, what they show to whom, and what they refuse."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assessments import services
from assessments.models import Attempt, Regrade
from tests.conftest import Budget
from tests.factories.assessments import exam_of
from tests.factories.marking import GOOD, POOR, all_marked, handed_in, marker, open_exam, tasks_of
from tests.factories.people import CentreFactory, DepartmentFactory, RoleGrantFactory, UserFactory
from tests.factories.regrading import (
    APPLIED,
    ASKED,
    WHY,
    applied,
    choices,
    corrected,
    key_corrected,
    previewed,
    sat,
    versions_of,
    voided,
)
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre() -> None:
    CentreFactory()


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_from_the_report_to_the_preview() -> None:
    exam, examiner = choices(), marker("examiner")
    sat(exam, "baaaaaabbb")
    version = versions_of(exam)[0]
    client, address = browser(examiner), f"/exams/release/regrades/ask/{version.pk}/"
    assert address in page_of(client, f"/exams/release/{exam.code}/items/")
    assert address in page_of(client, f"/exams/bank/{exam.bank.code}/{version.item.code}/")
    asked = page_of(client, address)
    assert "have somebody else approve it" in asked
    right = corrected(version)
    assert f'value="key-{right.pk}"' in page_of(client, address)
    refused = client.post(address, {"what": f"key-{right.pk}", "reason": WHY, "policy": "everything_moves"})
    assert refused.status_code == 400
    assert WHY in refused.content.decode()
    answer = client.post(address, {"what": f"key-{right.pk}", "reason": WHY, "policy": "nobody_loses"})
    regrade = Regrade.objects.get()
    assert answer.url == f"/exams/release/regrades/{regrade.pk}/"
    assert (regrade.key_from, regrade.policy, regrade.asked_by) == (right, "nobody_loses", examiner)
    assert Job.objects.get(pk=regrade.job_id).task == "assessments.tasks.work_out_regrade"
    previewed(regrade)
    shown = page_of(client, answer.url)
    assert "1 of 1 results change; 1 pass now, 0 no longer." in shown
    assert "Another examiner reads the preview and applies it" in shown
    assert 'value="approve"' not in shown
    assert page_of(client, "/exams/release/regrades/").count(answer.url) == 1


def test_the_second_examiner_applies_it() -> None:
    exam = choices()
    attempt = sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    client, address = browser(marker("examiner")), f"/exams/release/regrades/{regrade.pk}/"
    assert 'value="approve"' in page_of(client, address)
    stale = {"action": "approve", "seen": (ASKED - timedelta(hours=1)).isoformat()}
    assert "Preview it again" in client.post(address + "act/", stale, follow=True).content.decode()
    assert Regrade.objects.get().state == Regrade.State.READY
    client.post(address + "act/", {"action": "approve", "seen": ASKED.isoformat()})
    assert Regrade.objects.get().state == Regrade.State.APPLYING
    assert client.post(address + "act/", {"action": "nonsense"}).url == address
    assert Attempt.objects.get().theta == attempt.theta  # the job does it


def test_rows_are_filtered_paged_and_exported_at_one_price(at_most: Budget) -> None:
    exam, other = choices(), marker("examiner")
    for _number in range(3):
        sat(exam, "baaaaaabbb")
    down = sat(exam, "aaaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    client, address = browser(other), f"/exams/release/regrades/{regrade.pk}/"
    with at_most(16):
        shown = page_of(client, address)
    assert shown.count("Passes now</span>") == 3
    kept = page_of(client, f"{address}?change=kept&words={down.person.staff_number}")
    assert (kept.count("1 paper<"), kept.count("keeps the result</span>")) == (1, 1)
    assert "worked out: " in kept
    file = client.post(f"{address}export/?change=kept")
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert down.person.staff_number in lines[1]
    assert AuditEvent.objects.get(action="assessments.regrade_exported").after == {"rows": 1}
    assert AuditEvent.objects.filter(action="assessments.regrade_read", actor_id=other.pk).count() == 1


def test_ones_own_row_is_shown_to_nobody() -> None:
    exam, examiner = choices(), marker("examiner")
    sat(exam, "baaaaaabbb", person=examiner)
    regrade = voided(versions_of(exam)[0])
    shown = page_of(browser(examiner), f"/exams/release/regrades/{regrade.pk}/")
    assert "Your own result is not shown here" in shown
    assert examiner.staff_number not in shown.split('id="changes"')[1]
    assert 'value="approve"' not in shown


def test_the_person_reads_when_and_why_and_no_key() -> None:
    exam = choices()
    attempt = sat(exam, "baaaaaabbb")
    before = attempt.score
    kept = sat(exam, "aaaaaaabbb")
    applied(key_corrected(versions_of(exam)[0]))
    shown = page_of(browser(attempt.person), f"/exams/attempt/{attempt.pk}/result/")
    assert "Worked out anew" in shown
    assert WHY in shown
    assert f"Before it was {before} of 100." in shown
    assert versions_of(exam)[0].item.code not in shown
    assert "You keep the result you had" in page_of(browser(kept.person), f"/exams/attempt/{kept.pk}/result/")


def test_an_answer_is_marked_anew_from_the_release_page() -> None:
    exam = open_exam()
    attempt = all_marked(handed_in(exam))
    services.release_by_rule(now=ASKED)
    client, address = browser(marker("examiner")), f"/exams/attempt/{attempt.pk}/mark-anew/"
    assert address in page_of(client, f"/exams/release/{exam.code}/")
    assert page_of(client, address).count("Give other points") == 2
    question = tasks_of(attempt)[0].attempt_item
    chosen = f"{address}?question={question.pk}"
    assert 'name="points-law"' in page_of(client, chosen)
    sent = {"question": question.pk, "reason": WHY, "policy": "nobody_loses", "points-law": 9, "points-tone": 1}
    refused = client.post(address, sent)
    assert refused.status_code == 400
    assert "Give points for every criterion" in refused.content.decode()
    points = {f"points-{name}": n for name, n in POOR.items()}
    client.post(address, sent | points)
    regrade = Regrade.objects.get()
    assert (regrade.question, regrade.points, regrade.cause) == (question, POOR, "marks")
    assert client.get(f"/exams/release/regrades/{regrade.pk}/").status_code == 200
    plain = exam_of("true_false")
    assert "Nothing here was marked by people" in page_of(client, f"/exams/attempt/{sat(plain, '-').pk}/mark-anew/")
    assert GOOD != POOR


def test_taking_back_begins_on_the_page_of_what_was_applied() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    regrade = applied(key_corrected(versions_of(exam)[0]))
    client, address = browser(marker("examiner")), f"/exams/release/regrades/{regrade.pk}/"
    assert f"{address}undo/" in page_of(client, address)
    with time_machine.travel(APPLIED, tick=False):
        client.post(f"{address}undo/", {"reason": WHY, "policy": "everything_moves", "certificates": "keep"})
    undo = previewed(Regrade.objects.get(undoes=regrade))
    applied(undo)
    assert "taken back" in page_of(client, address)
    assert f"{address}undo/" not in page_of(client, address)
    assert "This was taken back later" in page_of(
        browser(Attempt.objects.get().person), f"/exams/attempt/{Attempt.objects.get().pk}/result/"
    )


def test_one_that_stopped_says_how_to_go_on() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    second = marker("examiner")
    services.approve_regrade(regrade=regrade, by=second, at=ASKED)
    client, address = browser(second), f"/exams/release/regrades/{regrade.pk}/"
    assert 'id="regrade-progress" hx-get' in page_of(client, address)
    Job.objects.update(state=Job.State.FAILED)
    shown = page_of(client, address)
    assert "It stopped before it was done" in shown
    client.post(address + "act/", {"action": "go-on"})
    assert Job.objects.filter(state=Job.State.QUEUED, task="assessments.tasks.apply_regrade").count() == 1


def test_an_examiner_of_one_department_regrades_nothing() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    person = UserFactory()
    RoleGrantFactory(person=person, role="examiner", department=DepartmentFactory())
    client = browser(person)
    for path in (f"{regrade.pk}/", f"{regrade.pk}/undo/", f"ask/{versions_of(exam)[0].pk}/"):
        assert client.get(f"/exams/release/regrades/{path}").status_code == 404
    assert "No regrades" in page_of(client, "/exams/release/regrades/")
