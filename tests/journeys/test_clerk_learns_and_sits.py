"""The clerk does what the desk says next: finishes the course, sits the exam, and stands somewhere else afterwards."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from assessments.models import Attempt, AttemptItem, ItemVersion
from courses.models import Enrolment
from tests.journeys.conftest import Arrivals
from tests.journeys.judging import judge_keyboard
from tests.journeys.visitor import Visitor
from training.certificates.models import Certificate
from training.competencies.models import Evidence
from training.notices.models import Notice

pytestmark = pytest.mark.journey

COURSE = "one-time-notice-first-asked"
EXAM = "Service rules at the window"
SECTIONS_LEFT, QUESTIONS = (3, 5, 3), 20  # of each lesson that is left
KILLED_AFTER, FLAGGED = 8, 3
CELL = re.compile(r"周敏.*, One-time notice: (.*)")


def test_a_clerk_learns_sits_and_moves(arrive: Arrivals) -> None:
    hr, clerk = arrive("hr"), arrive("clerk")
    assert cell_of_the_clerk(hr) == "level not known, 3 required"

    read_to_the_end(clerk)
    attempt = begin_the_exam(clerk)
    judge_keyboard(clerk.page)
    look_at_each_kind = first_of_each_kind(clerk)
    questions = list(attempt.items.select_related("item_version"))
    for question in questions[:KILLED_AFTER]:
        answer(clerk, question, look=look_at_each_kind)
    clerk.tap(clerk.page.get_by_role("link", name=f"Question {FLAGGED}, answered", exact=True))
    clerk.is_at(f"Question {FLAGGED} of {QUESTIONS}")
    with clerk.page.expect_response(re.compile("/flag/$")):
        clerk.tap(clerk.page.get_by_role("button", name="Flag for later"))
    expect(clerk.page.get_by_role("button", name="Take the flag away")).to_be_visible()
    clerk.look(closely=False)

    lose_the_window_and_come_back(clerk, questions[0])
    for question in questions[KILLED_AFTER:-1]:
        clerk.tap(clerk.page.get_by_role("link", name=re.compile(rf"^Question {question.position}, not ")))
        answer(clerk, question, look=look_at_each_kind)
    check_and_hand_in(clerk, questions[-1])
    read_the_result(clerk, attempt)

    assert re.match(r"level [3-5] of 3 required", cell_of_the_clerk(hr))


def cell_of_the_clerk(hr: Visitor) -> str:
    """What HR reads in the matrix: the clerk's cell for one-time notice."""
    hr.open("/people/matrix/market/")
    label = hr.page.get_by_role("link", name=CELL).get_attribute("aria-label")
    found = CELL.fullmatch(label or "")
    assert found
    return found[1]


def read_to_the_end(clerk: Visitor) -> None:
    """The desk has one next thing at a time: a session to confirm, then the course."""
    clerk.follow("Read and confirm", exact=True)
    clerk.tap(clerk.page.get_by_text("Yes, I agree"))
    clerk.press("Save my answer")
    clerk.open("/desk/")
    expect(clerk.page.get_by_role("region", name="Finish the course: One-time notice")).to_contain_text("Next")
    clerk.follow("Continue", exact=True)
    for sections in SECTIONS_LEFT:
        for section in range(1, sections + 1):
            clerk.sees(f"Section {section} of {sections}")
            clerk.press("Finish the lesson" if section == sections else "Next section")
    clerk.sees("You finished the course.", "5 of 5 done")
    assert Enrolment.objects.get(person__staff_number="clerk", version__course__slug=COURSE).completed_at


def begin_the_exam(clerk: Visitor) -> Attempt:
    clerk.open("/desk/")
    clerk.follow(re.compile(f"^Sit the exam: {EXAM}|^Read the rules"))
    clerk.is_at(EXAM)
    clerk.sees("20", "30 min", "The clock of 30 min starts when you press the button.")
    clerk.press("I am ready, start the clock")
    clerk.is_at(f"Question 1 of {QUESTIONS}")
    return Attempt.objects.get(person__staff_number="clerk", state="open")


def first_of_each_kind(clerk: Visitor) -> Callable[[str], None]:
    """Twenty questions are four kinds of page: the first of each kind is looked at closely, the others at a glance."""
    seen: set[str] = set()

    def look(kind: str) -> None:
        clerk.look(closely=kind not in seen)
        seen.add(kind)

    return look


def answer(clerk: Visitor, question: AttemptItem, *, look: Callable[[str], None]) -> None:
    """Answer the question on the screen as its key says, see it saved, and go on."""
    page, kind = clerk.page, question.item_version.kind
    clerk.is_at(f"Question {question.position} of {QUESTIONS}")
    look(kind)
    numbers = key_numbers(question)
    if kind == ItemVersion.Kind.ORDERING:
        put_in_order(clerk, numbers)
    else:
        for number in numbers:
            clerk.tap(page.locator("label.opt").nth(number - 1))
    saved(clerk)
    assert page.get_by_role("link", name=f"Question {question.position}, answered").count() == 1
    if question.position < QUESTIONS:
        clerk.tap(page.get_by_role("button", name=f"Question {question.position + 1}", exact=True))


