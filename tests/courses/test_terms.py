"""What a course asks for first, and how long having finished it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Course, Enrolment, TrainingRequirement
from courses.queries import todo
from courses.queries.required import Who
from courses.queries.terms import comes_first, counts_until
from courses.rules import due_day, expires_on, leads_to
from courses.services.learning import OthersFirst, assign, enrol, finish_section
from courses.services.requiring import RequiringError, keep_up, make_rule
from courses.services.terms import set_terms
from tests.factories.courses import CourseFactory
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)


class TestRules:
    @pytest.mark.parametrize(
        ("finished", "months", "until"),
        [
            (date(2026, 1, 15), 12, date(2027, 1, 15)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
        ],
    )
    def test_a_completion_counts_to_the_same_day_of_a_month_or_its_last(
        self, finished: date, months: int, until: date
    ) -> None:
        assert expires_on(finished, months) == until

    def test_a_circle_is_found_however_long(self) -> None:
        graph = {1: [2, 3], 2: [4], 4: [5], 5: []}
        assert leads_to(graph, 1, 5)
        assert leads_to(graph, 3, 3)
        assert not leads_to(graph, 5, 1)
        assert not leads_to({1: [2], 2: [1]}, 1, 3)

    def test_who_comes_after_the_day_has_time(self) -> None:
        assert due_day(due_on=TODAY, due_days=None, since=TODAY) == TODAY
        late = due_day(due_on=TODAY - timedelta(days=1), due_days=None, since=TODAY)
        assert late == TODAY + timedelta(days=30)

    def test_what_runs_out_is_due_when_it_does(self) -> None:
        until = TODAY + timedelta(days=20)
        assert due_day(due_on=None, due_days=5, since=TODAY, expires=until) == until
        assert due_day(due_on=None, due_days=5, since=TODAY, expires=TODAY - timedelta(days=1)) == date(2026, 11, 7)


def finish(person: User, course: Course, at: datetime) -> Enrolment:
    enrolment = enrol(person=person, course=course, by=person, at=at)
    for unit in enrolment.version.units.all():
        for number in range(1, len(unit.section_ids()) + 1):
            finish_section(enrolment=enrolment, unit=unit, number=number, at=at)
    enrolment.refresh_from_db()
    return enrolment


def terms(course: Course, *before: Course, months: int | None = None) -> None:
    set_terms(course=course, prerequisites=before, valid_months=months, by=UserFactory(hr=True), at=NOW)
    course.refresh_from_db()


@pytest.mark.django_db
class TestMyWork:
    def test_a_course_that_waits_leads_to_what_comes_first(self) -> None:
        third, second, first, person = CourseFactory(), CourseFactory(), CourseFactory(), UserFactory()
        terms(third, second)
        terms(second, first)
        assign(person=person, course=third, why={"en": "New here."}, due_on=NOW.date(), by=person, at=NOW)

        def told() -> tuple[str, str, str]:
            (line,) = [one for one in todo(person=person, language="en", today=NOW.date()) if third.slug in one.title]
            return line.why, line.url, line.action

        assert told() == (
            f"First finish: Title of {second.slug}. New here.",
            reverse("courses:course", args=[first.slug]),
            "Go to what comes first",
        )
        finish(person, first, NOW)
        assert told()[1] == reverse("courses:course", args=[second.slug])
        finish(person, second, NOW)
        assert told() == ("New here.", reverse("courses:course", args=[third.slug]), "Begin")

    def test_what_counts_no_more_comes_first_again(self) -> None:
        second, first, person = CourseFactory(), CourseFactory(valid_months=6), UserFactory()
        terms(second, first)
        finish(person, first, NOW - timedelta(days=300))
        (told,) = comes_first([second], person, today=NOW.date()).values()
        assert (told.missing, told.start) == ([first], first)


@pytest.mark.django_db
class TestOthersFirst:
    def test_a_course_is_begun_once_what_it_asks_for_is_finished(self) -> None:
        first, second, person = CourseFactory(), CourseFactory(), UserFactory()
        terms(second, first)
        with pytest.raises(OthersFirst, match=f"Title of {first.slug}"):
            enrol(person=person, course=second, by=person, at=NOW)
        finish(person, first, NOW)
        assert enrol(person=person, course=second, by=person, at=NOW).course == second

    def test_what_no_longer_counts_opens_nothing(self) -> None:
        first, second, person = CourseFactory(), CourseFactory(), UserFactory()
        finish(person, first, NOW - timedelta(days=400))
        terms(first, months=12)
        terms(second, first)
        with pytest.raises(OthersFirst):
            enrol(person=person, course=second, by=person, at=NOW)

    def test_whoever_has_begun_goes_on(self) -> None:
        first, second, person = CourseFactory(), CourseFactory(), UserFactory()
        begun = enrol(person=person, course=second, by=person, at=NOW)
        terms(second, first)
        assert enrol(person=person, course=second, by=person, at=NOW) == begun

    def test_a_circle_is_refused(self) -> None:
        one, two, three = CourseFactory(), CourseFactory(), CourseFactory()
        terms(two, one)
        terms(three, two)
        for before in ([three], [one]):
            with pytest.raises(RequiringError, match="never begin"):
                terms(one, *before)
        assert not one.prerequisites.exists()
        assert AuditEvent.objects.filter(action="courses.terms_set").count() == 2

    def test_the_page_names_them_and_has_no_button(self, client: Client) -> None:
        first, second, person = CourseFactory(), CourseFactory(), UserFactory()
        terms(second, first, months=24)
        client.force_login(person)
        url = reverse("courses:course", args=[second.slug])
        shown = client.get(url).content.decode()
        assert "Finish these first" in shown
        assert "24 months" in shown
        assert "Begin the course" not in shown
        refused = client.post(reverse("courses:enrol", args=[second.slug]), follow=True)
        assert refused.redirect_chain[-1][0] == url
        assert not Enrolment.objects.exists()
        finish(person, first, NOW)
        assert "Begin the course" in client.get(url).content.decode()


@pytest.mark.django_db
class TestRenewal:
    def test_it_is_asked_for_again_sixty_days_before_it_runs_out_and_the_record_stays(self) -> None:
        course, person = CourseFactory(), UserFactory()
        finish(person, course, NOW)
        terms(course, months=12)
        until = date(2027, 11, 2)
        assert counts_until(course, person) == until
        facts = {"kind": "recertification", "who": Who(people=[person]), "due_days": 10, "by": UserFactory(hr=True)}
        make_rule(course=course, at=NOW, **facts)
        keep_up(at=NOW + timedelta(days=300))
        assert not person.requirements.exists()
        soon = NOW + timedelta(days=306)
        keep_up(at=soon)
        keep_up(at=soon + timedelta(days=200))
        line = person.requirements.get()
        assert (line.state, line.due_on) == (TrainingRequirement.State.OPEN, until)
        again = finish(person, course, soon)
        line.refresh_from_db()
        assert line.state == TrainingRequirement.State.DONE
        assert counts_until(course, person) == expires_on(soon.date(), 12)
        assert Enrolment.objects.filter(person=person, completed_at__isnull=False).count() == 2
        assert again.version == course.versions.get()
        keep_up(at=soon + timedelta(days=1))
        assert person.requirements.count() == 1

    def test_nobody_without_a_rule_is_asked_again(self) -> None:
        course, person = CourseFactory(), UserFactory()
        finish(person, course, NOW)
        terms(course, months=1)
        keep_up(at=NOW + timedelta(days=90))
        assert not person.requirements.exists()


@pytest.mark.django_db
def test_hr_of_the_whole_centre_sets_the_terms(client: Client) -> None:
    first, second = CourseFactory(), CourseFactory()
    client.force_login(UserFactory(hr=True))
    url = reverse("courses:course_terms", args=[second.slug])
    assert url in client.get(reverse("courses:terms")).content.decode()
    client.post(url, {"prerequisites": [first.slug], "valid_months": "24"})
    second.refresh_from_db()
    assert (list(second.prerequisites.all()), second.valid_months) == ([first], 24)
    refused = client.post(reverse("courses:course_terms", args=[first.slug]), {"prerequisites": [second.slug]})
    assert "never begin" in refused.content.decode()
    part = UserFactory(hr=True, hr_grant__department=UserFactory().department)
    client.force_login(part)
    assert client.get(url).status_code == 403
