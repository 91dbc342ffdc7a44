"""A policy comes from Word, a lesson cites it, Chinese is added; a clerk it is asked of learns it on two devices."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Locale

from cms.models import CoursePage, LessonPage, PolicyPage
from courses.models import Enrolment
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import DESK, PHONE, Visitor
from tests.lib.test_word_files import paragraph, word
from training.matters.models import PolicyVersion
from training.people.models import User

pytestmark = pytest.mark.journey

TITLE, SLUG = "Rules on Lost Property", "rules-on-lost-property"
FOUND = "Whoever finds a thing in the hall hands it in at the reception desk."
ENGLISH = word(
    paragraph(TITLE),
    paragraph(f"Article 1 {FOUND}"),
    paragraph("Article 2 The desk writes down the thing, the place and the hour, and keeps it for three months."),
)
FOUND_ZH = "在大厅拾得物品的，交总服务台。"
TITLE_ZH = "失物招领规定"
CHINESE = f"{TITLE_ZH}\n第一条 {FOUND_ZH}\n第二条 总服务台登记物品、地点和时间，保管三个月。"
COURSE, CLERK = "residence-registration-window", "clerk"


def test_a_policy_comes_from_word_and_is_learned(
    centre: LiveServer, new_context: Callable[..., BrowserContext]
) -> None:
    at_a_desk, on_a_phone = Arrivals(centre, DESK, new_context), Arrivals(centre, PHONE, new_context)
    editor, reviewer = at_a_desk("editor"), at_a_desk("reviewer")
    take_in_from_word(editor)
    approve(reviewer, TITLE)
    assert PolicyVersion.objects.get(policy__slug=SLUG).placements.count() == 2

    lesson = LessonPage.objects.child_of(CoursePage.objects.get(slug=COURSE, locale__language_code="en")).first()
    cite(editor, lesson)
    approve(reviewer, lesson.title)
    take_in_the_chinese(editor)
    approve(reviewer, TITLE_ZH)
    # The Chinese lesson got the block when the English one was published; its draft waits to be looked over.
    in_chinese = lesson.get_translation(Locale.objects.get(language_code="zh-hans"))
    editor.open(f"/cms/pages/{in_chinese.pk}/edit/", closely=False)
    submit(editor, in_chinese.title)
    approve(reviewer, in_chinese.title)

    ask_of_the_clerk(at_a_desk("hr"))
    User.objects.filter(staff_number=CLERK).update(language="zh-hans")
    phone = on_a_phone(CLERK, reads="zh-hans")
    learn_on_the_phone(phone)
    resume_at_a_desk(at_a_desk(CLERK, reads="zh-hans"))
    for visitor in (*at_a_desk.come, *on_a_phone.come):
        visitor.leave()


def take_in_from_word(editor: Visitor) -> None:
    page = editor.page
    editor.open("/policy-imports/")
    page.get_by_label("File").set_input_files(
        {"name": "lost property.docx", "mimeType": "application/octet-stream", "buffer": ENGLISH}
    )
    editor.press("Show the clauses")
    editor.sees("Article 1", FOUND, "Article 2")
    page.get_by_label("Issued by").fill("The centre")
    page.get_by_label("In force from").fill(timezone.localdate().isoformat())
    editor.press("Take as a draft")
    editor.sees("The text is a draft now.")
    submit(editor, TITLE)
    assert not PolicyPage.objects.get(slug=SLUG, locale__language_code="en").live


def take_in_the_chinese(editor: Visitor) -> None:
    """The words go to the clauses of the source text, whose identities they share."""
    editor.open("/policy-imports/")
    target = editor.page.get_by_label("What it is")
    target.select_option(label=f"{TITLE}: a translation into Simplified Chinese")
    editor.page.get_by_label("Or the text itself").fill(CHINESE)
    editor.press("Show the clauses")
    editor.sees("第一条", FOUND_ZH)
    editor.press("Take as a draft")
    submit(editor, TITLE_ZH)


def cite(editor: Visitor, lesson: LessonPage) -> None:
    """Put the clause at the top of the first section, as something to be read beside the text."""
    editor.open(f"/cms/pages/{lesson.pk}/edit/", closely=False)
    section = editor.page.get_by_role("region", name=re.compile("^Section ")).first
    editor.tap(section.get_by_role("button", name="Insert a block").first)
    editor.tap(editor.page.get_by_role("option", name="Cited clause"))
    choice = section.get_by_role("combobox").first
    wanted = choice.locator("option", has_text="Article 1").locator(f"xpath=self::*[starts-with(@value, '{SLUG}/')]")
    choice.select_option(value=wanted.get_attribute("value"))
    submit(editor, lesson.title)


def submit(editor: Visitor, title: str) -> None:
    editor.tap(editor.page.get_by_role("button", name="More actions"))
    editor.press(re.compile("^Submit to"))
    editor.sees(f"Page '{title}' has been submitted for moderation.")


def approve(reviewer: Visitor, title: str) -> None:
    reviewer.open("/cms/", closely=False)
    link = reviewer.page.get_by_role("main").get_by_role("link", name=title, exact=True).first
    # Not looked at closely: Wagtail gives the rich text of a lesson no name of its own.
    reviewer.open(link.get_attribute("href") or "", closely=False)
    reviewer.tap(reviewer.page.get_by_role("button", name="More actions"))
    reviewer.press("Approve", exact=True)
    reviewer.sees(f"Page '{title}' has been")


def ask_of_the_clerk(hr: Visitor) -> None:
    hr.open("/required/new/")
    hr.page.get_by_label("Course").select_option(label="Residence registration at the window")
    hr.page.get_by_label("Only these people").fill(CLERK)
    hr.page.get_by_label("Or so many days").fill("14")
    hr.press("Show what happens")
    hr.sees(re.compile("1 person comes under the rule"))
    hr.press("Ask for the course")
    hr.sees("Residence registration at the window")


def learn_on_the_phone(clerk: Visitor) -> None:
    """The desk has it, the lesson shows the clause in the clerk's language, and the place is kept."""
    clerk.open("/desk/")
    clerk.follow(re.compile("居住登记"))
    clerk.press(re.compile("开始学习|开始"))
    clerk.sees(re.compile(FOUND_ZH))
    clerk.press("下一节")
    clerk.sees(re.compile(r"第2节"))


def resume_at_a_desk(clerk: Visitor) -> None:
    clerk.open(f"/courses/{COURSE}/resume/")
    clerk.sees(re.compile(r"第2节"))
    enrolment = Enrolment.objects.get(person__staff_number=CLERK, version__course__slug=COURSE)
    assert enrolment.completed_at is None
