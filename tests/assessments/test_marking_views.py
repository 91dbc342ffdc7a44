"""The pages of marking, observing and releasing: blind where they say so, walled until the release, cheap."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assessments import services, tasks
from assessments.models import Attempt, HumanMark, Mark
from tests.conftest import Budget
from tests.factories.marking import GOOD, LATER, MIDDLING, POOR, all_marked, handed_in, marker, open_exam, tasks_of
from tests.factories.people import CentreFactory, UserFactory
from training.lib.texts import text_in
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(LATER, tick=False):
        CentreFactory()
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(points: dict[str, int], **more: str) -> dict[str, object]:
    return {f"points-{name}": value for name, value in points.items()} | more


def test_no_byte_of_the_marking_pages_says_whose_an_answer_is() -> None:
    person = UserFactory(display_name="覃无双", latin_name="Qin Wushuang", staff_number="77431")
    exam = open_exam(second_marking="always")
    attempt = handed_in(exam, person)
    other = handed_in(exam)
    client = signed_in(marker())
    version = tasks_of(attempt)[0].attempt_item.item_version
    pages = [client.get("/exams/marking/").content.decode()]
    for _ in range(2):
        answer = client.post(f"/exams/marking/questions/{version.pk}/take/", follow=True)
        pages.append(answer.content.decode())
        pages.append(client.post(answer.request["PATH_INFO"], sent({"law": 9}), follow=True).content.decode())
        pages.append(client.post(answer.request["PATH_INFO"], sent(GOOD), follow=True).content.decode())
        pages.append(answer.request["PATH_INFO"])
    pages.append(client.get("/desk/").content.decode())
    everything = "\n".join(pages)
    assert "First I greet" in everything
    for secret in ("覃无双", "Qin Wushuang", "77431", attempt.receipt, other.receipt):
        assert secret not in everything
    for one in (attempt, other):
        for tell_tale in (f"/attempt/{one.pk}/", f"{one.pk:06d}"):
            assert tell_tale not in everything


def test_a_marker_marks_question_by_question_and_takes_one_back() -> None:
    exam = open_exam("true_false", "open")
    tasks_ = [tasks_of(handed_in(exam))[0] for _ in range(2)]
    client = signed_in(marker())
    version = tasks_[0].attempt_item.item_version
    page = client.post(f"/exams/marking/questions/{version.pk}/take/", follow=True)
    address = page.request["PATH_INFO"]
    assert "2 answers to this question wait" in page.content.decode()
    wrong = client.post(address, sent({"law": 3}, comment="Not <b>yet</b>"))
    assert wrong.status_code == 400
    assert "Give points for every criterion" in wrong.content.decode()
    assert "Not &lt;b&gt;yet&lt;/b&gt;" in wrong.content.decode()  # what was typed is not lost
    assert 'value="3" required checked' in wrong.content.decode()
    following = client.post(address, sent(GOOD), follow=True)
    assert following.request["PATH_INFO"] != address
    back = client.post(address + "take-back/", follow=True)
    assert back.request["PATH_INFO"] == address
    assert HumanMark.objects.get().withdrawn_at


def test_two_disagree_and_only_who_decides_reads_what_they_gave() -> None:
    task = tasks_of(handed_in(open_exam("true_false", "open", second_marking="always")))[0]
    take, page = (
        f"/exams/marking/questions/{task.attempt_item.item_version_id}/take/",
        f"/exams/marking/answers/{task.ref}/",
    )
    clients = [signed_in(marker()) for _ in range(3)]
    clients[0].post(take)
    clients[0].post(page, sent(GOOD, comment="REMARK-ONE"))
    second = clients[1].post(take, follow=True).content.decode()
    assert "REMARK-ONE" not in second
    assert "Decide between" not in second
    clients[1].post(page, sent(POOR, comment="REMARK-TWO"))
    third = clients[2].post(take, follow=True).content.decode()
    assert "Decide between two marks" in third
    assert "REMARK-ONE" in third
    assert "REMARK-TWO" in third
    clients[2].post(page, sent(MIDDLING))
    assert Mark.objects.get(attempt_item=task.attempt_item).credit == pytest.approx(0.6)


def test_an_answer_that_is_not_ones_to_mark_is_not_there() -> None:
    judge = marker()
    own = tasks_of(handed_in(person=judge))[0]
    client = signed_in(judge)
    for address, post in (("", False), ("", True), ("put-back/", True), ("take-back/", True)):
        path = f"/exams/marking/answers/{own.ref}/{address}"
        answer = client.post(path, sent(GOOD)) if post else client.get(path)
        assert answer.status_code == 404, path
    assert not HumanMark.objects.exists()


def test_until_the_release_nothing_but_the_receipt_says_anything() -> None:
    attempt = all_marked(handed_in(open_exam(release="person")))
    client = signed_in(attempt.person)
    receipt = client.get(f"/exams/attempt/{attempt.pk}/receipt/").content.decode()
    assert attempt.receipt in receipt
    assert "Your result comes when" in receipt
    assert client.get(f"/exams/attempt/{attempt.pk}/result/").headers["Location"].endswith("/receipt/")
    for path in ("/exams/", "/people/me/", "/desk/", "/notices/", "/competencies/mine/", "/certificates/"):
        page = client.get(path, follow=True).content.decode()
        assert f"/attempt/{attempt.pk}/result/" not in page, path
        assert "of 100" not in page, path
    assert signed_in(UserFactory(hr=True)).get(f"/exams/attempt/{attempt.pk}/result/").status_code == 404


def test_the_examiner_sees_what_would_be_told_and_releases_it() -> None:
    exam = open_exam(release="person")
    attempt, waiting = all_marked(handed_in(exam)), handed_in(exam)
    client = signed_in(marker("examiner"))
    assert text_in(exam.title) in client.get("/exams/release/").content.decode()
    page = client.get(f"/exams/release/{exam.code}/").content.decode()
    assert f'name="attempt" value="{attempt.pk}"' in page
    assert AuditEvent.objects.filter(action="assessments.release_read").count() == 1
    assert f'value="{waiting.pk}"' not in page
    assert "2 answers are not marked yet" in page
    assert "Choose at least one" in client.post(f"/exams/release/{exam.code}/", follow=True).content.decode()
    done = client.post(f"/exams/release/{exam.code}/", {"attempt": [attempt.pk, "x", waiting.pk]}, follow=True)
    assert "1 result is released" in done.content.decode()
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.SCORED


def test_the_person_reads_points_and_comments_after_the_release() -> None:
    attempt = handed_in(open_exam("true_false", "open"))
    task = tasks_of(attempt)[0]
    services.mark_answer(marker=marker(), ref=task.ref, points=MIDDLING, comment="Name the rule.", at=LATER)
    tasks.release_due(now=LATER + timedelta(minutes=11))
    page = signed_in(attempt.person).get(f"/exams/attempt/{attempt.pk}/result/").content.decode()
    assert "Name the rule." in page
    assert "2 of 3" in page
    assert HumanMark.objects.get().marker.display_name not in page


def test_a_card_is_observed_with_its_events() -> None:
    attempt = handed_in(open_exam("true_false", "scenario"))
    ref = tasks_of(attempt)[0].ref
    client = signed_in(marker("teacher"))
    assert attempt.person.display_name in client.get("/exams/observing/").content.decode()
    page = client.get(f"/exams/observing/{ref}/").content.decode()
    assert "Minute 2" in page
    assert "Not blind" in page
    assert client.post(f"/exams/observing/{ref}/", sent({"calm": 4})).status_code == 400
    client.post(f"/exams/observing/{ref}/", sent({"calm": 3}))
    assert Mark.objects.get(attempt_item__task__ref=ref).credit == 1
    assert client.get(f"/exams/observing/{ref}/").status_code == 302
    assert signed_in(attempt.person).get(f"/exams/observing/{ref}/").status_code in (403, 404)


@pytest.mark.parametrize("answers", [2, 6])
def test_marking_costs_the_same_for_any_number_of_answers(at_most: Budget, answers: int) -> None:
    exam = open_exam("true_false", "open", release="person")
    attempts = [handed_in(exam) for _ in range(answers)]
    judge = marker()
    client = signed_in(judge)
    version = tasks_of(attempts[0])[0].attempt_item.item_version
    client.get("/exams/marking/")
    with at_most(12):
        client.get("/exams/marking/")
    address = client.post(f"/exams/marking/questions/{version.pk}/take/").headers["Location"]
    with at_most(16):
        client.get(address)
    for attempt in attempts:
        all_marked(attempt, judge)
    client = signed_in(marker("examiner"))
    client.get(f"/exams/release/{exam.code}/")
    with at_most(14):
        client.get(f"/exams/release/{exam.code}/")
