"""Practising, answer by answer."""

from assessments import services
from assessments.models import Exam, PracticeQuestion, PracticeRun
from assessments.scoring import marking
from tests.factories.assessments import NOW
from training.people.models import User

SECRET = "KEY-7f3"


def run_of(person: User, exam: Exam) -> PracticeRun:
    return services.start_practice(person=person, exam=exam, at=NOW, seed=5)


def right(question: PracticeQuestion) -> marking.Seen:
    """The full answer to a question as its person sees it."""
    version = question.item_version
    one = version.kind in ("single", "true_false")
    return marking.as_seen(version.shape, question.option_order, version.key[0] if one else version.key)


def wrong(question: PracticeQuestion) -> marking.Seen:
    version = question.item_version
    ids = [option["id"] for option in version.options]
    if version.kind == "ordering":
        return marking.as_seen(version.shape, question.option_order, [*version.key[1:], version.key[0]])
    other = next(ident for ident in ids if ident not in version.key)
    return marking.as_seen(version.shape, question.option_order, [other] if version.kind == "multiple" else other)


def check(question: PracticeQuestion, value: marking.Seen, tries: int = 0) -> PracticeQuestion:
    run = question.run
    return services.check_answer(
        person=run.person, run_id=run.pk, position=question.position, tries=tries, value=value, at=NOW
    )


def address(run: PracticeRun, position: int) -> str:
    return f"/exams/practice/{run.pk}/{position}/"
