"""Kinds of questions with parts or something typed, as candidates answer them: by form, by script, in a browser."""

import json
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Attempt, AttemptItem, Item, ItemVersion
from assessments.services import hand_in
from tests.factories.assessments import NOW, ItemFactory, ItemVersionFactory, exam_of, started
from tests.factories.people import CentreFactory

KINDS = ("matching", "documents", "numeric", "short_text", "cloze", "case")
RIGHT: dict[str, Any] = {
    "matching": {"x": "b", "y": "a"},
    "documents": {"x": "b", "y": "sound", "z": "a"},
    "numeric": "5",
    "short_text": "居住证",
    "cloze": {"g1": "b", "g2": "5"},
    "case": {"q1": "c", "q2": ["a", "b"], "q3": ["c", "b", "a"]},
}
SERIOUS = ("serious", "critical")


@pytest.fixture
def attempt(db: None) -> Attempt:
    CentreFactory(help_line={"en": "Extension 8021"})
    return started(exam_of(*KINDS), at=timezone.now())


@pytest.fixture
def candidate(attempt: Attempt, client: Client) -> Client:
    client.force_login(attempt.person)
    return client


def of_kind(attempt: Attempt, kind: str) -> AttemptItem:
    return attempt.items.select_related("item_version").get(item_version__kind=kind)


def address(question: AttemptItem, rest: str = "") -> str:
    return f"/exams/attempt/{question.attempt_id}/{question.position}/{rest}"


def last(question: AttemptItem) -> Any:
    return question.responses.latest("revision").value


def form_of(question: AttemptItem) -> dict[str, Any]:
    """The right answer as the question's plain form sends it, without an ordering."""
    version, seen = question.item_version, question.as_seen(RIGHT[question.item_version.kind])
    if isinstance(seen, str):
        return {"typed": seen}
    assert isinstance(seen, dict)
    kinds = {str(number): part.get("kind") for number, part in enumerate(version.parts, start=1)}
    sent = {}
    for number, value in seen.items():
        if kinds[number] == "ordering":
            sent |= {f"{number}-place-{step}": place for place, step in enumerate(value, start=1)}
        else:
            sent[f"{number}-typed" if isinstance(value, str) else f"{number}-choice"] = value
    return sent


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_saves_what_the_screen_says(candidate: Client, attempt: Attempt, kind: str) -> None:
    question = of_kind(attempt, kind)
    seen = question.as_seen(RIGHT[kind])
    response = candidate.post(
        address(question, "answer/"), json.dumps({"revision": 0, "value": seen}), content_type="application/json"
    )
    assert response.status_code == 200, response.content
    assert last(question) == RIGHT[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_plain_form_saves_the_same(candidate: Client, attempt: Attempt, kind: str) -> None:
    question = of_kind(attempt, kind)
    response = candidate.post(address(question), {"revision": 0, "action": "next", **form_of(question)})
    assert response.status_code == 302
    stored = last(question)
    if kind == "case":  # places were sent without moving from where the steps stand, one at a time is enough
        assert (stored["q1"], stored["q2"]) == ("c", ["a", "b"])
    else:
        assert stored == RIGHT[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_answered_is_on_the_page_again(candidate: Client, attempt: Attempt, kind: str) -> None:
    question = of_kind(attempt, kind)
    candidate.post(address(question), {"revision": 0, "action": "save", **form_of(question)})
    page = candidate.get(address(question)).content.decode()
    assert page.count(" checked") + page.count('value="5"') + page.count("居住证") + page.count(" selected") >= 1
    assert "data-answered" in page


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("matching", {"9": 1}),
        ("matching", {"1": {"2": 1}}),
        ("matching", [1, 2]),
        ("documents", {"1": 9}),
        ("cloze", {"1": "b"}),
        ("case", {"2": 1}),
        ("numeric", 5),
        ("numeric", "5" * 501),
    ],
)
def test_what_the_screen_cannot_say_is_refused(candidate: Client, attempt: Attempt, kind: str, value: object) -> None:
    question = of_kind(attempt, kind)
    response = candidate.post(
        address(question, "answer/"), json.dumps({"revision": 0, "value": value}), content_type="application/json"
    )
    assert response.status_code == 400
    assert not question.responses.exists()


def test_a_move_in_one_part_leaves_the_others_alone(candidate: Client, attempt: Attempt) -> None:
    question = of_kind(attempt, "case")
    candidate.post(address(question), {"revision": 0, "action": "down-3-1", "1-choice": 2})
    seen = question.as_seen(last(question))
    assert seen == {"1": 2, "3": [2, 1, 3]}


def test_all_right_earns_everything(attempt: Attempt) -> None:
    for question in attempt.items.select_related("item_version"):
        question.responses.create(revision=1, value=RIGHT[question.item_version.kind], saved_at=attempt.started_at)
    done = hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at + timedelta(minutes=5))
    assert [item.mark.credit for item in done.items.select_related("mark")] == [1.0] * len(KINDS)
    assert done.answered == len(KINDS)


