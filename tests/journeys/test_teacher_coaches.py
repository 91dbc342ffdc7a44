"""The career teacher at the counter: logs a session in a few taps, takes it back once, observes, opens a sign-off."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mentors.models import CoachingSession, EntrustmentCase, Mentorship, Observation
from tests.journeys.conftest import Arrivals
from tests.journeys.judging import judge_keyboard
from tests.journeys.visitor import Visitor
from training.competencies.models import Evidence

pytestmark = pytest.mark.journey

MOST_TAPS = 12
NEXT_STEP = "Reads the guide aloud once more before the first customer."


def test_a_teacher_coaches_and_the_mentee_confirms(arrive: Arrivals) -> None:
    teacher, mentee = arrive("teacher"), arrive("clerk")
    mentorship = Mentorship.objects.get(mentee__staff_number="clerk")
    known = set(mentorship.sessions.values_list("pk", flat=True))

    log_a_session(teacher)
    undo_it_and_save_it_again(teacher)
    taken_back, kept = mentorship.sessions.exclude(pk__in=known).order_by("pk")
    assert taken_back.withdrawn_at
    assert (kept.level, kept.minutes, kept.ratings.count()) == (3, 20, 2)
    assert kept.next_action == NEXT_STEP

    countersign(mentee, kept)
    observe(teacher, mentorship)
    propose_a_sign_off(teacher, mentorship)


def log_a_session(teacher: Visitor) -> None:
    teacher.open("/coaching/")
    page, teacher.acts = teacher.page, 0
    teacher.follow("Log a session", within=page.get_by_role("region", name="周敏"))
    teacher.is_at("Log a session")
    judge_keyboard(page)
    teacher.tap(page.get_by_text("Prompted now and then"))
    chips = page.get_by_role("group", name="What you saw").locator(".chips label")
    teacher.tap(chips.nth(0))
    teacher.tap(chips.nth(1))
    teacher.tap(page.get_by_role("group", name="How long").get_by_text("20"))
    page.get_by_label("Next step").fill(NEXT_STEP)
    teacher.press("Save session")
    teacher.sees("Session saved.")
    assert teacher.acts + 1 <= MOST_TAPS, "the words of the next step count as one"


def undo_it_and_save_it_again(teacher: Visitor) -> None:
    teacher.press("Undo")
    teacher.is_at("Log a session")
    teacher.sees("Taken back. Correct it and save it again, or leave.")
    expect(teacher.page.get_by_label("Next step")).to_have_value(NEXT_STEP)
    teacher.press("Save session")
    teacher.sees("Session saved.")


def countersign(mentee: Visitor, session: CoachingSession) -> None:
    mentee.open("/coaching/")
    to_confirm = mentee.page.get_by_role("region", name="Sessions to confirm")
    mentee.go_by(to_confirm.locator(f"a[href$='/sessions/{session.pk}/']"))
    mentee.sees(NEXT_STEP)
    mentee.tap(mentee.page.get_by_text("Yes, I agree"))
    mentee.press("Save my answer")
    mentee.sees("Your answer is saved.")
    session.refresh_from_db()
    assert session.reply == CoachingSession.Reply.AGREED
    assert session.countersigned_at


def observe(teacher: Visitor, mentorship: Mentorship) -> None:
    page = teacher.page
    teacher.follow("Record an observation")
    criteria = page.locator("fieldset.criterion")
    for criterion in criteria.all():
        teacher.tap(criterion.locator("label.opt").filter(has_text=re.compile(r"^\s*4")))
    page.get_by_label("Comment").fill("Looked through everything before naming the first gap.")
    teacher.press("Save observation")
    teacher.sees("Observation saved. It counts as evidence.", "Looked through everything before naming the first gap.")
    observation = Observation.objects.get(mentorship=mentorship, observed_on=timezone.localdate())
    assert {rating.rating for rating in observation.ratings.all()} == {4}
    assert Evidence.objects.filter(observation_link__observation=observation, person=mentorship.mentee).exists()


def propose_a_sign_off(teacher: Visitor, mentorship: Mentorship) -> None:
    page, matter = teacher.page, mentorship.matters.get(code="individual-business")
    teacher.open(f"/coaching/{mentorship.pk}/")
    teacher.follow(re.compile(f"Propose a sign-off.*{matter}"))
    teacher.tap(page.get_by_label("孙磊 Sun Lei"))
    teacher.press("Open the sign-off")
    teacher.sees("The sign-off is open, and its evidence is frozen.")
    teacher.tap(page.get_by_label("Entrust", exact=True))
    teacher.press("Save my decision")
    teacher.sees("Your decision is saved.")
    case = EntrustmentCase.objects.get(mentorship=mentorship)
    assert case.state == EntrustmentCase.State.OPEN, "one person alone signs nobody off"
    assert not mentorship.mentee.authorisations.filter(matter=matter, source_path__contains=str(case.pk)).exists()
