"""Rules of required training: who comes under them has a line, who leaves them before beginning has none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Assignment, Course, Enrolment, TrainingRequirement
from courses.queries.required import Who, covered, foreseen
from courses.services.learning import NotOffered, assign, enrol, finish_section
from courses.services.requiring import RequiringError, end_rule, keep_up, make_rule, waive
from tests.factories.authorisations import AuthorisationFactory
from tests.factories.courses import CourseFactory
from tests.factories.matters import matter_draft
from tests.factories.people import DepartmentFactory, PositionFactory, PostingFactory, UserFactory, WindowFactory
from training.matters.models import WindowMatter
from training.matters.services import freeze_matter
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people import services as people
from training.people.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
State = TrainingRequirement.State


def rule(course: Course | None = None, *, at: datetime = NOW, who: Who | None = None, **facts: Any) -> Assignment:
    facts = {"due_on": TODAY + timedelta(days=30), **facts} if "due_days" not in facts else facts
    kind = facts.pop("kind", Assignment.Why.ONBOARDING)
    hr = facts.pop("by", None) or UserFactory(hr=True)
    return make_rule(course=course or CourseFactory(), kind=kind, who=who or Who(), by=hr, at=at, **facts)


def lines_of(person: User) -> list[tuple[str, date]]:
    return list(person.requirements.order_by("pk").values_list("state", "due_on"))


def finish(person: User, course: Course, at: datetime = NOW) -> None:
    enrolment = enrol(person=person, course=course, by=person, at=at)
    for unit in enrolment.version.units.all():
        for number in range(1, len(unit.section_ids()) + 1):
            finish_section(enrolment=enrolment, unit=unit, number=number, at=at)


class TestWhoIsCovered:
    def test_a_department_means_all_below_it_and_those_posted_there(self) -> None:
        top = DepartmentFactory()
        below = DepartmentFactory(parent=top)
        there, in_it = UserFactory(department=below), UserFactory(department=top)
        posted, _elsewhere = UserFactory(), UserFactory()
        PostingFactory(person=posted, department=below)
        assert set(covered(Who(department=top), today=TODAY)) == {there, in_it, posted}

    def test_all_conditions_must_hold(self) -> None:
        department, position = DepartmentFactory(), PositionFactory()
        both, other = UserFactory(department=department), UserFactory(department=department)
        PostingFactory(person=both, position=position)
        PostingFactory(person=other)
        PostingFactory(person=UserFactory(), position=position)
        assert list(covered(Who(department=department, position=position), today=TODAY)) == [both]

    def test_a_matter_means_whoever_stands_at_a_window_that_serves_it(self) -> None:
        matter, window = matter_draft(), WindowFactory()
        WindowMatter.objects.create(window=window, matter=matter, starts_on=TODAY)
        serving = PostingFactory(window=window, section=window.section).person
        PostingFactory()
        assert list(covered(Who(matter=matter), today=TODAY)) == [serving]
        assert not covered(Who(matter=matter), today=TODAY - timedelta(days=1)).exists()

    def test_an_entrustment_means_whoever_is_authorised_at_that_level_or_above(self) -> None:
        matter, other = matter_draft(code="one"), matter_draft(code="two")
        for one in (matter, other):
            freeze_matter(one, by=None, at=NOW)
        facts = {"starts_on": TODAY, "until": TODAY + timedelta(days=90), "practised_on": TODAY}
        high = AuthorisationFactory(matter=matter, entrustment=4, **facts).person
        AuthorisationFactory(matter=matter, entrustment=2, **facts)
        elsewhere = AuthorisationFactory(matter=other, entrustment=5, **facts).person
        assert list(covered(Who(matter=matter, entrustment=3), today=TODAY)) == [high]
        assert set(covered(Who(entrustment=3), today=TODAY)) == {high, elsewhere}

    def test_named_people_are_the_only_ones_and_nobody_suspended_counts(self) -> None:
        named, gone = UserFactory(), UserFactory(suspended=True)
        UserFactory()
        assert list(covered(Who(people=[named, gone]), today=TODAY)) == [named]


class TestMaking:
    def test_everybody_covered_gets_a_line_and_is_told(self) -> None:
        department = DepartmentFactory()
        first, second = UserFactory(department=department), UserFactory(department=department)
        made = rule(who=Who(department=department), due_days=14)
        for person in (first, second):
            assert lines_of(person) == [(State.OPEN, TODAY + timedelta(days=14))]
            assert Notice.objects.filter(person=person, kind="course.assigned").count() == 1
        assert made.requirements.count() == 2
        assert AuditEvent.objects.filter(action="courses.rule_made").count() == 1
        assert AuditEvent.objects.filter(action="courses.assigned", person_id=first.pk).count() == 1

    def test_who_has_finished_has_nothing_to_do_unless_it_is_asked_anew(self) -> None:
        course, person = CourseFactory(), UserFactory()
        finish(person, course, NOW - timedelta(days=5))
        assert foreseen(course, Who(people=[person]), today=TODAY, is_anew=False).new == 0
        rule(course, who=Who(people=[person]))
        assert lines_of(person) == []
        assert foreseen(course, Who(people=[person]), today=TODAY, is_anew=True).new == 1
        rule(course, who=Who(people=[person]), is_anew=True)
        assert len(lines_of(person)) == 1
        finish(person, course, NOW + timedelta(hours=1))
        keep_up(at=NOW + timedelta(hours=2))
        assert [state for state, _due in lines_of(person)] == [State.DONE]
        assert Enrolment.objects.filter(person=person, completed_at__isnull=False).count() == 2

    def test_the_preview_tells_what_making_does(self) -> None:
        course, department = CourseFactory(), DepartmentFactory()
        crowd = [UserFactory(department=department) for _number in range(5)]
        finish(crowd[0], course)
        assign(person=crowd[1], course=course, why={"en": "x"}, due_on=TODAY, by=UserFactory(hr=True), at=NOW)
        numbers = foreseen(course, Who(department=department), today=TODAY, is_anew=False)
        assert (numbers.covered, numbers.finished, numbers.asked_already, numbers.new) == (5, 1, 1, 3)
        before = TrainingRequirement.objects.count()
        rule(course, who=Who(department=department))
        assert TrainingRequirement.objects.count() - before == numbers.new

    def test_refusals_say_why(self) -> None:
        with pytest.raises(RequiringError, match="past"):
            rule(due_on=TODAY - timedelta(days=1))
        with pytest.raises(RequiringError, match="not both"):
            rule(due_on=TODAY, due_days=3)
        withdrawn = CourseFactory(is_offered=False)
        with pytest.raises(NotOffered):
            rule(withdrawn)
        assert not Assignment.objects.exists()

    def test_an_earlier_day_counts_and_a_later_one_puts_nothing_off(self) -> None:
        course, person = CourseFactory(), UserFactory()
        first = rule(course, who=Who(people=[person]), due_on=TODAY + timedelta(days=20))
        rule(course, who=Who(people=[person]), due_on=TODAY + timedelta(days=40))
        assert person.requirements.get().assignment == first
        soonest = rule(course, who=Who(people=[person]), due_on=TODAY + timedelta(days=5))
        line = person.requirements.get()
        assert (line.assignment, line.due_on) == (soonest, TODAY + timedelta(days=5))
        assert AuditEvent.objects.filter(action="courses.due_changed", person_id=person.pk).count() == 1


class TestKeepingUp:
    def test_again_changes_nothing(self) -> None:
        rule(due_days=10)
        events, lines = AuditEvent.objects.count(), set(TrainingRequirement.objects.values_list("pk", "due_on"))
        for days in range(3):
            keep_up(at=NOW + timedelta(days=days))
        assert AuditEvent.objects.count() == events
        assert set(TrainingRequirement.objects.values_list("pk", "due_on")) == lines

    def test_a_move_brings_a_line_and_takes_one_away(self) -> None:
        here, there = DepartmentFactory(), DepartmentFactory()
        hr = UserFactory(hr=True)
        person = UserFactory(department=here)
        posting = PostingFactory(person=person, department=here)
        rule(who=Who(department=here), by=hr)
        theirs = rule(who=Who(department=there), due_days=7, by=hr)
        place = {"department": there, "position": posting.position, "section": None, "window": None}
        day = NOW + timedelta(days=3)
        people.move(person=person, **place, starts_on=day.date(), by=hr, at=day)
        states = list(person.requirements.order_by("pk").values_list("state", "lapsed_for"))
        assert states == [(State.LAPSED, "left-rule"), (State.OPEN, "")]
        assert person.requirements.open().get().due_on == day.date() + timedelta(days=7)
        assert person.requirements.open().get().assignment == theirs
        people.take_back_move(person=person, by=hr, at=day)
        assert [state for state, _due in lines_of(person)] == [State.LAPSED, State.LAPSED, State.OPEN]

    def test_who_has_begun_keeps_the_line(self) -> None:
        department, course = DepartmentFactory(), CourseFactory()
        person = UserFactory(department=department)
        made = rule(course, who=Who(department=department))
        enrol(person=person, course=course, by=person, at=NOW)
        end_rule(rule=made, by=UserFactory(hr=True), at=NOW)
        assert [state for state, _due in lines_of(person)] == [State.OPEN]

    def test_a_rule_that_ends_passes_its_lines_on_to_another(self) -> None:
        course, person, other = CourseFactory(), UserFactory(), UserFactory()
        first = rule(course, who=Who(people=[person, other]), due_on=TODAY + timedelta(days=5))
        second = rule(course, who=Who(people=[person]), due_on=TODAY + timedelta(days=9))
        end_rule(rule=first, by=UserFactory(hr=True), at=NOW)
        line = person.requirements.get()
        assert (line.state, line.assignment, line.due_on) == (State.OPEN, second, TODAY + timedelta(days=9))
        assert list(other.requirements.values_list("state", "lapsed_for")) == [(State.LAPSED, "rule-ended")]
        assert AuditEvent.objects.filter(action="courses.lapsed").count() == 1
        with pytest.raises(RequiringError, match="already"):
            end_rule(rule=first, by=UserFactory(hr=True), at=NOW)
        assert AuditEvent.objects.filter(action="courses.rule_ended").count() == 1

    def test_what_was_asked_by_hand_stays_when_the_rule_goes(self) -> None:
        course, person = CourseFactory(), UserFactory()
        hr = UserFactory(hr=True)
        assign(person=person, course=course, why={"en": "x"}, due_on=TODAY + timedelta(days=9), by=hr, at=NOW)
        made = rule(course, who=Who(people=[person]), due_on=TODAY + timedelta(days=2))
        assert lines_of(person) == [(State.OPEN, TODAY + timedelta(days=2))]
        end_rule(rule=made, by=hr, at=NOW)
        assert lines_of(person) == [(State.OPEN, TODAY + timedelta(days=2))]

    def test_a_course_taken_off_the_catalogue_is_asked_of_nobody_new(self) -> None:
        course = CourseFactory()
        rule(course)
        Course.objects.update(is_offered=False)
        newcomer = UserFactory()
        keep_up(at=NOW)
        assert lines_of(newcomer) == []

    def test_who_leaves_the_centre_and_comes_back_is_asked_again(self) -> None:
        hr, person = UserFactory(hr=True), UserFactory(posted=True)
        posting = person.postings.get()
        rule(who=Who(department=person.department), by=hr)
        people.leave(person=person, last_day=TODAY, by=hr, at=NOW)
        assert not person.requirements.open().exists()
        person.refresh_from_db()
        place = {"department": posting.department, "position": posting.position, "section": None, "window": None}
        day = NOW + timedelta(days=9)
        people.come_back(person=person, **place, starts_on=day.date(), by=hr, at=day)
        assert person.requirements.open().count() == 1

    def test_ten_or_a_hundred_people_take_the_same_queries(self) -> None:
        def cost(number: int) -> int:
            department = DepartmentFactory()
            for _number in range(number):
                UserFactory(department=department)
            rule(who=Who(department=department))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                rule(who=Who(department=department))
            return len(queries)

        assert cost(3) == cost(60)


class TestLettingOff:
    def test_the_reason_stays_and_the_rule_asks_no_more(self) -> None:
        person, hr = UserFactory(), UserFactory(hr=True)
        made = rule(who=Who(people=[person]))
        waive(requirement=person.requirements.get(), reason=" Teaches it herself ", by=hr, at=NOW)
        keep_up(at=NOW)
        line = person.requirements.get()
        assert (line.state, line.waive_reason, line.closed_by) == (State.WAIVED, "Teaches it herself", hr)
        assert AuditEvent.objects.filter(action="courses.waived", reason="Teaches it herself").count() == 1
        rule(made.course, who=Who(people=[person]))
        assert person.requirements.open().count() == 1

    def test_nobody_lets_themselves_off_and_nobody_without_a_reason(self) -> None:
        hr = UserFactory(hr=True)
        rule(who=Who(people=[hr]))
        with pytest.raises(RequiringError, match="themselves"):
            waive(requirement=hr.requirements.get(), reason="Busy", by=hr, at=NOW)
        with pytest.raises(RequiringError, match="reason"):
            waive(requirement=hr.requirements.get(), reason="  ", by=UserFactory(hr=True), at=NOW)
        waive(requirement=hr.requirements.get(), reason="Ill", by=UserFactory(hr=True), at=NOW)
        with pytest.raises(RequiringError, match="any more"):
            waive(requirement=hr.requirements.get(), reason="Ill", by=UserFactory(hr=True), at=NOW)
