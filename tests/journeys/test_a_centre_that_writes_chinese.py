"""A centre that writes nothing in English: from its set-up through a policy and a lesson to a result and its paper."""

import io
import json
import re
from typing import Any

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Page

from assessments.models import Attempt, Exam, Item, ItemVersion
from assessments.services import entitle, items
from cms.models import CourseIndexPage, CoursePage, LessonPage, PolicyPage
from cms.services import setup_code
from courses.models import Assignment, Course, Enrolment
from courses.queries.required import Who
from courses.services.requiring import make_rule
from tests.factories.certificates import AchievementFactory, DesignFactory
from tests.factories.cms import draft, section, submit
from tests.factories.competencies import CompetencyFactory, FrameworkFactory, GroupFactory, TargetFactory
from tests.factories.people import PASSWORD, PositionFactory, PostingFactory, UserFactory
from tests.journeys.conftest import Arrivals
from tests.journeys.test_from_nothing_to_the_first_day import fill, forward
from tests.journeys.visitor import DESK, Visitor
from tests.journeys.words import in_language, said, sign_in
from training.certificates.documents import certificate_pdf
from training.certificates.models import Certificate
from training.certificates.services.paper import facts_on_paper
from training.matters.models import ClauseVersion
from training.people.models import Centre, Department, User

pytestmark = pytest.mark.journey

CHINESE = "zh-hans"
SITE, CENTRE = "海东政务", "海东区政务服务中心"
POLICY, CLAUSE = "一次性告知规定", "窗口应当一次告知申请人全部材料。"
LAW = f"{POLICY}\n第一条 {CLAUSE}\n第二条 申请人要求说明的，应当说明。"
COURSE, LESSON, EXAM = "首问责任制度", "接待申请人", "窗口业务考试"
STEMS = ("申请人第一次来窗口，应当怎样告知材料？", "申请人要求说明理由时，窗口人员应当如何做？")
BANK, ACHIEVEMENT = "窗口业务题库", "窗口业务（三级）"
RIGHT, WRONG = "一次说清全部要求", "请对方改天再来询问"


@pytest.mark.parametrize("screen", [DESK], ids=str)
def test_a_centre_writes_chinese_alone(arrive_first: Arrivals) -> None:
    found_the_centre(arrive_first())
    staff = employ()
    editor, reviewer = come(arrive_first, staff["editor"]), come(arrive_first, staff["reviewer"])
    take_in_the_policy(editor)
    let_through(reviewer, PolicyPage.objects.get())
    write_the_course(editor, staff["editor"])
    let_through(reviewer, LessonPage.objects.get())
    let_through(reviewer, CoursePage.objects.get())
    ask_for_the_course(staff["clerk"])

    clerk = come(arrive_first, staff["clerk"])
    learn(clerk)
    read_it_in_english(clerk)
    examiner = come(arrive_first, staff["examiner"])
    write_items(examiner, staff)
    make_the_exam(examiner)
    sit(clerk)
    read_the_result(clerk)
    the_certificate_prints()


def come(arrive: Arrivals, person: User) -> Visitor:
    """Come to the sign-in page, choose Chinese there, and sign in."""
    visitor = arrive()
    visitor.site = SITE
    visitor.open("/accounts/login/", closely=False)
    in_language(visitor, CHINESE)
    sign_in(visitor, person.staff_number, PASSWORD, CHINESE)
    return visitor


def zh(text: str, context: str = "") -> str:
    return said(CHINESE, text, context)


def found_the_centre(founder: Visitor) -> None:
    founder.site = said("en", "Service centre")
    founder.open("/desk/")
    founder.site = zh("Service centre")
    in_language(founder, CHINESE)
    founder.page.locator("[name=code]").fill(setup_code())
    founder.press(zh("Begin", "set-up"))
    fill(founder, {"name_zh_hans": CENTRE, "short_name_zh_hans": SITE, "code": "hd"})
    forward(founder)
    forward(founder)
    fill(founder, {"department-0-code": "office", "department-0-name_zh_hans": "综合科"})
    forward(founder)
    for prefix, number, name in (("hr", "10001", "孙蕾"), ("administrator", "10002", "王强")):
        told = {"staff_number": number, "display_name": name, "password": PASSWORD, "password_again": PASSWORD}
        fill(founder, {f"{prefix}-{field}": text for field, text in told.items()})
    forward(founder)
    founder.site = SITE
    founder.press(zh("Create the centre"))
    founder.is_at(zh("The centre is set up"))
    assert Centre.load().source_language == CHINESE
    assert set(User.objects.values_list("language", flat=True)) == {CHINESE}