def test_check_answers_says_what_is_answered_in_part(candidate: Client, attempt: Attempt) -> None:
    candidate.post(address(of_kind(attempt, "cloze")), {"revision": 0, "action": "save", "2-typed": "5"})
    page = candidate.get(f"/exams/attempt/{attempt.pk}/check/").content.decode()
    assert page.count("Partly answered") == 1


def test_no_id_of_a_part_or_option_and_no_key_reaches_the_candidate(candidate: Client, attempt: Attempt) -> None:
    canary = "zq7"
    for version in ItemVersion.objects.all():
        told = json.dumps([version.options, version.parts, version.key])
        for ident in ("x", "y", "z", "g1", "g2", "q1", "q2", "q3"):
            told = told.replace(f'"{ident}"', f'"{canary}{ident}"')
        version.options, version.parts, version.key = json.loads(told)
        version.stem = {code: text.replace("[[", f"[[{canary}") for code, text in version.stem.items()}
        version.save()
    for question in attempt.items.all():
        order = json.dumps(question.option_order)
        for ident in ("g1", "g2", "q1", "q2", "q3"):
            order = order.replace(f'"{ident}"', f'"{canary}{ident}"')
        question.option_order = json.loads(order)
        question.save()
        assert canary not in candidate.get(address(question)).content.decode()
    assert canary not in candidate.get(f"/exams/attempt/{attempt.pk}/paper/").content.decode()


def test_what_people_mark_is_drawn_and_what_is_not_valid_is_not(db: None) -> None:
    exam = exam_of("numeric")
    row = exam.blueprint.get()
    for facts in ({"open": True}, {"scenario": True}, {"valid_until": NOW.date() - timedelta(days=1)}):
        item = ItemFactory(bank=exam.bank, competency=row.competency, state=Item.State.LIVE)
        ItemVersionFactory(item=item, **facts)
    drawn = {started(exam, seed=seed).items.get().item_version.kind for seed in range(12)}
    assert drawn == {"numeric", "open", "scenario"}


class TestInABrowser:
    pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

    def open(self, context: BrowserContext, live_server: LiveServer, question: AttemptItem) -> Page:
        client = Client()
        client.force_login(question.attempt.person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        with page.expect_response("**/paper/"):
            page.goto(live_server.url + address(question))
        page.wait_for_timeout(100)
        return page

    @pytest.mark.parametrize("width", [1440, 390])
    def test_each_kind_is_answered_and_kept(
        self, context: BrowserContext, live_server: LiveServer, attempt: Attempt, width: int
    ) -> None:
        page = self.open(context, live_server, of_kind(attempt, "matching"))
        page.set_viewport_size({"width": width, "height": 900})
        for kind in KINDS:
            question = of_kind(attempt, kind)
            page.locator(f'.nav40 [data-go="{question.position}"]').evaluate("link => link.click()")
            expect(page.locator("form.question")).to_have_attribute("data-position", str(question.position))
            self.answer(page, question)
            page.locator("[data-flag]").click()
            expect(page.locator("[data-save]")).to_contain_text("Saved")
            found = [v for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
            assert not found, found
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) == 0
        for kind in KINDS:
            assert last(of_kind(attempt, kind)) == RIGHT[kind], kind
        self.clear(page, of_kind(attempt, "cloze"))

    def answer(self, page: Page, question: AttemptItem) -> None:
        seen = question.as_seen(RIGHT[question.item_version.kind])
        for number, value in (seen if isinstance(seen, dict) else {"": seen}).items():
            field = page.locator(f'[data-field="{number}"]')
            if isinstance(value, str):
                field.locator("[data-typed]").fill(value)
            elif field.get_attribute("data-kind") == "ordering":
                for place, step in enumerate(value, start=1):
                    field.locator(f"[data-number='{step}'] select").select_option(str(place))
                if field.locator("[data-keep]").is_visible():
                    field.locator("[data-keep]").click()
            elif field.locator("select").count():
                field.locator("select").select_option(str(value))
            else:
                for choice in value if isinstance(value, list) else [value]:
                    field.locator(f'input[value="{choice}"]').check()

    def clear(self, page: Page, question: AttemptItem) -> None:
        page.locator(f'.nav40 [data-go="{question.position}"]').evaluate("link => link.click()")
        with page.expect_response("**/answer/"):
            page.locator("[data-clear]").click()
        assert last(question) is None
        expect(page.locator("form.question [data-typed]")).to_have_value("")

    def test_what_is_being_typed_is_not_lost_on_leaving(
        self, context: BrowserContext, live_server: LiveServer, attempt: Attempt
    ) -> None:
        question = of_kind(attempt, "short_text")
        page = self.open(context, live_server, question)
        page.locator("[data-typed]").press_sequentially("居住")
        other = next(n for n in range(1, len(KINDS) + 1) if n != question.position)
        with page.expect_response("**/answer/"):
            page.locator(f'.nav40 [data-go="{other}"]').evaluate("link => link.click()")
        assert last(question) == "居住"
        page.locator(f'.nav40 [data-go="{question.position}"]').evaluate("link => link.click()")
        page.locator("[data-typed]").press("End")
        page.locator("[data-typed]").press_sequentially("证")
        page.reload()
        expect(page.locator("[data-save]")).to_contain_text("Saved")
        expect(page.locator("[data-typed]")).to_have_value("居住证")
