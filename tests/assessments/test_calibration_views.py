"""The examiner's pages of calibrations: who is let in, what is shown and refused, how often the database is asked."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assessments import charts
from assessments.models import Calibration
from assessments.queries import bank_lines
from tests.conftest import Budget
from tests.factories.assessments import NOW
from tests.factories.calibrations import (
    CalibrationFactory,
    ItemParametersFactory,
    World,
    answered_by,
    asked_for,
    bank_of,
    worked_out,
)
from tests.factories.operations import JobFactory
from tests.factories.people import CentreFactory, DepartmentFactory, RoleGrantFactory, UserFactory
from training.operations.models import AuditEvent, Job
from training.people.models import User

pytestmark = pytest.mark.django_db

HOME = "/exams/bank/calibrations/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def examiner() -> User:
    return UserFactory(examiner=True)


@pytest.fixture
def visitor(client: Client, examiner: User) -> Client:
    client.force_login(examiner)
    return client


@pytest.fixture
def world() -> World:
    world = bank_of(12)
    answered_by(world, 130)
    return world


def text(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return re.sub(r"\s+", " ", response.content.decode())


def address(calibration: Calibration, rest: str = "") -> str:
    return f"{HOME}{calibration.pk}/{rest}"


class TestWho:
    """An examiner of the whole centre, and nobody else."""

    def test_an_examiner_of_one_department_finds_nothing(self, client: Client) -> None:
        calibration = CalibrationFactory()
        person = UserFactory()
        RoleGrantFactory(person=person, role="examiner", department=DepartmentFactory())
        client.force_login(person)
        assert "There is no bank of items you look after." in text(client, HOME)
        for rest in ("", "people/", "accept/", "reject/"):
            assert client.get(address(calibration, rest)).status_code == 404
        for rest in ("accept/", "reject/", "reopen/", "cancel/"):
            assert client.post(address(calibration, rest)).status_code == 404
        assert client.get(f"{HOME}start/{calibration.bank.code}/").status_code == 404

    def test_others_are_forbidden(self, client: Client) -> None:
        calibration = CalibrationFactory()
        client.force_login(UserFactory(hr=True))
        assert client.get(address(calibration)).status_code == 403

    def test_people_are_named_only_to_those_who_may_read_their_results(
        self, visitor: Client, examiner: User, world: World
    ) -> None:
        calibration = worked_out(world)
        attempt = world.exam.attempts.first()
        calibration.rescored.all().delete()
        calibration.rescored.create(attempt=attempt, theta=1.0, level=4, passed=True)
        page = text(visitor, address(calibration, "people/"))
        assert attempt.person.display_name not in page
        assert "1 more attempt is of somebody whose results you may not read." in page
        RoleGrantFactory(person=examiner, role="director")
        page = text(visitor, address(calibration, "people/"))
        assert attempt.person.display_name in page
        assert "old results never move" in page
        assert AuditEvent.objects.filter(action="assessments.rescored_read", actor_id=examiner.pk).count() == 1


class TestStart:
    """The form counts first, then starts."""

    def test_it_tells_what_there_is(self, visitor: Client, world: World) -> None:
        page = text(visitor, f"{HOME}start/{world.bank.code}/")
        assert "12 of 12" in page
        assert "Every item has enough." in page

    def test_counting_again_starts_nothing(self, visitor: Client, world: World) -> None:
        sent = {"since": "2026-11-20", "until": "2026-11-23", "model": "rasch", "count": "yes"}
        response = visitor.post(f"{HOME}start/{world.bank.code}/", sent)
        assert "No two items have 100 answers." in response.content.decode()
        assert not Calibration.objects.exists()

    def test_it_starts_one_and_leads_to_its_progress(self, visitor: Client, world: World, examiner: User) -> None:
        sent = {"since": "2026-10-01", "until": "2026-11-23", "model": "rasch", "first_only": "on"}
        response = visitor.post(f"{HOME}start/{world.bank.code}/", sent)
        calibration = Calibration.objects.get()
        assert response.url == address(calibration)
        assert (calibration.asked_by, calibration.first_only) == (examiner, True)
        assert "It waits for its turn." in text(visitor, address(calibration))

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"until": "2026-09-01"}, "The last day lies before the first."),
            ({"model": "2pl"}, "do not bear 2PL yet"),
            ({"since": "2026-11-22"}, "Choose a longer one, or wait."),
            ({"model": "grm"}, "grm"),
            ({"since": "soon"}, "date"),
        ],
    )
    def test_what_cannot_be_is_said_on_the_form(
        self, visitor: Client, world: World, sent: dict[str, str], said: str
    ) -> None:
        whole = {"since": "2026-10-01", "until": "2026-11-23", "model": "rasch", "first_only": "on"} | sent
        response = visitor.post(f"{HOME}start/{world.bank.code}/", whole)
        assert response.status_code == 200
        assert said in response.content.decode()
        assert not Calibration.objects.exists()


class TestProgress:
    """Asked by htmx, told again only when there is something new."""

    def test_it_counts_and_then_asks_for_the_whole_page(self, visitor: Client, world: World) -> None:
        calibration = asked_for(world)
        Job.objects.filter(pk=calibration.job_id).update(state="running", done=40, total=100)
        assert "40 %" in text(visitor, address(calibration), HX_Request="true")
        page = text(visitor, f"{address(calibration)}?told=computing-running-1", HX_Request="true")
        assert "calibration-said" not in page
        Calibration.objects.update(state="ready", finished_at=NOW, effect=CalibrationFactory.effect)
        response = visitor.get(address(calibration), headers={"HX-Request": "true"})
        assert response["HX-Refresh"] == "true"

    def test_cancelled_it_says_so_and_offers_another(self, visitor: Client, world: World) -> None:
        calibration = asked_for(world)
        visitor.post(address(calibration, "cancel/"))
        assert Job.objects.get(pk=calibration.job_id).state == "cancelled"
        page = text(visitor, address(calibration))
        assert "It was cancelled before it was done." in page
        assert "Start a calibration" in page

    def test_a_failure_is_told_in_the_readers_language(self, visitor: Client, examiner: User) -> None:
        calibration = CalibrationFactory(state="failed", failure={"en": "Too few.", "zh-hans": "太少。"})
        assert "Too few." in text(visitor, address(calibration))
        User.objects.filter(pk=examiner.pk).update(language="zh-hans")
        assert "太少。" in text(visitor, address(calibration))


class TestReading:
    """The result, an item, their twins in tables."""

    def test_trouble_comes_first_and_limits_are_said(self, visitor: Client) -> None:
        calibration = CalibrationFactory(cautions=[{"caution": "few_answers", "items": list("abcdefg")}])
        ItemParametersFactory(calibration=calibration, item_version__item__code="sound-1")
        ItemParametersFactory(calibration=calibration, item_version__item__code="bad-1", troubles=["negative"], rank=0)
        page = text(visitor, address(calibration))
        assert page.index("bad-1") < page.index("sound-1")
        assert "Rewards the weak" in page
        assert "rests on the judgement of 20 items" in page
        assert "cannot be tested" in page
        assert "a, b, c, d, e and 2 more" in page
        assert "Nothing of that happens: old results never move." in page

    def test_an_item_has_its_curves_and_the_same_as_tables(self, visitor: Client) -> None:
        row = ItemParametersFactory()
        page = text(visitor, address(row.calibration, f"items/{row.item_version.item.code}/"))
        assert page.count('role="img"') == 2
        assert page.count("<title id=") == 2
        assert page.count("<desc id=") == 2
        assert page.count('class="seen"') == 3, "two groups and the key's sample"
        assert "style=" not in page
        assert "42 %" in page, "what was expected of a group"
        assert "0.22" in page, "information at 0"
        assert "Option A" in page

    def test_what_is_not_known_is_a_dash_never_a_none(self, visitor: Client) -> None:
        nothing = dict.fromkeys(
            ("a", "b", "se_a", "se_b", "share_right", "point_biserial", "infit", "outfit", "fit_p", "fit_statistic")
        )
        row = ItemParametersFactory(**nothing, groups=[], options=[], usable=False, troubles=["no_estimate"], rank=4)
        for rest in ("", f"items/{row.item_version.item.code}/"):
            page = text(visitor, address(row.calibration, rest))
            assert "None" not in re.sub(r"<[^>]*>", "", page)
            assert "nan" not in re.sub(r"<[^>]*>", "", page).lower().split()
        assert "There are no curves" in page

    def test_the_database_is_asked_as_often_however_much_there_is(self, visitor: Client, at_most: Budget) -> None:
        calibration = CalibrationFactory()
        for _n in range(12):
            ItemParametersFactory(calibration=calibration, item_version__item__bank=calibration.bank)
            CalibrationFactory(bank=calibration.bank)
        CalibrationFactory.create_batch(3)
        looker = UserFactory(examiner=True)
        with at_most(6):
            bank_lines(looker)
        visitor.get(address(calibration))
        with at_most(20):
            visitor.get(address(calibration))

    def test_a_points_list_stays_in_its_box(self) -> None:
        groups = [(-9.0, 30, 0.0, 0.1), (0.0, 30, 0.5, 0.5), (9.0, 5, 1.0, 0.9)]
        chart = charts.chance_chart(a=1.2, b=0.4, judged_b=-8.0, groups=groups, cuts=[-2.0, -0.7, 0.7, 2.0, 5.0])
        pairs = [tuple(map(float, pair.split(","))) for pair in f"{chart.points} {chart.other}".split()]
        pairs += [(dot.x, dot.low) for dot in chart.dots] + [(dot.x, dot.high) for dot in chart.dots]
        assert all(charts.LEFT <= x <= charts.RIGHT and charts.TOP <= y <= charts.BOTTOM for x, y in pairs)
        assert [cut.text for cut in chart.cuts] == ["2", "3", "4", "5"]


class TestDeciding:
    """A page that says what happens, then the act; refused in words."""

    def test_grave_items_are_not_ticked_and_the_choice_is_kept(self, visitor: Client) -> None:
        calibration = CalibrationFactory()
        good = ItemParametersFactory(calibration=calibration, item_version__item__bank=calibration.bank)
        bad = ItemParametersFactory(
            calibration=calibration, item_version__item__bank=calibration.bank, troubles=["drift"], rank=1
        )
        page = text(visitor, address(calibration, "accept/"))
        assert f'value="{good.item_version_id}" checked' in page
        assert f'value="{bad.item_version_id}">' in page
        visitor.post(address(calibration, "accept/"), {"item": [good.item_version_id, "x", "999999"]})
        calibration.refresh_from_db()
        assert calibration.state == "accepted"
        assert list(calibration.parameters.in_force()) == [good]
        assert "now" in text(visitor, address(calibration))

    def test_nothing_ticked_is_an_error_on_the_page(self, visitor: Client) -> None:
        row = ItemParametersFactory()
        response = visitor.post(address(row.calibration, "accept/"))
        assert response.status_code == 400
        assert "Tick at least one item" in response.content.decode()

    def test_rejecting_needs_a_reason(self, visitor: Client) -> None:
        calibration = CalibrationFactory()
        assert "invalid-feedback" in visitor.post(address(calibration, "reject/")).content.decode()
        visitor.post(address(calibration, "reject/"), {"reason": "A leak."})
        page = text(visitor, address(calibration))
        assert "A leak." in page
        visitor.post(address(calibration, "reopen/"))
        calibration.refresh_from_db()
        assert calibration.state == "ready"

    @pytest.mark.parametrize("facts", [{"state": "superseded"}, {"is_sound": False}, {"state": "failed"}])
    def test_what_cannot_be_accepted_is_not_offered(self, visitor: Client, facts: dict[str, object]) -> None:
        decided = {"decided_by": UserFactory(), "decided_at": NOW - timedelta(days=1)}
        row = ItemParametersFactory(calibration=CalibrationFactory(**facts, **decided))
        assert "accept/" not in text(visitor, address(row.calibration))
        assert visitor.get(address(row.calibration, "accept/")).status_code == 302
        visitor.post(address(row.calibration, "accept/"), {"item": row.item_version_id})
        row.refresh_from_db()
        assert not row.is_in_force

    def test_one_at_work_by_a_job_that_is_gone_is_told_as_stopped(self, visitor: Client) -> None:
        calibration = CalibrationFactory(at_work=True, job_id=JobFactory(failed=True).pk)
        assert "It stopped because of a fault" in text(visitor, address(calibration)) or "Not worked out" in text(
            visitor, HOME
        )
