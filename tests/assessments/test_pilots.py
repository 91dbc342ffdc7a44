"""Questions that are tried out: on the paper, in the time and on the receipt; in no result, and told by nothing."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from assessments import queries, services
from assessments.models import Attempt, AttemptItem, Exam, ExamPart, Item
from assessments.queries.samples import Scope, read_sample
from assessments.rules import pilot_shares
from tests.factories.assessments import NOW, ItemFactory, ItemVersionFactory, answer, started
from tests.factories.people import CentreFactory, UserFactory
from tests.factories.regrading import applied, choices, key_corrected, voided
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
A_TOKEN = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"')


def trying(*, questions: int = 10, bank_has: int = 4, each: int = 2, **facts: Any) -> Exam:
    """Return an open exam of so many questions that tries out `each` of the pilot items its bank has."""
    exam = choices(questions, **facts)
    competency = exam.bank.items.first().competency
    for _number in range(bank_has):
        ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=competency, state="pilot"))
    exam.pilots = each
    exam.save()
    return exam


def handed_in(attempt: Attempt, *, right: int, pilots: str) -> Attempt:
    """Answer the first `right` scored questions rightly, the others wrongly, and all pilots by that letter."""
    scored = 0
    for question in attempt.items.all():
        if not question.is_pilot:
            scored += 1
        letter = pilots if question.is_pilot else "a" if scored <= right else "b"
        if letter != "-":
            answer(attempt, question, letter)
    return services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))


def evidence(attempt: Attempt) -> list[tuple[float, float, int]]:
    links = attempt.evidence_links.filter(ended_at=None)
    return [(link.evidence.value, link.evidence.variance, link.items) for link in links]


class TestScoring:
    @pytest.mark.parametrize("exam_facts", [{}, {"release": "person"}])
    def test_the_result_is_the_same_whatever_was_answered_to_them(self, exam_facts: dict[str, Any]) -> None:
        exam = trying(**exam_facts)
        done = [handed_in(started(exam), right=7, pilots=letter) for letter in "ab-"]
        if exam_facts:
            services.release(exam=exam, attempts=[one.pk for one in done], by=UserFactory(examiner=True), at=NOW)
            done = list(Attempt.objects.order_by("pk"))
        assert len({(one.theta, one.standard_error, one.score, one.level, one.passed) for one in done}) == 1
        assert evidence(done[0]) == evidence(done[1]) == evidence(done[2])
        assert evidence(done[0])[0][2] == 10
        assert [one.answered for one in done] == [12, 12, 10], "the receipt counts every answer"

    def test_the_same_as_without_any(self) -> None:
        exam = choices(10)
        without = handed_in(started(exam), right=7, pilots="-")
        with_some = handed_in(started(trying()), right=7, pilots="a")
        assert (without.theta, without.standard_error) == (with_some.theta, with_some.standard_error)

    def test_a_regrade_of_one_moves_its_mark_and_no_result(self) -> None:
        CentreFactory()
        exam = trying()
        attempt = handed_in(started(exam), right=7, pilots="a")
        before = (attempt.theta, attempt.score, evidence(attempt))
        pilot = attempt.items.filter(is_pilot=True)[0]
        applied(key_corrected(pilot.item_version, policy="everything_moves", certificates="keep"))
        attempt.refresh_from_db()
        assert AttemptItem.objects.get(pk=pilot.pk).mark.credit == 0
        assert (attempt.theta, attempt.score, evidence(attempt)) == before

    def test_a_paper_keeps_its_last_scored_question(self) -> None:
        exam = trying(questions=1, each=1)
        attempt = handed_in(started(exam), right=1, pilots="a")
        asked = attempt.items.get(is_pilot=False)
        assert voided(asked.item_version).counts["left_alone"] == 1


class TestDrawing:
    def test_each_is_shown_as_often_as_the_others(self) -> None:
        exam = trying(questions=3, bank_has=7, each=3)
        for seed in range(50):
            started(exam, seed=seed)
        shown = Counter(AttemptItem.objects.filter(is_pilot=True).values_list("item_version", flat=True))
        assert len(shown) == 7
        assert sum(shown.values()) == 150
        assert max(shown.values()) - min(shown.values()) <= 1
        places = set(AttemptItem.objects.filter(is_pilot=True).values_list("position", flat=True))
        assert places == {1, 2, 3, 4, 5, 6}, "they stand anywhere"

    def test_only_what_the_exam_asks_about_and_nobody_marks(self) -> None:
        exam = trying(bank_has=1, each=3)
        mine = exam.bank.items.filter(state="pilot").get()
        ItemVersionFactory(item=ItemFactory(bank=exam.bank, state="pilot"))
        ItemVersionFactory(item=ItemFactory(bank=exam.bank, state="pilot", competency=mine.competency), open=True)
        ItemVersionFactory(item=ItemFactory(state="pilot", competency=mine.competency))
        pilots = started(exam).items.filter(is_pilot=True)
        assert [row.item_version.item for row in pilots] == [mine], "fewer are tried out where there are fewer"
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        exam.refresh_from_db()
        with pytest.raises(services.TooFewPilots, match="tries out 3 questions, and the bank has 1"):
            services.open_exam(exam=exam, by="test", at=NOW)

    def test_parts_have_their_share(self) -> None:
        exam = trying(questions=4, bank_has=3, each=3)
        second = ExamPart.objects.create(exam=exam, number=2)
        row = exam.blueprint.get()
        row.count = 3
        row.save()
        second.rows.create(competency=row.competency, count=1)
        rows = Counter(started(exam).items.values_list("part__number", "is_pilot"))
        assert rows == {(1, False): 3, (1, True): 2, (2, False): 1, (2, True): 1}
        assert pilot_shares(3, {1: 3, 2: 1}) == {1: 2, 2: 1}
        assert pilot_shares(0, {}) == {}


class TestSecrecy:
    def pages(self, client: Client, attempt: Attempt, *addresses: str) -> dict[str, str]:
        found = {}
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            found[address] = A_TOKEN.sub("", answer.content.decode())
        return found

    def swap(self, attempt: Attempt) -> None:
        """Let other questions of the paper be the ones tried out; nothing a candidate is sent may notice."""
        for row in attempt.items.all():
            AttemptItem.objects.filter(pk=row.pk).update(is_pilot=not row.is_pilot)

    def test_no_byte_tells_which(self, client: Client) -> None:
        exam = trying(questions=6, release="person")
        attempt = started(exam)
        client.force_login(attempt.person)
        base = f"/exams/attempt/{attempt.pk}/"
        running = [*(f"{base}{place}/" for place in range(1, 9)), f"{base}paper/", f"{base}check/", f"{base}hand-in/"]
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            for address in running[:8]:
                client.get(address)  # the first visit notes that it was seen
            before = self.pages(client, attempt, *running)
            self.swap(attempt)
            assert self.pages(client, attempt, *running) == before
            self.swap(attempt)
        handed_in(attempt, right=4, pilots="a")
        with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
            services.release(exam=exam, attempts=[attempt.pk], by=UserFactory(examiner=True), at=NOW)
            done = [f"{base}receipt/", f"/learn/results/{attempt.pk}/", "/exams/"]
            done[1] = client.get("/exams/").content.decode().split('class="task" href="')[1].split('"')[0]
            before = self.pages(client, attempt, *done)
            self.swap(attempt)
            assert self.pages(client, attempt, *done) == before
            assert not any("pilot" in page or "tried" in page for page in before.values())

    def test_the_rules_say_that_some_do_not_count_and_how_many_questions_there_are(self, client: Client) -> None:
        exam = trying(questions=6, each=2)
        person = UserFactory()
        services.entitle(person=person, exam=exam, why={"en": "x"}, by="test", at=NOW)
        client.force_login(person)
        with time_machine.travel(NOW, tick=False):
            shown = client.get(f"/exams/{exam.code}/")
        assert shown.context["page"].questions == 8
        assert "Some questions are tried out" in shown.content.decode()

    def test_the_trail_of_the_start_does_not_tell(self) -> None:
        attempt = started(trying())
        event = AuditEvent.objects.get(action="assessments.started", person_id=attempt.person_id)
        assert "pilot" not in str(event.after)


class TestFigures:
    def test_the_report_shows_them_beside_what_counted(self) -> None:
        exam, plain = trying(bank_has=2), choices(10)
        for number in range(12):
            right = 3 + number % 6
            handed_in(started(exam), right=right, pilots="a" if right > 5 else "b")
            handed_in(started(plain), right=right, pilots="-")
        report, other = queries.item_report(exam), queries.item_report(plain)
        tried = [one for one in report.items if one.is_pilot]
        assert report.alpha == pytest.approx(other.alpha)
        assert len(tried) == 2
        assert all(one.answers == 12 and one.right == 50 and one.rest is not None and one.rest > 0.5 for one in tried)

    def test_a_calibration_takes_their_answers_and_no_result_rests_on_them(self) -> None:
        exam = trying(bank_has=2)
        handed_in(started(exam), right=7, pilots="a")
        sample = read_sample(Scope(exam.bank, date(2026, 11, 1), date(2026, 11, 30), first_only=False))
        tried = {
            version.item.state for version, column in zip(sample.versions, sample.tried.T, strict=True) if column[0]
        }
        assert tried == {Item.State.PILOT}
        assert sample.answers == 12
