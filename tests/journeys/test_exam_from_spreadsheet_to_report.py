"""A spreadsheet of 200 questions becomes an exam: planned, sat by two, given time, marked blind, released, reported."""

import io
import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from assessments import services
from assessments.models import Attempt, Exam, HumanMark, Item, ItemVersion, MarkingTask
from assessments.services import items
from tests.factories.people import RoleGrantFactory
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import DESK, PHONE, Visitor
from training.lib.tables import Sheet, write_xlsx
from training.people.models import Role, User

pytestmark = pytest.mark.journey

ITEMS, OPEN_ITEMS, CHOICES, OPEN = 200, 20, 5, 1
QUESTIONS = CHOICES + OPEN
CODE, BANK, EXAM = "lotus 8", "Licence window", "Licence window, first exam"
AT_A_DESK, ON_A_PHONE = CANDIDATES = ("clerk", "20410")
LOCAL = "%Y-%m-%dT%H:%M"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = [
    "Code", "Kind", "Stem (English)", "Stem (Chinese)",
    "Option A (English)", "Option A (Chinese)", "Option B (English)", "Option B (Chinese)",
    "Key", "Marking guide (English)", "Marking guide (Chinese)", "Competency", "Level", "Judged chance",
]  # fmt: skip
GUIDE = ("[2] Names the rule\n[1] Says it plainly", "[2] 说明依据\n[1] 表达清楚")
WRITTEN = "Because the file has to be complete before it is accepted."


@pytest.mark.parametrize("screen", [DESK], ids=str)
def test_a_spreadsheet_becomes_an_exam_and_its_report(arrive: Arrivals) -> None:
    examiner = arrive("examiner")
    import_the_questions(examiner)
    have_them_reviewed(arrive, examiner)
    put_them_to_use(examiner)
    make_the_exam(examiner)
    plan_the_session(examiner)

    first = arrive(AT_A_DESK)
    User.objects.filter(staff_number=ON_A_PHONE).update(language="zh-hans")
    arrive.screen = PHONE
    second = arrive(ON_A_PHONE, reads="zh-hans")
    arrive.screen = DESK
    begin(first, "Access code", "I am ready, start the clock")
    begin(second, "入场码", "准备好了")
    more_time_reaches(first, arrive("invigilator"))
    answer_all(first, attempt_of(AT_A_DESK))
    answer_all(second, attempt_of(ON_A_PHONE))
    hand_in(first, AT_A_DESK, "Hand in answers")
    hand_in(second, ON_A_PHONE, "交卷")

    mark_blind(arrive("marker"))
    release(examiner)
    read_the_report(examiner)
    read_the_result(first)


