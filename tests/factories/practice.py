"""A practice exam of a practice bank, whose items cite a clause in force."""

from typing import Any

from assessments.models import Exam, ItemCitation
from assessments.services import open_exam
from tests.factories.assessments import (
    KINDS,
    NOW,
    BankFactory,
    ExamFactory,
    ItemFactory,
    ItemVersionFactory,
    blueprint_row,
)
from tests.factories.competencies import CompetencyFactory
from training.matters.models import ClauseVersion


def practice_exam(
    *traits: str, items: int = 6, asked: int = 4, cites: ClauseVersion | None = None, **facts: Any
) -> Exam:
    """Return an open practice exam that asks `asked` of `items` questions, or each of these kinds once."""
    exam = ExamFactory(bank=BankFactory(for_practice=True), mode=Exam.Mode.PRACTICE, **facts)
    competency = CompetencyFactory(framework=exam.framework)
    kinds = [{trait: True} for trait in traits] or [KINDS[number % len(KINDS)] for number in range(items)]
    blueprint_row(exam, competency, len(traits) or asked)
    for kind in kinds:
        item = ItemFactory(bank=exam.bank, competency=competency)
        version = ItemVersionFactory(item=item, **kind)
        if cites:
            ItemCitation.objects.create(item_version=version, clause_version=cites)
    open_exam(exam=exam, by="test", at=NOW)
    return exam
