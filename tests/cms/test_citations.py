"""Who depends on a clause, and the list of what cites a text that is no longer so."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import ItemCitation
from cms.queries import citing, dependents_of
from courses.models import Unit, UnitCitation, UnitVersion
from mentors.models import CriterionCitation
from tests.cms.conftest import browser
from tests.factories.assessments import exam_with_items
from tests.factories.authorisations import AuthorisationFactory
from tests.factories.cms import approve, course_page, lesson_page, policy_page
from tests.factories.courses import CourseFactory
from tests.factories.matters import a_clause, matter_draft, texts
from tests.factories.mentors import NOW, TODAY, RubricFactory
from tests.factories.people import DepartmentFactory, RoleGrantFactory, UserFactory
from training.matters.models import ClauseVersion
from training.matters.queries import CitationState
from training.matters.services import freeze_matter

pytestmark = pytest.mark.django_db


def cited_everywhere(clause: ClauseVersion) -> Any:
    """Cite a clause in a lesson, two items, a matter and a criterion; return the matter."""
    course = CourseFactory()
    UnitCitation.objects.create(
        unit_version=UnitVersion.objects.filter(course_version__course=course).first(), clause_version=clause
    )
    exam = exam_with_items()
    for item in exam.bank.items.all()[:2]:
        ItemCitation.objects.create(item_version=item.versions.get(), clause_version=clause)
    matter = matter_draft(cites=(clause,))
    freeze_matter(matter, by=None, at=NOW)
    CriterionCitation.objects.create(criterion=RubricFactory().criteria.first(), clause_version=clause)
    return matter


def reworded(clause: ClauseVersion, grade: str) -> ClauseVersion:
    newer = a_clause(clause.number + 1, of=clause.clause, text=f"Sign within {clause.number} hours.")
    ClauseVersion.objects.filter(pk=newer.pk).update(grade=grade)
    return newer


def test_everything_that_rests_on_a_clause_is_in_one_view(editors: SimpleNamespace) -> None:
    clause = a_clause()
    matter = cited_everywhere(clause)
    holder = AuthorisationFactory(matter=matter, starts_on=TODAY, practised_on=TODAY).person
    examiner = UserFactory(examiner=True)
    found = dependents_of(clause.clause, examiner, TODAY)
    assert [len(rows) for rows in (found.lessons, found.items, found.matters, found.criteria)] == [1, 2, 1, 1]
    assert (found.items_count, found.exams_count, len(found.exams), found.people_count) == (2, 1, 1, 1)
    assert found.people == []
    head = UserFactory()
    RoleGrantFactory(person=head, role="head", department=holder.department)
    assert [person.pk for person in dependents_of(clause.clause, head, TODAY).people] == [holder.pk]


def test_editors_learn_how_many_items_but_not_which(editors: SimpleNamespace) -> None:
    clause = a_clause()
    cited_everywhere(clause)
    found = dependents_of(clause.clause, editors.editor, TODAY)
    assert (list(found.items), found.items_count, list(found.exams), found.exams_count) == ([], 2, [], 1)
    address = f"/policies/{clause.clause.policy.slug}/clauses/{clause.clause.uid}/dependents/"
    shown = browser(editors.editor).get(address).content.decode()
    assert "2 items cite it" in shown
    assert "/exams/bank/" not in shown
    assert browser(UserFactory()).get(address).status_code == 403


@pytest.mark.parametrize(
    ("grade", "state", "is_stale"),
    [
        ("retrain", CitationState.STALE, True),
        ("notice", CitationState.CHANGED, False),
        ("editorial", CitationState.CHANGED, False),
    ],
)
def test_what_a_change_makes_of_a_citation(editors: SimpleNamespace, grade: str, state: str, is_stale: bool) -> None:
    clause = a_clause()
    cited_everywhere(clause)
    assert citing(editors.editor, only_old=True) == []
    reworded(clause, grade)
    rows = citing(editors.editor, only_old=True)
    assert {row.kind for row in rows} == {"lesson", "matter", "criterion"}
    assert {(row.state, row.is_stale) for row in rows} == {(state, is_stale)}


def test_a_retraining_that_a_small_change_follows_stays_one(editors: SimpleNamespace) -> None:
    clause = a_clause()
    cited_everywhere(clause)
    reworded(reworded(clause, "retrain"), "editorial")
    assert {row.state for row in citing(editors.editor, only_old=True)} == {CitationState.STALE}


def test_a_clause_left_out_is_gone(editors: SimpleNamespace) -> None:
    clause = a_clause()
    cited_everywhere(clause)
    a_clause(2, of=type(clause.clause).objects.create(policy=clause.clause.policy, uid=clause.clause.policy.uid))
    assert {row.state for row in citing(editors.editor, only_old=True)} == {CitationState.GONE}


def test_the_list_is_filtered_and_leads_to_where_it_is_mended(editors: SimpleNamespace) -> None:
    clause = a_clause()
    matter = cited_everywhere(clause)
    reworded(clause, "retrain")
    client = browser(editors.editor)
    shown = client.get("/citations/").content.decode()
    assert f"/cms/snippets/matters/servicematter/edit/{matter.pk}/" in shown
    assert "3 citations" in shown
    assert "Items are listed for examiners." in shown
    assert "1 citation" in client.get("/citations/?kind=matter").content.decode()
    assert "0 citations" in client.get("/citations/?state=gone").content.decode()
    assert "0 citations" in client.get("/citations/?kind=item").content.decode()
    assert "1 citation" in client.get(f"/citations/?owner={matter.department.name['en']}").content.decode()
    examiner = UserFactory(examiner=True)
    assert "5 citations" in browser(examiner).get("/citations/").content.decode()


def test_it_costs_the_same_for_one_and_for_many(editors: SimpleNamespace) -> None:
    def queries(clause: ClauseVersion) -> int:
        address = f"/policies/{clause.clause.policy.slug}/clauses/{clause.clause.uid}/dependents/"
        client = browser(UserFactory(examiner=True))
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few, many = a_clause(), a_clause()
    cited_everywhere(few)
    department = DepartmentFactory()
    for number in range(12):
        matter = matter_draft(code=f"m{number}", name=texts(f"Matter {number}"), cites=(many,), department=department)
        freeze_matter(matter, by=None, at=NOW)
        AuthorisationFactory(matter=matter, starts_on=TODAY, practised_on=TODAY)
    UnitCitation.objects.create(unit_version=UnitVersion.objects.first(), clause_version=many)
    for citation in ItemCitation.objects.filter(clause_version=few):
        ItemCitation.objects.create(item_version=citation.item_version, clause_version=many)
    CriterionCitation.objects.create(criterion=CriterionCitation.objects.get().criterion, clause_version=many)
    assert queries(few) == queries(many)


def test_the_forms_of_editors_mark_what_is_old(editors: SimpleNamespace) -> None:
    clause = a_clause()
    matter = cited_everywhere(clause)
    course = course_page(by=editors.editor, slug="marked")
    lesson = lesson_page(course, by=editors.editor)
    Unit.objects.filter(versions__citations__clause_version=clause).update(uid=lesson.translation_key)
    client = browser(editors.editor)
    forms = (f"/cms/pages/{lesson.pk}/edit/", f"/cms/snippets/matters/servicematter/edit/{matter.pk}/")
    for address in forms:
        assert "Cited clauses to look at" not in client.get(address).content.decode()
    reworded(clause, "retrain")
    for address in forms:
        assert "Cited clauses to look at: Article 1 (stale)." in client.get(address).content.decode()


def test_the_editor_of_a_policy_leads_to_its_clauses(editors: SimpleNamespace) -> None:
    page = approve(policy_page(by=editors.editor), editors=editors)
    shown = browser(editors.editor).get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert "/policies/queues/" in shown
    assert "Clauses and who depends on them" in shown