def key_numbers(question: AttemptItem) -> list[int]:
    """The numbers of the right options on the candidate's screen, in the order of the key."""
    return [question.option_order.index(option) + 1 for option in question.item_version.key]


def put_in_order(clerk: Visitor, numbers: list[int]) -> None:
    """Bring each step to its place: the first by its buttons, the others by choosing the place."""
    steps = clerk.page.get_by_role("listitem").filter(has=clerk.page.get_by_role("combobox"))
    first = clerk.page.locator(f"[data-number='{numbers[0]}']")
    up = first.get_by_role("button", name="Move up")
    while up.get_attribute("aria-disabled") != "true":
        clerk.tap(up)
        expect(up).to_be_focused()
    for place, number in enumerate(numbers, start=1):
        clerk.page.locator(f"[data-number='{number}'] select").select_option(str(place))
    keep = clerk.page.get_by_role("button", name="This order is right")
    if keep.is_visible():
        clerk.tap(keep)
    shown = [step.get_attribute("data-number") for step in steps.all()]
    assert shown == [str(number) for number in numbers]


def saved(clerk: Visitor) -> None:
    """The page says Saved only after the server said so."""
    expect(clerk.page.locator("[data-save]")).to_have_text(re.compile(r"^\s*Saved \d\d:\d\d:\d\d\s*$"))


def lose_the_window_and_come_back(clerk: Visitor, first: AttemptItem) -> None:
    clerk.page.close()
    clerk.open_window()
    clerk.open("/desk/")
    clerk.sees("The clock is running")
    clerk.follow("Continue", exact=True)
    answered = clerk.page.get_by_role("link", name=re.compile(r"^Question \d+,( flagged,)? answered$"))
    expect(answered).to_have_count(KILLED_AFTER)
    expect(clerk.page.get_by_role("link", name=f"Question {FLAGGED}, flagged, answered")).to_be_attached()
    clerk.go_by(clerk.page.get_by_role("link", name="Question 1, answered"))
    clerk.is_at(f"Question 1 of {QUESTIONS}")
    assert shown_answer(clerk, first) == key_numbers(first)


def shown_answer(clerk: Visitor, question: AttemptItem) -> list[int]:
    """The numbers that are chosen on the screen, as the key would have them: in order only where the order counts."""
    if question.item_version.kind == ItemVersion.Kind.ORDERING:
        steps = clerk.page.locator("[data-number]").all()
        return [int(step.get_attribute("data-number") or 0) for step in steps]
    chosen = [int(box.input_value()) for box in clerk.page.locator("[name=choice]:checked").all()]
    key = key_numbers(question)
    return sorted(chosen, key=lambda number: key.index(number) if number in key else QUESTIONS)


def check_and_hand_in(clerk: Visitor, last: AttemptItem) -> None:
    page = clerk.page
    clerk.follow("Check answers")
    clerk.is_at("Check answers")
    clerk.sees(f"1 of {QUESTIONS} questions has no answer.", "Flagged")
    clerk.follow(f"Answer now question {last.position}")
    answer(clerk, last, look=lambda _kind: None)
    clerk.press("Back to all answers")
    clerk.sees(f"All {QUESTIONS} questions are answered.")
    clerk.follow("Hand in answers")
    clerk.is_at("Hand in your answers?")
    clerk.press("Hand in answers")
    clerk.is_at("Your answers are handed in")
    receipt = Attempt.objects.get(person__staff_number="clerk").receipt
    clerk.sees(receipt, f"{QUESTIONS} of {QUESTIONS}")
    page.reload()
    clerk.look()
    clerk.sees(receipt)


def read_the_result(clerk: Visitor, attempt: Attempt) -> None:
    clerk.follow("See the result")
    attempt.refresh_from_db()
    assert attempt.passed
    assert attempt.score is not None
    assert attempt.score > 60
    assert attempt.level_probability is not None
    likely = f"{attempt.level_probability:.0%}".replace("%", " % likely to be the true level")
    clerk.sees(str(attempt.score), "Passed", f"Level {attempt.level}, ", likely)
    assert Evidence.objects.filter(attempt_link__attempt=attempt, person=attempt.person).count() == 2

    clerk.follow("See the certificate")
    certificate = Certificate.objects.get(attempt=attempt)
    clerk.sees(certificate.number, "周敏", "Zhou Min")
    with clerk.page.expect_download() as download:
        clerk.tap(clerk.page.get_by_role("link", name="Download the PDF"))
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    clerk.open("/competencies/")
    line = clerk.page.get_by_role("listitem").filter(has_text="One-time notice")
    expect(line).to_contain_text(re.compile(r"Holds [3-5], needs 3"))
    clerk.open("/notices/")
    clerk.sees(EXAM)
    assert Notice.objects.filter(person__staff_number="clerk", kind="certificate.issued").count() == 1
