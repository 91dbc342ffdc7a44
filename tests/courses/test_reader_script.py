"""The reader in a real browser: the place goes with the person, a clause opens beside, the size of the text stays."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from courses.models import Enrolment, UnitProgress, UnitVersion
from courses.services.learning import enrol
from tests.factories.courses import CourseFactory
from tests.factories.matters import clause_draft, policy_draft
from tests.factories.people import CentreFactory, UserFactory
from training.matters.models import ClauseVersion
from training.matters.services import publish_policy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
WORDS = "Read the whole file before you say a word about what is missing from it, and then name all of it at once. "


@pytest.fixture
def enrolment() -> Enrolment:
    """Somebody who learns a long section of three passages, the last of which cites a clause."""
    CentreFactory()
    publish_policy(draft=policy_draft(clause_draft("In turn.")), language="en", by=None, at=timezone.now())
    cited = ClauseVersion.objects.get()
    course = CourseFactory(units=(2,))
    texts = ["".join(f"<p>{number}-{line} {WORDS * 4}</p>" for line in range(1, 13)) for number in range(1, 4)]
    words = f'<p>Everybody <a data-clause="{cited.pk}">waits</a>.</p>'
    link = {"clause_version": cited.pk, "policy": "queues", "anchor": "clause-1", "named": "Article 5"}
    blocks = [{"type": "text", "value": {"html": html}} for html in texts]
    blocks[-1]["value"] = {"html": texts[-1] + words, "clauses": [link]}
    clause = {"clause_version": cited.pk, "policy": "queues", "policy_title": "Queues", "anchor": "clause-1"}
    blocks.append({"type": "clause", "value": clause | {"label": "Article 1", "heading": "", "text": "In turn."}})
    unit = UnitVersion.objects.get(course_version__course=course)
    unit.sections["en"][0]["blocks"] = blocks
    unit.save()
    person = UserFactory()
    return enrol(person=person, course=course, by=person, at=timezone.now())


def page_of(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment, width: int, height: int, **how: bool
) -> Page:
    """Open a device of the person, on the section."""
    client = Client()
    client.force_login(enrolment.person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=live_server.url, **how)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/courses/{enrolment.course.slug}/lesson-1/1/")
    return page


def test_somebody_learns_on_a_phone_and_reads_on_at_a_desk(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    phone = page_of(browser, live_server, enrolment, 390, 844)
    line = phone.get_by_text(re.compile(r"^2-7 "))
    with phone.expect_response("**/place/") as kept:
        line.evaluate("line => scrollTo(0, scrollY + line.getBoundingClientRect().top - 100)")
    assert kept.value.status == 204
    progress = UnitProgress.objects.get()
    assert progress.passage == 2
    desk = page_of(browser, live_server, enrolment, 1440, 900)
    desk.goto(f"/courses/{enrolment.course.slug}/resume/")
    expect(desk.get_by_text(re.compile(r"^2-7 "))).to_be_in_viewport()
    assert desk.evaluate("scrollY") > 900


def test_the_place_is_kept_when_the_page_is_left(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 1440, 900)
    page.get_by_text(re.compile(r"^3-5 ")).evaluate(
        "line => scrollTo(0, scrollY + line.getBoundingClientRect().top - 90)"
    )
    page.goto("/courses/")
    for _try in range(50):
        if UnitProgress.objects.filter(passage=3).exists():
            break
        page.wait_for_timeout(100)
    page.goto(f"/courses/{enrolment.course.slug}/lesson-1/1/")
    expect(page.get_by_text(re.compile(r"^3-5 "))).to_be_in_viewport()


def test_who_finishes_a_section_is_not_moved_back_by_leaving_its_page(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 390, 844)
    page.wait_for_timeout(1000)  # the page is there for longer than a telling takes
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="Next section").click()
    expect(page.get_by_text("Section 2 of 2")).to_be_visible()
    for _try in range(50):
        if UnitProgress.objects.filter(told_at__isnull=False).exists():
            break
        page.wait_for_timeout(100)
    progress = UnitProgress.objects.get()
    assert progress.told_at
    assert progress.section == 2


def test_a_clause_opens_beside_and_gives_the_focus_back(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 1440, 900)
    link = page.get_by_role("link", name="Article 1")
    link.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("In turn.")).to_be_visible()
    expect(panel.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    assert page.url.endswith("/lesson-1/1/")


def test_words_open_their_clause_beside_and_name_it_on_paper(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 1440, 900)
    link = page.get_by_role("link", name="waits (Article 5)")
    label = link.get_by_text("(Article 5)")
    assert label.bounding_box()["width"] < 2
    link.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("In turn.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    assert page.url.endswith("/lesson-1/1/")
    page.emulate_media(media="print")
    assert label.bounding_box()["width"] > 30


def test_without_script_words_lead_to_the_policy(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 1440, 900, java_script_enabled=False)
    page.get_by_role("link", name="waits (Article 5)").click()
    page.wait_for_url("**/policies/queues/#clause-1")


def test_larger_text_comes_at_once_and_with_the_next_page(
    browser: Browser, live_server: LiveServer, enrolment: Enrolment
) -> None:
    page = page_of(browser, live_server, enrolment, 390, 844)
    size = "() => parseFloat(getComputedStyle(document.querySelector('.pair p')).fontSize)"
    before = page.evaluate(size)
    with page.expect_response("**/text-size/"):
        page.get_by_role("button", name="Largest").click()
    larger = page.evaluate(size)
    assert larger > before * 1.2
    page.goto(f"/courses/{enrolment.course.slug}/lesson-1/2/")
    assert page.evaluate(size) == larger
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