def employ() -> dict[str, User]:
    """The people who write and learn, and what the competencies are; HR brings all that in from lists elsewhere."""
    facts: dict[str, Any] = {"department": Department.objects.get(code="office"), "language": CHINESE, "latin_name": ""}
    roles = ("editor", "reviewer", "examiner", "clerk")
    staff = {role: UserFactory(**{role: True}, display_name=f"员工{role}", **facts) for role in roles}
    staff["second"] = UserFactory(examiner=True, **facts)
    position = PositionFactory(name={CHINESE: "登记窗口受理岗"})
    PostingFactory(person=staff["clerk"], position=position)
    framework = FrameworkFactory(name={CHINESE: "大厅人员"})
    for level in framework.levels.all():
        level.name = {CHINESE: f"第{level.number}级"}
        level.save()
    group = GroupFactory(framework=framework, name={CHINESE: "受理"})
    asked = CompetencyFactory(framework=framework, parent=group, code="notice", name={CHINESE: "一次性告知"})
    TargetFactory(position=position, competency=asked)
    return staff


def take_in_the_policy(editor: Visitor) -> None:
    """The text is pasted; its address is made of its title."""
    page = editor.page
    editor.open("/policy-imports/")
    page.get_by_label(zh("Or the text itself")).fill(LAW)
    editor.press(zh("Show the clauses"))
    editor.sees("第一条", CLAUSE)
    page.get_by_label(zh("Issued by", "a policy")).fill("区政府办公室")
    page.get_by_label(zh("In force from")).fill(timezone.localdate().isoformat())
    editor.press(zh("Take as a draft"))
    send_for_review(editor)
    assert PolicyPage.objects.get().slug == "yi-ci-xing-gao-zhi-gui-ding"


def send_for_review(editor: Visitor) -> None:
    editor.tap(editor.page.locator("footer [data-w-dropdown-target=toggle]"))
    editor.go_by(editor.page.locator("button[name=action-submit]"))


def write_the_course(editor: Visitor, writer: User) -> None:
    """The course is written on its page; of its lesson, made without one, the draft is only sent."""
    index = CourseIndexPage.objects.get(locale__language_code=CHINESE)
    editor.open(f"/cms/pages/add/cms/coursepage/{index.pk}/", closely=False)
    editor.page.locator("[name=title]").fill(COURSE)
    editor.page.locator("[name=summary]").fill("谁先接待，谁负责到底。")
    send_for_review(editor)
    course = CoursePage.objects.get()
    assert course.slug == "shou-wen-ze-ren-zhi-du"
    clause = ClauseVersion.objects.get(label={CHINESE: "第一条"}).clause
    cited = ("clause", f"{clause.policy.slug}/{clause.uid}")
    body = [section("先听后答", ("text", "<p>先听完申请人的话，再回答。</p>"), cited)]
    lesson = LessonPage(title=LESSON, minutes=10, body=json.dumps(body))
    submit(draft(lesson, course, by=writer), by=writer)


def let_through(reviewer: Visitor, page: Page) -> None:
    reviewer.open(f"/cms/pages/{page.pk}/edit/", closely=False)
    reviewer.tap(reviewer.page.locator("footer [data-w-dropdown-target=toggle]"))
    reviewer.go_by(reviewer.page.locator("button[data-workflow-action-name=approve]").first)
    page.refresh_from_db()
    assert page.live


def ask_for_the_course(clerk: User) -> None:
    rule = {"course": Course.objects.get(), "kind": Assignment.Why.ONBOARDING, "who": Who(people=[clerk])}
    make_rule(**rule, by=User.objects.get(staff_number="10001"), at=timezone.now(), due_days=14)


def learn(clerk: Visitor) -> None:
    """The desk leads to the course, and the course to its end."""
    clerk.open("/desk/")
    clerk.sees(re.compile(COURSE))
    clerk.go_by(clerk.page.get_by_role("main").locator("a[href^='/courses/shou-wen']").first)
    clerk.press(zh("Begin the course"))
    clerk.is_at("先听后答")
    clerk.sees("先听完申请人的话，再回答。", CLAUSE)
    clerk.press(zh("Finish the lesson"))
    clerk.sees(zh("You finished the course."))
    assert Enrolment.objects.get().completed_at


