"""The rows behind the addresses of exams that are about nobody who comes by."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assessments.models import BankChange, ExamPart
from assessments.services import mark_answer, take
from tests.factories.assessments import (
    EntitlementFactory,
    ExamFactory,
    ExamSessionFactory,
    exam_with_items,
    scored,
    started,
)
from tests.factories.calibrations import CalibrationFactory, ItemParametersFactory
from tests.factories.marking import GOOD, handed_in, open_exam, tasks_of
from tests.factories.mentors import NOW
from tests.factories.operations import JobFactory
from tests.factories.regrading import voided

if TYPE_CHECKING:
    from tests.access.world import World

Address = dict[str, Any]


def exam_rows(world: "World") -> dict[str, Address]:
    """Return what stands in the addresses of exams, banks, sessions, marking and regrades, by kind of row."""
    bank, practice = world.exam.bank, world.practice.bank
    return {
        "exam": {"code": world.exam.code},
        "fixed exam": _fixed_exam(world),
        **_exam_session(world),
        "bank": {"code": bank.code},
        "bank_change": {"pk": BankChange.objects.create(what="level", rows=[], by=world.canary, at=NOW).pk},
        **_to_judge(world),
        "item": {"bank": bank.code, "code": bank.items.first().code},
        "item to practise": {"bank": practice.code, "code": practice.items.first().code},
        "bank to calibrate": {"bank": bank.code},
        **_calibration(world),
        **_regrade(),
    }


def _fixed_exam(world: "World") -> dict[str, str]:
    exam = ExamFactory(bank=world.exam.bank, mode="fixed")
    ExamPart.objects.create(exam=exam, number=1)
    return {"code": exam.code}


def _exam_session(world: "World") -> dict[str, Address]:
    session = ExamSessionFactory(exam=world.exam)
    session.invigilators.add(world.people["invigilator"])
    place = EntitlementFactory(exam=world.exam, session=session)
    return {
        "exam session": {"pk": session.pk},
        "act in a session": {"pk": session.pk, "action": "message"},
        "exam place": {"pk": session.pk, "place": place.pk},
    }


def _calibration(world: "World") -> dict[str, Address]:
    """A calibration that waits for a decision, with one item."""
    item = world.exam.bank.items.first()
    calibration = CalibrationFactory(bank=world.exam.bank, job_id=JobFactory(done_with_file=True).pk)
    ItemParametersFactory(calibration=calibration, item_version=item.versions.get())
    return {
        "calibration": {"pk": calibration.pk},
        "calibrated item": {"pk": calibration.pk, "code": item.code},
    }


def _regrade() -> dict[str, Address]:
    """A question that somebody nobody here has to do with got wrong, and a regrade of it."""
    attempt = scored(started(exam_with_items(), at=NOW - timedelta(hours=3)), right=2)
    version = attempt.items.order_by("-position")[0].item_version
    return {
        "regraded question": {"version": version.pk},
        "regrade": {"pk": voided(version).pk},
        "result to mark anew": {"pk": attempt.pk},
    }


def _to_judge(world: "World") -> dict[str, Address]:
    """Answers of somebody nobody here has to do with: one in the marker's hand, one marked, and a card."""
    attempt = handed_in(open_exam("open", "open", "scenario"))
    first, second, card = sorted(tasks_of(attempt), key=lambda task: task.attempt_item.item_version.kind)
    judge = world.people["marker"]
    take(marker=judge, ref=first.ref, at=NOW)
    mark_answer(marker=judge, ref=second.ref, points=GOOD, at=NOW)
    return {
        "open question": {"version": second.attempt_item.item_version_id},
        "answer to mark": {"ref": first.ref},
        "answer marked": {"ref": second.ref},
        "card": {"ref": card.ref},
        "exam to release": {"code": attempt.exam.code},
        "attempt to void": {"pk": attempt.pk},
    }
