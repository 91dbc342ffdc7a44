"""An examiner starts a calibration, watches one, reads what was found, accepts it; in both languages."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Calibration, Exam, ItemParameters, ItemVersion
from tests.factories.calibrations import CalibrationFactory, ItemParametersFactory, World, answered_by
from tests.factories.operations import JobFactory
from tests.journeys.conftest import Arrivals
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.journey

HOME = "/exams/bank/calibrations/"


def much_sat() -> World:
    """The demo's bank after 140 more people have answered its single choices."""
    exam = Exam.objects.get(code="service-rules")
    versions = list(ItemVersion.objects.filter(item__bank=exam.bank, kind="single").select_related("item")[:16])
    world = World(exam, versions, np.ones(16), np.linspace(-2, 1.5, 16))
    answered_by(world, 140, at=timezone.now() - timedelta(days=3))
    return world


def test_an_examiner_calibrates_the_bank(arrive: Arrivals) -> None:
    world = much_sat()
    examiner = arrive("examiner")
    examiner.open("/exams/bank/")
    examiner.follow("Calibrations")
    examiner.is_at("Calibrations")
    examiner.follow("Start a calibration")
    examiner.sees("What there is in this period")
    examiner.press("Start", exact=True)

    examiner.is_at("Calibration: Service rules")
    examiner.sees("Waits for a decision", "Who would have come out differently")
    calibration = Calibration.objects.order_by("-pk").first()
    code = world.versions[0].item.code
    examiner.follow(code, exact=True)
    examiner.sees("Chance to answer right", "People of like ability", "What each option does")
    expect(examiner.page.get_by_role("img", name="Chance to answer right, by ability")).to_be_visible()
    examiner.follow("Calibration: Service rules")
    examiner.follow("Accept…")
    examiner.sees("What happens")
    examiner.press("Accept for papers from now on")
    examiner.sees("Papers made since then are scored by these parameters.")

    assert ItemParameters.objects.in_force().filter(calibration=calibration).count() > 5
    assert AuditEvent.objects.filter(action="assessments.calibration_accepted", subject_id=str(calibration.pk)).exists()


def test_progress_comes_by_itself_and_a_chinese_reader_rejects(arrive: Arrivals) -> None:
    examiner = User.objects.get(staff_number="examiner")
    bank = Exam.objects.get(code="service-rules").bank
    job = JobFactory(running=True, started_by_id=examiner.pk, queued_at=timezone.now(), done=20, total=100)
    calibration = CalibrationFactory(at_work=True, bank=bank, asked_by=examiner, job_id=job.pk)
    row = ItemParametersFactory(
        calibration=calibration,
        item_version=ItemVersion.objects.filter(item__bank=bank, kind="single").first(),
        troubles=["negative", "misfit"],
        rank=0,
    )
    User.objects.filter(pk=examiner.pk).update(language="zh-hans")
    reader = arrive("examiner", reads="zh-hans")
    reader.open(f"{HOME}{calibration.pk}/")
    reader.sees("20 %")
    Job.objects.filter(pk=job.pk).update(done=60)
    reader.sees("60 %")
    with reader.arriving():
        Job.objects.filter(pk=job.pk).update(state="done", done=100)
        Calibration.objects.filter(pk=calibration.pk).update(state="ready", finished_at=timezone.now(), attempts=140)
    reader.sees("待决定", "弱者反而答对")
    reader.follow(row.item_version.item.code, exact=True)
    reader.sees("答对的概率", "能力相近的人群")
    reader.follow("题目标定：")
    reader.follow("否决")
    reader.page.get_by_label("原因").fill("三月份泄题。")
    reader.press("否决")
    reader.sees("三月份泄题。")
    reader.press("撤回决定")
    reader.sees("待决定")