def read_it_in_english(clerk: Visitor) -> None:
    """Everything round the lesson is English then, and the lesson says that it is not."""
    clerk.language = "en"
    clerk.press("English")
    clerk.open("/courses/shou-wen-ze-ren-zhi-du/jie-dai-shen-qing-ren/1/")
    clerk.sees("先听完申请人的话，再回答。", "Section 1 of 1")
    expect(clerk.page.get_by_role("heading", level=1)).to_have_attribute("lang", CHINESE)
    clerk.language = CHINESE
    clerk.press("中文")


def write_items(examiner: Visitor, staff: dict[str, User]) -> None:
    """A bank, and two questions in it that somebody else approves."""
    page = examiner.page
    examiner.open("/exams/bank/banks/")
    page.locator("[name=code]").fill("window")
    page.locator("[name=name_zh_hans]").fill(BANK)
    examiner.press(zh("Set up"), exact=True)
    for stem in STEMS:
        examiner.open("/exams/bank/write/?bank=window&kind=single")
        page.locator("[name=stem-zh-hans]").fill(stem)
        for row, text in enumerate((RIGHT, WRONG)):
            page.locator(f"[name=o-{row}-zh-hans]").fill(text)
        page.locator("[name=right]").first.check()
        page.locator("[name=competency]").select_option(label="一次性告知")
        examiner.press(zh("Save and ask for review"))
        version = ItemVersion.objects.latest("pk")
        items.review(version=version, approve=True, edits=version.edits, by=staff["second"], at=timezone.now())
        items.change_state(item=version.item, to=Item.State.LIVE, by=staff["examiner"], at=timezone.now())


def make_the_exam(examiner: Visitor) -> None:
    page = examiner.page
    design = DesignFactory(heading={CHINESE: "岗位能力证书"}, wording={CHINESE: "参加考试成绩合格"}, signatories=[])
    AchievementFactory(name={CHINESE: ACHIEVEMENT}, design=design)
    examiner.open("/exams/manage/new/")
    page.locator("[name=code]").fill("window-exam")
    page.locator("[name=title_zh_hans]").fill(EXAM)
    page.locator("[name=bank]").select_option(label=BANK)
    page.locator("[name=target_level]").select_option("3")
    page.locator("[name=minutes]").fill("30")
    page.locator("[name=achievement]").select_option(label=ACHIEVEMENT)
    asked = page.locator("[name=row-0-competency]")
    asked.select_option(asked.locator("option", has_text="一次性告知").get_attribute("value"))
    page.locator("[name=row-0-count]").fill("2")
    examiner.press(zh("Save the exam"))
    examiner.press(zh("Open the exam"))
    assert Exam.objects.get().is_open


def sit(clerk: Visitor) -> None:
    exam, person = Exam.objects.get(), Enrolment.objects.get().person
    entitle(person=person, exam=exam, why={CHINESE: "课程已学完"}, by="test", at=timezone.now())
    clerk.open("/desk/")
    clerk.sees(re.compile(EXAM))
    clerk.go_by(clerk.page.get_by_role("main").locator("a[href^='/exams/window-exam']").first)
    clerk.is_at(EXAM)
    clerk.press(zh("I am ready, start the clock"))
    attempt = Attempt.objects.get()
    for question in attempt.items.select_related("item_version"):
        if question.position > 1:
            clerk.tap(clerk.page.locator(f'.nav40 [data-go="{question.position}"]'))
        clerk.sees(question.item_version.stem[CHINESE])
        clerk.tap(clerk.page.locator("form.question label.opt").filter(has_text=RIGHT))
        expect(clerk.page.locator(f'.nav40 [data-go="{question.position}"]')).to_have_class(re.compile(r"\ba\b"))
        clerk.look()
    clerk.go_by(clerk.page.locator("a[href$='/check/']").filter(visible=True).first)
    clerk.follow(zh("Hand in answers"))
    clerk.press(zh("Hand in answers"))


def read_the_result(clerk: Visitor) -> None:
    clerk.follow(zh("See the result"))
    clerk.sees(str(Attempt.objects.get().score), "一次性告知")
    clerk.open("/competencies/")
    clerk.sees("一次性告知")
    clerk.open("/search/?q=先听完")
    clerk.sees(LESSON)


def the_certificate_prints() -> None:
    """The paper says what there is, once."""
    drawn = certificate_pdf(facts_on_paper(Certificate.objects.get()))
    printed = "".join(pypdf.PdfReader(io.BytesIO(drawn)).pages[0].extract_text().split())
    assert printed.count(CENTRE) == 1
    assert ACHIEVEMENT in printed
