"""Learning paths: written in a sound order, and followed by what people learn."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from courses.models import Assignment, Course, LearningPath, TrainingRequirement
from courses.queries.paths import PathState, path_states
from courses.queries.required import Who
from courses.rules import Stage, standings
from courses.services.learning import assign, enrol, finish_section
from courses.services.paths import PathRefused, Step, ask_for_path, change_path, make_path, set_path_offered
from tests.factories.courses import CourseFactory, path_of
from tests.factories.people import PositionFactory, PostingFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)


def finish(person: User, course: Course, at: datetime = NOW) -> None:
    enrolment = enrol(person=person, course=course, by=person, at=at)
    for unit in enrolment.version.units.all():
        for number in range(1, len(unit.section_ids()) + 1):
            finish_section(enrolment=enrolment, unit=unit, number=number, at=at)


def state_of(path: LearningPath, person: User) -> PathState:
    (state,) = path_states(LearningPath.objects.filter(pk=path.pk), person, today=TODAY)
    return state


def words(path: LearningPath, person: User) -> list[str]:
    return [one.state for one in state_of(path, person).steps]


class TestStandings:
    def test_each_step_is_done_begun_open_or_waits(self) -> None:
        stages = [
            Stage(1, (), True, True),
            Stage(2, (), False, True),
            Stage(3, (), True, True),
            Stage(4, (9,), True, True),
        ]
        found = standings(stages, done={1}, learning=set(), counting={1})
        assert [one.state for one in found] == ["done", "open", "open", "waits"]
        assert found[3].waits_for == [9, 3]

    def test_an_optional_step_holds_nobody_up_and_one_begun_goes_on(self) -> None:
        stages = [Stage(1, (), False, True), Stage(2, (), True, True), Stage(3, (2,), True, True)]
        found = standings(stages, done=set(), learning={3}, counting=set())
        assert [one.state for one in found] == ["open", "open", "learning"]

    def test_what_nobody_can_begin_holds_nobody_up(self) -> None:
        stages = [Stage(1, (), True, False), Stage(2, (), True, True)]
        assert [one.state for one in standings(stages, done=(), learning=(), counting=())] == ["away", "open"]


@pytest.mark.django_db
class TestWriting:
    def test_a_path_is_made_and_changed_with_its_steps(self) -> None:
        one, two, three, by = CourseFactory(), CourseFactory(), CourseFactory(), UserFactory(editor=True)
        path = make_path(slug="first-month", title={"en": "First"}, steps=[Step(one), Step(two)], by=by, at=NOW)
        told = {"path": path, "title": {"en": "First month"}, "by": by, "at": NOW}
        for _again in range(2):
            change_path(**told, steps=[Step(two, days=10), Step(three, is_required=False), Step(one)])
        path.refresh_from_db()
        assert str(path) == "First month"
        kept = list(path.steps.values_list("course", "order", "is_required", "days"))
        assert kept == [(two.pk, 1, True, 10), (three.pk, 2, False, None), (one.pk, 3, True, None)]
        assert AuditEvent.objects.filter(action="courses.path_made").count() == 1
        assert AuditEvent.objects.filter(action="courses.path_changed").count() == 1

    @pytest.mark.parametrize("between", [False, True])
    def test_a_course_does_not_stand_before_what_it_asks_for(self, between: bool) -> None:
        first, middle, last = CourseFactory(), CourseFactory(), CourseFactory()
        last.prerequisites.add(middle if between else first)
        middle.prerequisites.add(first)
        told = {"slug": "wrong", "title": {"en": "Wrong"}, "by": UserFactory(), "at": NOW}
        with pytest.raises(PathRefused, match=f"Title of {last.slug}.*Title of {first.slug}"):
            make_path(**told, steps=[Step(last), Step(first)])
        assert not LearningPath.objects.exists()
        make_path(**told, steps=[Step(first), Step(last)])

    def test_it_refuses_a_course_twice_no_required_one_and_a_taken_address(self) -> None:
        course, by = CourseFactory(), UserFactory()
        told = {"title": {"en": "Path"}, "by": by, "at": NOW}
        with pytest.raises(PathRefused, match="twice"):
            make_path(**told, slug="twice", steps=[Step(course), Step(course)])
        with pytest.raises(PathRefused, match="required"):
            make_path(**told, slug="none", steps=[Step(course, is_required=False)])
        make_path(**told, slug="taken", steps=[Step(course)])
        for slug in ("taken", "new"):
            with pytest.raises(PathRefused, match="taken"):
                make_path(**told, slug=slug, steps=[Step(course)])

    def test_the_database_has_the_last_word(self) -> None:
        course = CourseFactory()
        path = path_of(course)
        with pytest.raises(IntegrityError):
            path.steps.create(course=course, order=2)

    def test_a_path_goes_off_offer_and_back_each_recorded_once(self) -> None:
        path, by = path_of(CourseFactory()), UserFactory()
        for is_offered in (False, False, True):
            set_path_offered(path=path, is_offered=is_offered, by=by, at=NOW)
        path.refresh_from_db()
        assert path.is_offered
        actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["courses.path_ended", "courses.path_offered"]


@pytest.mark.django_db
class TestFollowing:
    def test_it_follows_from_what_is_learned(self) -> None:
        one, two, extra, person = CourseFactory(), CourseFactory(), CourseFactory(), UserFactory()
        path = path_of(one, two, extra, optional=[extra])
        assert words(path, person) == ["open", "waits", "waits"]
        finish(person, one)
        enrol(person=person, course=two, by=person, at=NOW)
        state = state_of(path, person)
        assert (state.done, state.required, state.is_done) == (1, 2, False)
        assert state.next is not None
        assert state.next.course == two
        finish(person, two)
        state = state_of(path, person)
        assert state.is_done
        assert state.next is not None
        assert state.next.course == extra

    def test_what_no_longer_counts_or_is_asked_again_is_open_again(self) -> None:
        one, two, person = CourseFactory(valid_months=6), CourseFactory(), UserFactory()
        path = path_of(one, two)
        finish(person, one, NOW - timedelta(days=300))
        finish(person, two)
        assert words(path, person) == ["open", "done"]
        assign(person=person, course=two, why={"en": "Anew"}, due_on=TODAY, by=UserFactory(), at=NOW)
        assert words(path, person) == ["open", "waits"]

    def test_a_prerequisite_from_outside_the_path_is_named(self) -> None:
        outside, inside, person = CourseFactory(), CourseFactory(), UserFactory()
        inside.prerequisites.add(outside)
        (step,) = state_of(path_of(inside), person).steps
        assert step.state == "waits"
        assert step.waits_for == [outside]

    def test_what_nobody_can_begin_is_not_counted(self) -> None:
        gone, here, person = CourseFactory(is_offered=False), CourseFactory(), UserFactory()
        state = state_of(path_of(gone, here), person)
        assert (state.required, state.minutes) == (1, 20)


@pytest.mark.django_db
class TestPages:
    def test_twenty_paths_cost_what_one_does(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.force_login(UserFactory())
        courses = [CourseFactory() for _ in range(5)]
        courses[4].prerequisites.add(courses[0])
        path_of(*courses[:2])
        client.get(reverse("courses:paths"))
        with django_assert_num_queries(10):
            client.get(reverse("courses:paths"))
        for _number in range(19):
            path_of(*courses)
        with django_assert_num_queries(10):
            page = client.get(reverse("courses:paths")).content.decode()
        assert page.count('<li class="card">') == 20

    def test_it_says_in_words_what_is_next_and_what_waits(self, client: Client) -> None:
        one, two, extra, person = CourseFactory(), CourseFactory(), CourseFactory(), UserFactory()
        path = path_of(one, two, extra, optional=[extra])
        finish(person, one)
        client.force_login(person)
        page = client.get(reverse("courses:path", args=[path.slug])).content.decode()
        assert "1 of 2 required" in page
        assert page.count("btn-primary") == 1
        assert f"Waits for: Title of {two.slug}" in page
        assert "Optional" in page
        assert "Begin" in page
        User.objects.filter(pk=person.pk).update(language="zh-hans")
        page = client.get(reverse("courses:path", args=[path.slug])).content.decode()
        assert "必修课程已完成1/2" in page
        assert f"须先完成： 课程{two.slug}" in page

    def test_an_empty_list_says_what_paths_are(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert "No paths yet" in client.get(reverse("courses:paths")).content.decode()

    def test_a_course_and_the_catalogue_lead_to_it(self, client: Client) -> None:
        course = CourseFactory()
        path, ended = path_of(course), path_of(course, is_offered=False)
        client.force_login(UserFactory())
        page = client.get(reverse("courses:course", args=[course.slug])).content.decode()
        assert reverse("courses:path", args=[path.slug]) in page
        assert reverse("courses:path", args=[ended.slug]) not in page
        assert reverse("courses:paths") in client.get(reverse("courses:catalogue")).content.decode()

    def test_one_off_offer_is_there_for_who_writes_it(self, client: Client) -> None:
        url = reverse("courses:path", args=[path_of(CourseFactory(), is_offered=False).slug])
        client.force_login(UserFactory())
        assert client.get(url).status_code == 404
        client.force_login(UserFactory(editor=True))
        assert "no longer offered" in client.get(url).content.decode()


def posted(*rows: dict[str, object], **facts: object) -> dict[str, object]:
    told = {"title_en": "First month", "title_zh_hans": "第一个月", "slug": "first-month", "action": "save", **facts}
    sizes = {"step-TOTAL_FORMS": len(rows), "step-INITIAL_FORMS": 0}
    return {**told, **sizes, **{f"step-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}}


@pytest.mark.django_db
class TestForm:
    def test_it_makes_and_changes_a_path(self, client: Client) -> None:
        one, two = CourseFactory(), CourseFactory()
        client.force_login(UserFactory(editor=True))
        rows = [{"course": one.slug, "is_required": "on", "days": 10}, {"course": two.slug}, {}]
        assert client.get(reverse("courses:make_path")).status_code == 200
        made = client.post(reverse("courses:make_path"), posted(*rows))
        path = LearningPath.objects.get()
        assert made.url == reverse("courses:path", args=["first-month"])  # type: ignore[attr-defined]
        assert list(path.steps.values_list("course", "is_required", "days")) == [
            (one.pk, True, 10),
            (two.pk, False, None),
        ]
        url = reverse("courses:edit_path", args=[path.slug])
        assert "10" in client.get(url).content.decode()
        client.post(url, posted(rows[1] | {"is_required": "on"}, title_en="Second month"))
        path.refresh_from_db()
        assert str(path) == "Second month"
        assert list(path.steps.values_list("course", flat=True)) == [two.pk]

    def test_a_position_that_has_closed_meanwhile_stays(self, client: Client) -> None:
        course, closed = CourseFactory(), PositionFactory(until=date(2020, 1, 1))
        path = path_of(course, position=closed)
        client.force_login(UserFactory(editor=True))
        url = reverse("courses:edit_path", args=[path.slug])
        assert client.get(url).context["form"]["position"].value() == closed.code
        client.post(url, posted({"course": course.slug, "is_required": "on"}, position=closed.code))
        path.refresh_from_db()
        assert (str(path), path.position) == ("First month", closed)

    @pytest.mark.parametrize(
        ("action", "order"),
        [
            ("up:1", [1, 0]),
            ("down:0", [1, 0]),
            ("up:0", [0, 1]),
            ("drop:0", [1]),
            ("more", [0, 1, None]),
            ("drop:9", [0, 1]),
        ],
    )
    def test_lines_move_without_a_script_and_nothing_is_lost(
        self, client: Client, action: str, order: list[int | None]
    ) -> None:
        courses = [CourseFactory(), CourseFactory()]
        client.force_login(UserFactory(editor=True))
        rows = [{"course": course.slug, "days": "soon"} for course in courses]
        page = client.post(reverse("courses:make_path"), posted(*rows, action=action, title_zh_hans="月"))
        shown = [form["course"].value() for form in page.context["steps"]]
        assert shown == [None if place is None else courses[place].slug for place in order]
        text = page.content.decode()
        assert text.count('value="soon"') == sum(place is not None for place in order)
        assert 'value="月"' in text
        assert not LearningPath.objects.exists()

    def test_a_refusal_keeps_what_was_typed(self, client: Client) -> None:
        first, second = CourseFactory(), CourseFactory()
        second.prerequisites.add(first)
        client.force_login(UserFactory(editor=True))
        rows = [{"course": second.slug, "is_required": "on"}, {"course": first.slug, "days": 7}]
        page = client.post(reverse("courses:make_path"), posted(*rows))
        text = page.content.decode()
        assert page.status_code == 400
        assert "put that one before it" in text
        assert 'value="7"' in text
        page = client.post(reverse("courses:make_path"), posted({"days": 7}))
        assert "Choose the course, or empty the days." in page.content.decode()

    def test_who_writes_it_takes_it_off_offer(self, client: Client) -> None:
        path = path_of(CourseFactory())
        client.force_login(UserFactory(editor=True))
        client.post(reverse("courses:end_path", args=[path.slug]))
        path.refresh_from_db()
        assert not path.is_offered
        client.post(reverse("courses:offer_path", args=[path.slug]))
        path.refresh_from_db()
        assert path.is_offered


@pytest.mark.django_db
class TestAskingForIt:
    def test_each_required_course_is_asked_by_its_day(self) -> None:
        one, two, extra, gone = CourseFactory(), CourseFactory(), CourseFactory(), CourseFactory(is_offered=False)
        path = path_of(one, two, extra, gone, optional=[extra])
        path.steps.filter(course=one).update(days=10)
        posting = PostingFactory(starts_on=TODAY - timedelta(days=3))
        told = {"path": path, "who": Who(position=posting.position), "kind": "onboarding", "by": UserFactory(hr=True)}
        ask_for_path(**told, at=NOW)
        lines = TrainingRequirement.objects.filter(person=posting.person).order_by("due_on")
        days = [(line.course, (line.due_on - TODAY).days) for line in lines]
        assert days == [(one, 10), (two, 30)]
        with pytest.raises(PathRefused, match="nothing to ask"):
            ask_for_path(**told, at=NOW)
        assert Assignment.objects.count() == 2
        assert AuditEvent.objects.filter(action="courses.path_asked").count() == 1

    def test_one_off_offer_is_asked_of_nobody(self) -> None:
        path = path_of(CourseFactory(), is_offered=False)
        with pytest.raises(PathRefused):
            ask_for_path(path=path, who=Who(), kind="onboarding", by=UserFactory(hr=True), at=NOW)

    def test_hr_sees_what_it_does_before_anything_is_asked(self, client: Client) -> None:
        posting, course = PostingFactory(), CourseFactory()
        path = path_of(course, position=posting.position)
        client.force_login(UserFactory(hr=True))
        url = reverse("courses:ask_for_path", args=[path.slug])
        assert url in client.get(reverse("courses:path", args=[path.slug])).content.decode()
        assert client.get(url).context["form"]["position"].value() == posting.position.code
        facts = {"position": posting.position.code, "kind": "onboarding"}
        page = client.post(url, facts).content.decode()
        assert f"Title of {course.slug}: 1 person is told" in page
        assert not Assignment.objects.exists()
        client.post(url, {**facts, "step": "do"})
        assert Assignment.objects.get().course == course
        assert "nothing to ask for" in client.post(url, facts).content.decode()
        client.force_login(posting.person)
        assert client.get(url).status_code == 403

    def test_what_is_left_out_is_named_with_why(self, client: Client) -> None:
        new, known, gone, extra = CourseFactory(), CourseFactory(), CourseFactory(is_offered=False), CourseFactory()
        path, hr = path_of(new, known, gone, extra, optional=[extra]), UserFactory(hr=True)
        position = PostingFactory(starts_on=TODAY).person.postings.get().position
        ask_for_path(path=path_of(known), who=Who(position=position), kind="onboarding", by=hr, at=NOW)
        client.force_login(hr)
        facts = {"position": position.code, "kind": "onboarding"}
        page = client.post(reverse("courses:ask_for_path", args=[path.slug]), facts).content.decode()
        for course, why in (
            (known, "A rule asks these people for it already."),
            (gone, "It is not offered at present."),
            (extra, "It is optional."),
        ):
            assert f"Left out: Title of {course.slug}. {why}" in page
        assert f"Left out: Title of {new.slug}" not in page
