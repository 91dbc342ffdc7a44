"""Rubrics: written by examiners and HR of the whole centre, resting on clauses, kept as people were rated by them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mentors import services
from mentors.models import Criterion, Rubric
from mentors.queries.rubrics import criteria_of
from tests.factories.matters import a_clause
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, RubricFactory, observed
from tests.factories.people import DepartmentFactory, UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def examiner(client: Client) -> Any:
    person = UserFactory(examiner=True)
    client.force_login(person)
    return person


def told(**more: Any) -> dict[str, Any]:
    """Return what the form of a criterion sends."""
    steps = {f"step_{step}_en": f"Looks like {step}" for step in range(1, 6)}
    return {"code": "greeting", "name_en": "Greets", "chip_en": "Hello", **steps, "action": "save", **more}


def page(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(f"mentors:{name}", args=args)).content.decode()


class TestWriting:
    def test_a_rubric_and_a_criterion_that_cites_a_clause(self, client: Client, examiner: Any) -> None:
        competency, clause = RubricFactory().competency, a_clause()
        facts = {"code": "at-the-window", "name_en": "At the window", "competency": competency.code}
        assert client.post(reverse("mentors:new_rubric"), facts).status_code == 302
        url = reverse("mentors:new_criterion", args=["at-the-window"])
        word = clause.text["en"].split()[0]
        looked = client.post(url, told(action="find", clause=word, name_en="")).content.decode()
        assert f'name="cites" value="{clause.pk}"' in looked
        assert "Looks like 3" in looked
        assert "There is a problem" not in looked
        assert not Criterion.objects.filter(code="greeting").exists()
        assert client.post(url, told(cites=[clause.pk])).status_code == 302
        row = Criterion.objects.get(code="greeting")
        assert row.anchors["3"] == {"en": "Looks like 3"}
        assert [one.clause_version for one in row.citations.all()] == [clause]
        shown = page(client, "rubric", "at-the-window")
        assert clause.text["en"] in shown
        assert "Looks like 5" in shown
        assert set(AuditEvent.objects.values_list("action", flat=True)) >= {
            "mentors.rubric_made",
            "mentors.criterion_added",
        }

    def test_what_is_missing_or_taken_is_refused(self, client: Client, examiner: Any) -> None:
        rubric = RubricFactory(code="known")
        new = {"code": "known", "name_en": "X", "competency": rubric.competency.code}
        assert "Another rubric has this code." in client.post(reverse("mentors:new_rubric"), new).content.decode()
        refused = client.post(reverse("mentors:new_rubric"), {**new, "code": "new"})
        assert (refused.status_code, Rubric.objects.count()) == (400, 1)
        url = reverse("mentors:new_criterion", args=["known"])
        assert client.post(url, told(step_4_en="")).status_code == 400
        assert "Another criterion" in client.post(url, told(code="criterion-1")).content.decode()
        assert rubric.criteria.count() == 4

    def test_a_citation_is_taken_anew_and_let_go(self, client: Client, examiner: Any) -> None:
        row, old = RubricFactory().criteria.get(position=1), a_clause()
        newer = a_clause(old.number + 1, of=old.clause, text="Sign within two days.")
        url = reverse("mentors:change_criterion", args=[row.rubric.code, row.code])
        client.post(url, told(cites=[old.pk]))
        (view,) = [one for one in criteria_of(row.rubric, on=TODAY) if one.criterion == row]
        assert view.cited[0].is_old
        client.post(url, told(cites=[old.pk, newer.pk]))
        assert [one.clause_version for one in row.citations.all()] == [newer]
        client.post(url, told())
        assert not row.citations.exists()
        assert AuditEvent.objects.filter(action="mentors.criterion_changed").count() == 3


class TestWhatPeopleWereRatedBy:
    def test_its_steps_and_its_competency_stay(self, client: Client, examiner: Any) -> None:
        rubric, other = RubricFactory(), RubricFactory()
        observed(MentorshipFactory(), rubric, 3, 3, 3, 3)
        row = rubric.criteria.get(position=1)
        before = row.anchors
        url = reverse("mentors:change_criterion", args=[rubric.code, row.code])
        form = client.get(url).content.decode()
        assert "they stay as they are" in form
        assert "step_1" not in form
        assert client.post(url, {"name_en": "Better said", "chip_en": "C", "action": "save"}).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.anchors) == ({"en": "Better said"}, before)
        facts = {"criterion": row, "name": row.name, "chip": row.chip, "clauses": [], "by": examiner, "at": NOW}
        with pytest.raises(services.CoachingError, match="rated by these steps"):
            services.change_criterion(**facts, anchors={"1": {"en": "Other"}})
        change = reverse("mentors:change_rubric", args=[rubric.code])
        refused = client.post(change, {"name_en": "N", "competency": other.competency.code})
        assert "stays with its competency" in refused.content.decode()
        assert client.post(change, {"name_en": "N", "competency": rubric.competency.code}).status_code == 302
        assert AuditEvent.objects.filter(action="mentors.rubric_changed").count() == 1


class TestWhoMay:
    def test_hr_of_a_department_reads_and_does_not_write(self, client: Client) -> None:
        rubric, department = RubricFactory(), DepartmentFactory()
        hr = UserFactory(hr=True)
        client.force_login(hr)
        assert reverse("mentors:new_rubric") in page(client, "rubrics")
        hr.role_grants.update(department=department)
        client.force_login(UserFactory._meta.model.objects.get(pk=hr.pk))
        assert reverse("mentors:new_rubric") not in page(client, "rubrics")
        assert client.get(reverse("mentors:new_rubric")).status_code == 403
        assert client.post(reverse("mentors:change_rubric", args=[rubric.code])).status_code == 403

    def test_who_observes_opens_the_clause_beside(self, client: Client) -> None:
        mentorship, rubric, clause = MentorshipFactory(), RubricFactory(), a_clause()
        empty = RubricFactory()
        empty.criteria.all().delete()
        rubric.criteria.get(position=2).citations.create(clause_version=clause)
        client.force_login(mentorship.teacher.person)
        shown = client.get(reverse("mentors:observe", args=[mentorship.pk])).content.decode()
        assert clause.text["en"] in shown
        assert f"rubric={empty.code}" not in shown


def test_the_page_costs_the_same_however_many_criteria(client: Client, django_assert_num_queries: Any) -> None:
    few, many = RubricFactory(criteria=1), RubricFactory(criteria=30)
    for rubric in (few, many):
        for row in rubric.criteria.all():
            row.citations.create(clause_version=a_clause())
    with django_assert_num_queries(3):
        criteria_of(few, on=TODAY + timedelta(days=1))
    with django_assert_num_queries(3):
        criteria_of(many, on=TODAY + timedelta(days=1))


@pytest.mark.parametrize(("elsewhere", "number"), [(False, "1 observation"), (True, "0 observations")])
def test_what_was_observed_elsewhere_is_not_counted(client: Client, elsewhere: bool, number: str) -> None:
    person, rubric = UserFactory(), RubricFactory()
    observed(MentorshipFactory(mentee=UserFactory() if elsewhere else person), rubric, 3)
    client.force_login(person)
    for name, args in (("rubrics", ()), ("rubric", (rubric.code,))):
        assert number in page(client, name, *args)
