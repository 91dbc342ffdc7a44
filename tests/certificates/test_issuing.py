"""Issuing: the number, the code, what is frozen, what is replaced, what is told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain

import pytest
from django.db import connection

from tests.factories.authorisations import AuthorisationFactory
from tests.factories.certificates import AchievementFactory, DesignFactory, issued, noon, revoked
from tests.factories.competencies import FrameworkFactory
from tests.factories.people import CentreFactory, UserFactory
from training.certificates.models import Achievement, Certificate, NumberCounter
from training.certificates.rules import is_verify_code
from training.certificates.services import facts_on_paper, issue
from training.notices.models import Notice
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def test_numbers_run_through_the_year_and_begin_again() -> None:
    numbers = [issued(on=day).number for day in (DAY, DAY, date(2026, 12, 31), date(2027, 1, 1))]

    assert numbers == ["BH-2026-000001", "BH-2026-000002", "BH-2026-000003", "BH-2027-000001"]


def test_a_number_never_comes_twice_even_when_all_ask_at_once(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.certificates.tasks.render", lambda **_arguments: None)
    CentreFactory()
    achievement, people = AchievementFactory(), UserFactory.create_batch(40)

    def issue_to(holder: User) -> str:
        try:
            return issue(
                achievement=achievement,
                holder=holder,
                facts={},
                earned_by={"en": "Exam"},
                by="test",
                at=noon(DAY),
                today=DAY,
            ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(issue_to, people))

    assert sorted(numbers) == [f"BH-2026-{serial:06d}" for serial in range(1, 41)]


def test_of_two_issued_at_once_to_one_person_the_later_replaces_the_earlier(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.certificates.tasks.render", lambda **_arguments: None)
    CentreFactory()
    achievement, holder = AchievementFactory(), UserFactory()

    def issue_once(_turn: int) -> None:
        try:
            issue(
                achievement=achievement,
                holder=holder,
                facts={},
                earned_by={"en": "Exam"},
                by="test",
                at=noon(DAY),
                today=DAY,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(issue_once, range(6)))

    assert Certificate.objects.valid_on(DAY).count() == 1
    assert Certificate.objects.filter(supersedes=None).count() == 1


def test_a_number_taken_by_a_failed_issue_is_given_back() -> None:
    CentreFactory()
    achievement = AchievementFactory()
    with pytest.raises(AttributeError):
        issue(achievement=achievement, holder=None, facts={}, earned_by={}, by="test", at=noon(DAY), today=DAY)  # type: ignore[arg-type]  # that is the fault

    assert not NumberCounter.objects.exists()


def test_the_code_is_random_and_complete() -> None:
    first, second = issued(), issued()

    assert is_verify_code(first.code)
    assert is_verify_code(second.code)
    assert first.code != second.code


def test_a_code_that_is_taken_is_drawn_again() -> None:
    taken = issued()
    letters: Iterator[str] = chain(taken.code[:16], "Z" * 16)

    other = issued(choose=lambda _alphabet: next(letters))

    assert other.code[:16] == "Z" * 16


def test_letters_that_are_not_random_end_in_an_error_not_in_a_loop() -> None:
    issued(choose=lambda _alphabet: "7")

    with pytest.raises(RuntimeError, match="not drawn at random"):
        issued(choose=lambda _alphabet: "7")


def test_a_seed_repeats_the_code_for_the_demo() -> None:
    code = issued(seed=7).code
    Certificate.objects.all().delete()

    assert issued(seed=7).code == code


def test_its_last_day_comes_from_the_achievement() -> None:
    assert issued().expires_on == date(2027, 11, 22)
    assert issued(achievement=AchievementFactory(valid_months=None)).expires_on is None


def test_what_is_printed_stays_whatever_changes_later() -> None:
    FrameworkFactory(version=2)
    certificate = issued()
    before = facts_on_paper(certificate)

    User.objects.filter(pk=certificate.holder_id).update(display_name="周敏敏", latin_name="Zhou Minmin")
    Achievement.objects.update(name={"en": "Renamed", "zh-hans": "改名"}, valid_months=1)
    design = certificate.achievement.design
    design.heading, design.wording, design.signatories = {"en": "Other"}, {"en": "other"}, []
    design.save()
    centre = CentreFactory()
    centre.name = {"en": "Another centre", "zh-hans": "另一中心"}
    centre.save()

    assert facts_on_paper(Certificate.objects.get(pk=certificate.pk)) == before
    assert before.holder_name == "周敏"
    assert before.issuer.zh == "滨海区政务服务中心"
    assert before.source_line.en == "Framework version 2"


def test_the_sentence_ends_with_what_was_achieved_unless_it_says_so_itself() -> None:
    design = DesignFactory(
        wording={"en": "has passed", "zh-hans": "达到人口服务（三级）标准"},
    )

    paper = facts_on_paper(issued(achievement=AchievementFactory(design=design)))

    assert paper.wording.en == "has passed: Population services, level 3"
    assert paper.wording.zh == "达到人口服务（三级）标准"
    assert paper.emphasis.en in paper.wording.en


def test_the_sentence_of_a_mentorship_says_it_all() -> None:
    paper = facts_on_paper(issued(achievement=AchievementFactory(kind=Achievement.Kind.MENTORSHIP)))

    assert (paper.wording.en, paper.wording.zh) == ("has passed the exam", "参加考试成绩合格")


def test_an_issuer_may_name_what_it_rests_on() -> None:
    basis = {"en": "Standard 12", "zh-hans": "标准12"}

    certificate = issued(facts={"basis": basis, "score": 87})

    assert facts_on_paper(certificate).source_line.zh == "标准12"
    assert certificate.facts["given"] == {"basis": basis, "score": 87}


def test_without_framework_it_rests_on_what_it_was_earned_by() -> None:
    assert facts_on_paper(issued()).source_line.en == "Exam on population services"


def test_it_freezes_what_the_holder_may_handle_that_day() -> None:
    row = AuthorisationFactory(matter__code="change-of-address")
    AuthorisationFactory(person=row.person, until=date(2026, 11, 22))

    certificate = issued(holder=row.person)

    assert certificate.facts["scope"] == [
        {"matter": "change-of-address", "name": row.matter.name, "entrustment": row.entrustment}
    ]


def test_a_valid_one_of_the_same_achievement_is_replaced() -> None:
    old = issued()

    new = issued(holder=old.holder, achievement=old.achievement, on=date(2027, 1, 10))

    assert new.supersedes == old
    states = dict(Certificate.objects.with_state(date(2027, 1, 10)).values_list("number", "state"))
    assert states == {old.number: "replaced", new.number: "valid"}


def test_what_is_over_or_another_achievement_or_another_holder_is_not() -> None:
    expired = issued(on=date(2025, 1, 1))
    taken_back = issued(holder=expired.holder, achievement=expired.achievement, on=date(2026, 2, 1))
    revoked(taken_back, on=date(2026, 3, 1))
    issued(holder=expired.holder)
    issued(achievement=expired.achievement)

    new = issued(holder=expired.holder, achievement=expired.achievement)

    assert new.supersedes is None


def test_one_event_one_notice_one_job() -> None:
    certificate = issued(by=(issuer := UserFactory()))

    event = AuditEvent.objects.get(action="certificates.issued")
    assert (event.actor_id, event.person_id, event.subject_name) == (
        issuer.pk,
        certificate.holder_id,
        certificate.number,
    )
    notice = Notice.objects.get(person=certificate.holder)
    assert (notice.kind, notice.path) == ("certificate.issued", f"/certificates/{certificate.number}/")
    assert certificate.number in notice.sentence
    job = Job.objects.get()
    assert (job.task, job.arguments) == ("training.certificates.tasks.render", {"certificate_id": certificate.pk})
