"""The list, the start page, the receipt and the result, and the item bank."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from assessments import services
from assessments.models import Attempt, Exam
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    EntitlementFactory,
    ExamFactory,
    ItemVersionFactory,
    answered,
    exam_with_items,
    scored,
    started,
)
from tests.factories.people import AccessFactory, CentreFactory, UserFactory
from training.certificates.models import Achievement, Certificate, CertificateDesign
from training.people.models import User

pytestmark = pytest.mark.django_db

WHY = {"en": "Course finished"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    CentreFactory()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def visitor(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


# ---------- list and start page ----------


def test_the_list_tells_what_can_be_done_with_each_exam(visitor: Client, person: User) -> None:
    exams = {name: exam_with_items(title={"en": name}) for name in ("Running", "Ready", "Elsewhere", "Done")}
    started(exams["Running"], person)
    scored(started(exams["Done"], person), right=20)
    services.entitle(person=person, exam=exams["Ready"], why=WHY, by="test", at=NOW, attempts=2)
    ExamFactory(title={"en": "Unopened"})
    page = text(visitor, "/exams/")
    sections = dict(re.findall(r'<h2 id="(\w+)">(.*?)</section>', page, re.DOTALL))
    assert "Running" in sections["next"]
    assert "Ready" in sections["open"]
    assert "2 attempts left" in sections["open"]
    assert "Elsewhere" in sections["blocked"]
    assert "You get a place when" in sections["blocked"]
    assert f'href="/exams/{exams["Elsewhere"].code}/"' not in page
    assert "Done" in sections["done"]
    assert "Passed" in sections["done"]
    assert "Unopened" not in page


def test_an_exam_that_opens_later_says_when(visitor: Client, person: User) -> None:
    exam = exam_with_items(opens_at=NOW + timedelta(days=2))
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
    assert "Opens Wed 25 Nov, 09:00." in text(visitor, "/exams/")


def test_the_list_costs_the_same_for_one_exam_and_for_many(visitor: Client, person: User, at_most: Budget) -> None:
    for _ in range(2):
        for _more in range(4):
            scored(started(exam_with_items(items_each=4, asked_each=3), person), right=2)
        with at_most(9):
            visitor.get("/exams/")


def test_the_start_page_says_all_before_the_clock_starts(visitor: Client, person: User) -> None:
    exam = exam_with_items(closes_at=NOW + timedelta(minutes=25))
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW, extra_minutes=15)
    page = text(visitor, f"/exams/{exam.code}/")
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL))
    assert facts["Questions"] == "20"
    assert facts["Time"] == "30 min, and 15 min of your own extra time"
    assert facts["Closes"] == "Mon 23 Nov, 09:25"
    assert "09:40" in facts["If you start now"]
    assert facts["You have a place"] == "Course finished"
    assert "connection is lost" in page
    assert "start the clock" in page
    assert not Attempt.objects.exists()


def test_the_button_starts_the_clock_in_the_language_chosen(visitor: Client, person: User) -> None:
    exam = exam_with_items()
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
    response = visitor.post(
        f"/exams/{exam.code}/start/", {"language": "zh-hans", "deadline": "2030-01-01", "person": "1", "minutes": "999"}
    )
    attempt = Attempt.objects.get()
    assert response.url == f"/exams/attempt/{attempt.pk}/"
    assert (attempt.language, attempt.person) == ("zh-hans", person)
    assert attempt.deadline == NOW + timedelta(minutes=31)


@pytest.mark.parametrize("language", ["", "tlh", "x" * 5000])
def test_an_unknown_language_falls_back_to_the_readers(visitor: Client, person: User, language: str) -> None:
    exam = exam_with_items()
    services.entitle(person=person, exam=exam, why=WHY, by="test", at=NOW)
    visitor.post(f"/exams/{exam.code}/start/", {"language": language})
    assert Attempt.objects.get().language == "en"


def test_a_refused_start_says_why_on_the_start_page(visitor: Client) -> None:
    exam = exam_with_items()
    response = visitor.post(f"/exams/{exam.code}/start/", {"language": "en"}, follow=True)
    assert "You get a place when" in response.content.decode()
    assert "start the clock" not in response.content.decode()
    assert not Attempt.objects.exists()


def test_looking_at_the_start_page_again_offers_to_continue(visitor: Client, person: User) -> None:
    attempt = started(person=person)
    page = text(visitor, f"/exams/{attempt.exam.code}/")
    assert f'href="/exams/attempt/{attempt.pk}/"' in page
    assert "start the clock" not in page


def test_an_exam_not_open_exists_only_for_those_with_a_place(visitor: Client, person: User) -> None:
    exam = ExamFactory()
    assert visitor.get(f"/exams/{exam.code}/").status_code == 404
    assert visitor.post(f"/exams/{exam.code}/start/").status_code == 404
    EntitlementFactory(exam=exam, person=person)
    assert visitor.get(f"/exams/{exam.code}/").status_code == 200


def test_starting_needs_a_post(visitor: Client) -> None:
    assert visitor.get(f"/exams/{exam_with_items().code}/start/").status_code == 405


@pytest.mark.parametrize("code", ["bank", "attempt"])
def test_no_exam_hides_behind_another_address(code: str) -> None:
    with pytest.raises(IntegrityError):
        ExamFactory(code=code)


# ---------- receipt and result ----------


def test_the_receipt_equals_the_database_and_stays(visitor: Client, person: User) -> None:
    attempt = scored(started(person=person), right=12)
    for _visit in range(2):
        page = text(visitor, f"/exams/attempt/{attempt.pk}/receipt/")
        assert attempt.receipt in page
        assert "12 of 20" in page
        assert "09:05:00" in page


def test_the_result_says_which_number_decides(visitor: Client, person: User) -> None:
    attempt = scored(started(person=person), right=20)
    page = text(visitor, f"/exams/attempt/{attempt.pk}/result/")
    assert f"<b>{attempt.score}</b>" in page
    assert f"Level {attempt.level}" in page
    assert f"{round(100 * attempt.level_probability)} % likely" in page
    assert f'<b class="num">{attempt.theta:.2f}</b>' in page
    assert '<b class="num">-0.70</b>' in page
    assert f"standard error {attempt.standard_error:.2f}" in page
    assert page.count("10 questions, recorded as evidence") == 2
    for row in attempt.exam.blueprint.all():
        assert f"/people/competencies/{person.staff_number}/{row.competency.code}/" in page


def test_the_probabilities_of_the_levels_add_up(visitor: Client, person: User) -> None:
    attempt = scored(started(person=person), right=9)
    page = text(visitor, f"/exams/attempt/{attempt.pk}/result/")
    shares = [int(share) for share in re.findall(r'<td class="r">(\d+) %</td>', page)]
    assert len(shares) == 5
    assert 98 <= sum(shares) <= 102


def test_the_result_says_how_the_time_was_counted(visitor: Client, person: User, clock: time_machine.Traveller) -> None:
    exam = exam_with_items(closes_at=NOW + timedelta(minutes=20))
    attempt = started(exam, person, extra_minutes=5)
    question = attempt.items.select_related("item_version").filter(item_version__kind="single").first()
    services.save_answer(
        person=person,
        attempt_id=attempt.pk,
        position=question.position,
        revision=0,
        value=1,
        now=attempt.deadline + timedelta(seconds=2),
    )
    services.finalise_due(now=attempt.deadline + timedelta(seconds=20))
    page = text(visitor, f"/exams/attempt/{attempt.pk}/result/")
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL))
    assert facts["Own extra time"] == "5 min"
    assert facts["Deadline"].startswith("09:25:00")
    assert "closed before the limit" in facts["Deadline"]
    assert "1 answer arrived just after the deadline and was counted." in facts["In the last seconds"]
    assert "the clock" in facts["Handed in"]


def test_a_result_is_read_by_its_owner_and_those_who_may_see_their_record(client: Client, person: User) -> None:
    attempt = scored(started(person=person), right=20)
    path = f"/exams/attempt/{attempt.pk}/result/"
    mentor, head, stranger = UserFactory(teacher=True), UserFactory(head=True), UserFactory()
    AccessFactory(viewer=mentor, subject=person, starts_on=date(2020, 1, 1))
    for viewer, status in ((mentor, 200), (head, 200), (stranger, 404)):
        client.force_login(viewer)
        assert client.get(path).status_code == status, viewer
        assert client.get(f"/exams/attempt/{attempt.pk}/receipt/").status_code == 404


def test_an_attempt_that_runs_has_no_result_yet(visitor: Client, person: User) -> None:
    attempt = answered(started(person=person), right=5)
    assert visitor.get(f"/exams/attempt/{attempt.pk}/result/").status_code == 404
    assert visitor.get(f"/exams/attempt/{attempt.pk}/receipt/").url == f"/exams/attempt/{attempt.pk}/"


def test_a_void_attempt_says_so(visitor: Client, person: User) -> None:
    attempt = started(person=person)
    Attempt.objects.update(state=Attempt.State.VOID)
    assert "declared void" in text(visitor, f"/exams/attempt/{attempt.pk}/receipt/")
    assert visitor.get(f"/exams/attempt/{attempt.pk}/1/").url == f"/exams/attempt/{attempt.pk}/receipt/"


# ---------- the certificate ----------


def exam_with_certificate() -> Exam:
    design = CertificateDesign.objects.create(code="exam", heading={"en": "Exam certificate"}, wording={"en": "passed"})
    achievement = Achievement.objects.create(
        code="service-rules-3", kind=Achievement.Kind.EXAM_LEVEL, name={"en": "Service rules, level 3"}, design=design
    )
    return exam_with_items(achievement=achievement)


def test_passing_earns_the_certificate_in_the_same_step(visitor: Client, person: User) -> None:
    attempt = scored(started(exam_with_certificate(), person), right=20)
    certificate = Certificate.objects.get()
    assert attempt.certificate == certificate
    assert certificate.holder == person
    assert certificate.facts["given"] == {
        "exam": attempt.exam.title,
        "level": 3,
        "score": attempt.score,
    }
    assert certificate.issued_on == date(2026, 11, 23)
    page = text(visitor, f"/exams/attempt/{attempt.pk}/result/")
    assert f"/certificates/{certificate.number}/" in page


def test_failing_earns_none(person: User) -> None:
    attempt = scored(started(exam_with_certificate(), person), right=2)
    assert not attempt.passed
    assert not Certificate.objects.exists()


# ---------- the item bank ----------


def test_the_bank_is_for_examiners(client: Client) -> None:
    version = ItemVersionFactory()
    path = f"/exams/bank/{version.item.bank.code}/{version.item.code}/"
    for facts, status in (({"examiner": True}, 200), ({"clerk": True}, 403), ({"hr": True, "editor": True}, 403)):
        client.force_login(UserFactory(**facts))
        assert client.get("/exams/bank/").status_code == status
        assert client.get(path).status_code == status


def test_an_item_is_shown_in_both_languages_with_its_key(client: Client) -> None:
    version = ItemVersionFactory()
    ItemVersionFactory(item=version.item, number=2, stem={"en": "Newer stem", "zh-hans": "新题干"})
    client.force_login(UserFactory(examiner=True))
    page = text(client, f"/exams/bank/{version.item.bank.code}/{version.item.code}/")
    assert "Newer stem" in page
    assert "新题干" in page
    assert "<b>Option A</b>" in page
    assert "<b>选项A</b>" in page
    assert "<b>Option B</b>" not in page
    assert "65 % of those just at the level" in page


def test_the_bank_is_filtered_and_paged_at_one_price(client: Client, at_most: Budget) -> None:
    exam = exam_with_items(items_each=40, asked_each=2)
    other = ItemVersionFactory(ordering=True)
    client.force_login(UserFactory(examiner=True))
    with at_most(12):
        page = text(client, "/exams/bank/")
    assert "81 items" in page
    assert page.count('<th scope="row">') == 50
    assert text(client, "/exams/bank/?page=2").count('<th scope="row">') == 31
    assert "1 item." in text(client, f"/exams/bank/?bank={other.item.bank.code}&kind=ordering")
    assert "20 items" in text(client, f"/exams/bank/?bank={exam.bank.code}&kind=ordering&state=live")
    assert "No items fit" in text(client, "/exams/bank/?state=retired")
    assert "81 items" in text(client, "/exams/bank/?kind=nonsense&page=x&author__password=1")
