"""Exams and attempts from before there were parts."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assessments.models import AttemptItem, AttemptPart, ExamPart
from tests.assessments.parts.papers import FREE, later
from tests.factories.assessments import NOW
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import UserFactory


@pytest.mark.django_db(transaction=True)
def test_exams_and_attempts_on_record_get_one_part() -> None:
    """The migration, run on rows as they were before it."""
    person, competency = UserFactory(), CompetencyFactory()
    executor = MigrationExecutor(connection)
    before = [("assessments", "0016_exams_have_parts")]
    executor.migrate(before)
    old = executor.loader.project_state(before).apps.get_model

    def make(model: str, **facts: Any) -> Any:
        return old("assessments", model).objects.create(**facts)

    bank = make("Bank", code="bank", name={})
    exam = make(
        "Exam", code="old", title={}, bank=bank, framework_id=competency.framework_id, target_level=3, minutes=30
    )
    make("BlueprintRow", exam=exam, competency_id=competency.pk, count=1)
    place = make("Entitlement", person_id=person.pk, exam=exam, granted_at=NOW, why={})
    item = make("Item", bank=bank, code="item", competency_id=competency.pk, author_id=person.pk)
    judged = {"judged_p": 0.6, "written_at": NOW}
    version = make("ItemVersion", item=item, number=1, kind="single", stem={}, key=[], level=3, **judged)
    common = {
        "person_id": person.pk, "exam": exam, "entitlement": place, "seed": 1, "language": "en", "minutes": 30,
        "started_at": NOW, "deadline": later(30), "target_level": 3, "cuts": [],
    }  # fmt: skip
    running = make("Attempt", **common)
    ended = make("Attempt", **common | {"state": "marking", "finished_at": later(9)})
    for attempt in (running, ended):
        make(
            "AttemptItem", attempt=attempt, position=1, item_version=version, competency_id=competency.pk,
            option_order=[], a=1, b=0, b_sd=1,
        )  # fmt: skip

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("assessments"))

    part = ExamPart.objects.get(exam=exam.pk)
    assert (part.number, part.minutes, part.order, part.rows.count()) == (1, None, FREE, 1)
    facts = AttemptPart.objects.order_by("attempt").values_list(
        "attempt", "number", "opened_at", "deadline", "closed_at"
    )
    assert list(facts) == [(running.pk, 1, NOW, later(30), None), (ended.pk, 1, NOW, later(30), later(9))]
    assert all(item.part.attempt_id == item.attempt_id for item in AttemptItem.objects.select_related("part"))
