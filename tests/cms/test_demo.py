"""The demo centre: the same day and number make the same rows, and every part of the story has some."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from assessments.models import Attempt, Exam, ExamSession, Item, MarkingTask
from cms.demo.build import build
from courses.models import CourseVersion, Enrolment
from mentors.models import CriterionCitation, EntrustmentCase, Mentorship, PairingRound
from tests.test_architecture import FLOORS
from training.authorisations.models import Authorisation
from training.certificates.models import Certificate
from training.competencies.models import Proficiency
from training.matters.models import BundleVersion, MatterVersion, PolicyVersion
from training.people.models import Centre, User

TODAY = date(2026, 11, 23)
# Keys of rows differ from run to run on a database that never hands out a number twice.
TECHNICAL = (models.AutoField, models.ForeignKey, models.UUIDField)


class BuiltOnce(Exception):
    """Takes the first build back."""


def told(model: type[models.Model]) -> Counter[tuple[str, ...]]:
    """Return a model's rows without their keys, as often as each occurs."""
    fields = [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, TECHNICAL) and not _is_key(field)
    ]
    if not fields:  # a row of keys only: how many there are is all it tells
        return Counter({(): model._base_manager.count()})
    return Counter(tuple(map(_by_chance_aside, row)) for row in model._base_manager.values_list(*fields))


def _by_chance_aside(value: Any) -> str:
    """A password that opens nothing is a mark and chance, by Django's own doing."""
    text = str(value)
    return UNUSABLE_PASSWORD_PREFIX if text.startswith(UNUSABLE_PASSWORD_PREFIX) else text


def _is_key(field: Any) -> bool:
    return field.name.endswith("_id") or field.name in {
        "latest_revision",
        "evidence_pack",
        "salt",
        "sections",
        "decided_by",
    }


def our_rows() -> Iterator[tuple[str, Counter[tuple[str, ...]]]]:
    for label in FLOORS:
        if label == "cms":  # pages carry Wagtail's own timestamps
            continue
        for model in apps.get_app_config(label).get_models():
            yield model._meta.label, told(model)


def restart_numbering() -> None:
    """Let the next rows have the numbers of the first ones: receipts and addresses tell them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)


@pytest.mark.django_db
def test_the_same_day_and_number_make_the_same_rows() -> None:
    steps: list[str] = []
    restart_numbering()
    try:
        with transaction.atomic():
            build(number=60, today=TODAY, say=steps.append)
            first = dict(our_rows())
            raise BuiltOnce
    except BuiltOnce:
        assert not Centre.objects.exists()
    restart_numbering()
    build(number=60, today=TODAY, say=steps.append)
    second = dict(our_rows())
    assert {label for label in first if first[label] != second[label]} == set()
    assert steps[: len(steps) // 2] == steps[len(steps) // 2 :]
    it_is_believable()
    it_holds_content_and_exams_of_every_kind()


def it_is_believable() -> None:
    """Asked of the rows of the one build, which takes long."""
    assert User.objects.active().count() == 60
    assert {row.staff_number for row in User.objects.exclude(staff_number__startswith="2")} == {
        "clerk", "clerk2", "teacher", "teacher2", "hr", "editor", "reviewer", "examiner", "invigilator", "marker",
        "head", "director", "auditor", "admin",
    }  # fmt: skip
    assert User.objects.get(staff_number="clerk").check_password("demo")
    assert Certificate.objects.filter(mentorship=None).exists()
    assert Certificate.objects.exclude(mentorship=None).exists()
    assert {row.state for row in PairingRound.objects.all()} == {"solved", "published"}
    assert {row.state for row in EntrustmentCase.objects.all()} == {"open", "granted"}
    assert Mentorship.objects.filter(outcome="completed").exists()
    for model in (Authorisation, Enrolment, Proficiency):
        assert model.objects.count() > 20


def it_holds_content_and_exams_of_every_kind() -> None:
    assert (PolicyVersion.objects.count(), MatterVersion.objects.count(), BundleVersion.objects.count()) == (9, 16, 1)
    assert [version.units.count() for version in CourseVersion.objects.all()] == [5] * 7
    revised = CourseVersion.objects.get(number=2)
    shown = [
        block["type"] for unit in revised.units.all() for part in unit.sections["zh-hans"] for block in part["blocks"]
    ]
    assert (revised.course.slug, shown.count("change"), shown.count("figure")) == (
        "residence-registration-window",
        1,
        1,
    )
    assert not revised.course.enrolments.filter(completed_at=None).exclude(version=revised).exists()
    assert {row.criterion.rubric.code for row in CriterionCitation.objects.all()} >= {"telling-once"}
    coming = PolicyVersion.objects.get(effective_from__gt=TODAY)
    assert (coming.policy.slug, coming.number) == ("residence-handling-rules", 2)
    assert set(coming.issuer) == {"en", "zh-hans"}
    assert Item.objects.filter(bank__code="service-rules", state=Item.State.LIVE).count() == 40
    assert Item.objects.filter(bank__code="window-matters", state=Item.State.LIVE).count() == 50
    assert set(Attempt.objects.values_list("state", "passed")) == {
        ("scored", True), ("scored", False), ("marked", None), ("marking", None),
    }  # fmt: skip
    assert Exam.objects.get(mode=Exam.Mode.FIXED, is_open=True).chosen.count() == 10
    waiting = MarkingTask.objects.filter(attempt_item__attempt__exam__second_marking="always", done_at=None)
    assert {task.marks.count() for task in waiting} == {0, 1}, "some wait for the second marker, some for both"
    assert ExamSession.objects.filter(places__isnull=False).count() >= 2


@pytest.mark.django_db
def test_a_centre_is_never_built_over() -> None:
    Centre.objects.create(pk=1, name={"en": "A real centre"}, short_name={}, code="RC")
    with pytest.raises(CommandError, match="a centre in this database already"):
        call_command("build_demo", stdout=StringIO())
    assert str(Centre.load()) == "A real centre"


def test_production_knows_no_demo(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="only under demo settings"):
        call_command("build_demo", stdout=StringIO())