def workbook() -> FilePayload:
    """Two hundred questions of which none is nearly another: each is about other things in other words."""
    chance = random.Random(200)
    words = [f"{one}{two}" for one in ("lan", "mor", "tev", "sul", "pek", "dra") for two in ("do", "ri", "stan", "ke")]

    def english(length: int) -> str:
        return " ".join(chance.sample(words, length)).capitalize()

    def chinese(length: int) -> str:
        return "".join(chr(0x4E00 + chance.randrange(2000)) for _sign in range(length))

    rows: list[list[str | int]] = [[*HEADER]]
    for number in range(1, ITEMS + 1):
        asks: list[str | int] = [f"q{number}", "Single choice", f"{english(9)}?", f"{chinese(18)}？"]
        if number <= OPEN_ITEMS:
            asks[1] = "Open answer"
            rows.append([*asks, "", "", "", "", "", *GUIDE, "one-time-notice", 3, 60])
        else:
            options = [english(3), chinese(6), english(3), chinese(6)]
            rows.append([*asks, *options, "AB"[number % 2], "", "", "one-time-notice", 3, 60])
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Items", rows)])
    return {"name": "licence.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}


def import_the_questions(examiner: Visitor) -> None:
    page = examiner.page
    examiner.open("/exams/bank/banks/")
    page.get_by_label("Code of the bank").fill("licence")
    page.locator("[name=name_en]").fill(BANK)
    page.locator("[name=name_zh_hans]").fill("证照窗口")
    examiner.press("Set up", exact=True)
    examiner.open("/exams/bank/import/?bank=licence")
    page.get_by_label("File").set_input_files(workbook())
    examiner.press("Check the file")
    examiner.sees(f"New item {ITEMS}", "licence.xlsx, read as")
    assert not Item.objects.filter(bank__code="licence").exists()
    examiner.press("Import the questions ticked")
    examiner.sees(f"{ITEMS} items were imported as drafts.")


def change_all(examiner: Visitor, what: str, filters: str = "") -> None:
    """Change every item of the bank that is found, on every page, with a preview first."""
    examiner.open(f"/exams/bank/?bank=licence{filters}")
    examiner.page.locator("[name=do]").select_option(label=what)
    examiner.tap(examiner.page.get_by_text(re.compile("items found, on every page")))
    examiner.press("Preview")
    examiner.press("Change them")


def have_them_reviewed(arrive: Arrivals, examiner: Visitor) -> None:
    """A second examiner reads them; the first in the browser, the others, which look the same, without."""
    change_all(examiner, "Ask for review")
    second = User.objects.get(staff_number="reviewer")
    RoleGrantFactory(person=second, role=Role.EXAMINER)
    first, *others = ItemVersion.objects.filter(item__bank__code="licence").order_by("item__code")
    reviewer = arrive("reviewer")
    reviewer.open(f"/exams/bank/licence/{first.item.code}/")
    reviewer.press("Approve", exact=True)
    reviewer.sees("Approved")
    for version in others:
        items.review(version=version, approve=True, edits=version.edits, remark="", by=second, at=timezone.now())


def put_them_to_use(examiner: Visitor) -> None:
    change_all(examiner, "Put to use")
    assert Item.objects.filter(bank__code="licence", state=Item.State.LIVE).count() == ITEMS


def make_the_exam(examiner: Visitor) -> None:
    page = examiner.page
    examiner.open("/exams/manage/new/")
    page.get_by_label("Address").fill("licence-first")
    page.locator("[name=title_en]").fill(EXAM)
    page.locator("[name=title_zh_hans]").fill("证照窗口第一次考试")
    page.get_by_label("Item bank").select_option(label=BANK)
    page.get_by_label("Level to reach").select_option("3")
    page.get_by_label("Minutes", exact=True).fill("30")
    page.get_by_label("Only in a session").check()
    page.get_by_label("Results are released").select_option(label="When an examiner releases it")
    ask(examiner, 1, "Single choice", ITEMS)
    examiner.press("Ask the bank")
    examiner.sees("The bank cannot fill this blueprint.")
    ask(examiner, 1, "Single choice", CHOICES)
    ask(examiner, 2, "Open answer", OPEN)
    examiner.press("Ask the bank")
    examiner.sees(f"The bank fills this blueprint: {QUESTIONS} questions.")
    examiner.press("Save the exam")
    examiner.press("Open the exam")
    assert Exam.objects.get(code="licence-first").is_open


def ask(examiner: Visitor, row: int, kind: str, count: int) -> None:
    cells = examiner.page.get_by_role("row").filter(has=examiner.page.get_by_label(f"Questions, row {row}", exact=True))
    cells.get_by_label("Competency").select_option(label="Receiving: One-time notice")
    cells.get_by_label("Kind of question").select_option(label=kind)
    cells.get_by_label("Questions").fill(str(count))


def plan_the_session(examiner: Visitor) -> None:
    page, now = examiner.page, timezone.localtime()
    examiner.open("/exams/sessions/plan/")
    page.get_by_label("Exam", exact=True).select_option(label=EXAM)
    page.get_by_label("Opens").fill((now - timedelta(minutes=5)).strftime(LOCAL))
    page.get_by_label("Closes").fill((now + timedelta(hours=2)).strftime(LOCAL))
    page.get_by_label("Room").fill("Training room 2")
    page.get_by_label("Access code").fill(CODE)
    page.get_by_label(re.compile(str(User.objects.get(staff_number="invigilator")))).check()
    examiner.press("Plan a session")
    page.get_by_label("Staff numbers").fill(", ".join(CANDIDATES))
    examiner.press("Give places")
    examiner.sees(*CANDIDATES)


def attempt_of(number: str) -> Attempt:
    return Attempt.objects.get(person__staff_number=number, exam__code="licence-first")


def begin(candidate: Visitor, code: str, start: str) -> None:
    candidate.open("/exams/licence-first/")
    candidate.page.get_by_label(code).fill(CODE)
    candidate.press(re.compile(start))


def more_time_reaches(candidate: Visitor, invigilator: Visitor) -> None:
    """What the invigilator gives is seen on the open page, without going anywhere."""
    before = attempt_of(AT_A_DESK)
    invigilator.open(f"/exams/sessions/{before.session_id}/")
    invigilator.sees(before.person.display_name)
    row = invigilator.page.locator(f"#do-{before.pk}")
    invigilator.tap(row.locator("summary"))
    row.get_by_label("Minutes").fill("10")
    row.get_by_label("Reason").first.fill("The screen went dark")
    invigilator.press("Give time", within=row)
    invigilator.sees("1 candidate has 10 more minutes.")
    candidate.page.evaluate("dispatchEvent(new Event('focus'))")
    ends = timezone.localtime(before.deadline + timedelta(minutes=10))
    expect(candidate.page.locator("[data-ends]")).to_contain_text(ends.strftime("%H:%M"))


def answer_all(candidate: Visitor, attempt: Attempt) -> None:
    for question in attempt.items.select_related("item_version"):
        if question.position > 1:
            candidate.tap(candidate.page.locator(f'.nav40 [data-go="{question.position}"]'))
        expect(candidate.page.locator("form.question")).to_have_attribute("data-position", str(question.position))
        if question.item_version.kind == ItemVersion.Kind.OPEN:
            candidate.page.locator("form.question [name=typed]").fill(WRITTEN)
        else:
            right = question.option_order.index(question.item_version.key[0])
            candidate.tap(candidate.page.locator("form.question label.opt").nth(right))
        expect(candidate.page.locator("[data-save] .save")).to_be_visible()
        expect(candidate.page.locator(f'.nav40 [data-go="{question.position}"]')).to_have_class(re.compile(r"\ba\b"))
        candidate.look(closely=question.position == QUESTIONS)


def hand_in(candidate: Visitor, number: str, button: str) -> None:
    candidate.go_by(candidate.page.locator(".sit-check a, a[href$='/check/']").filter(visible=True).first)
    candidate.follow(button)
    candidate.press(button)
    candidate.sees(attempt_of(number).receipt)


def mark_blind(marker: Visitor) -> None:
    writers = [attempt_of(number).person for number in CANDIDATES]
    waiting = MarkingTask.objects.filter(attempt_item__attempt__exam__code="licence-first")
    for task in waiting.select_related("attempt_item__item_version__item"):
        marker.open("/exams/marking/")
        marker.press(re.compile(f"Mark the . that waits? {task.attempt_item.item_version.item.code}$"))
        marker.sees(WRITTEN, "Names the rule")
        page = marker.page.content()
        assert not any(person.display_name in page or person.staff_number in page for person in writers)
        for group in marker.page.locator("fieldset.criterion").all():
            marker.tap(group.locator("label").last)
        marker.press("Save and go on")
    assert HumanMark.objects.filter(task__attempt_item__attempt__exam__code="licence-first").count() == 2


def release(examiner: Visitor) -> None:
    """Ten minutes later no mark can be taken back any more, and the results are ready."""
    earlier = timezone.now() - timedelta(minutes=20)
    tasks = MarkingTask.objects.filter(attempt_item__attempt__exam__code="licence-first")
    HumanMark.objects.filter(task__in=tasks).update(given_at=earlier)
    tasks.update(done_at=earlier)
    services.settle_marking(now=timezone.now())
    examiner.open("/exams/release/")
    examiner.follow(re.compile(EXAM))
    examiner.sees("2 of 2 would pass.")
    examiner.press("Release the chosen results")
    examiner.sees("No result is ready")


def read_the_report(examiner: Visitor) -> None:
    examiner.follow("How the questions did")
    examiner.sees("Released attempts", "too few answers")


def read_the_result(candidate: Visitor) -> None:
    attempt = attempt_of(AT_A_DESK)
    candidate.open(f"/exams/attempt/{attempt.pk}/result/")
    candidate.sees("Passed", "What people marked", "2 of 2", "What to read next")
