"""Importing what positions ask for: the history stays, the level counts from its day, twice the same as once."""

from datetime import date

import pytest

from tests.factories.competencies import TargetFactory
from tests.factories.people import CentreFactory, PositionFactory, UserFactory
from tests.people.lists import AT, again, begun, counts, imported, sentences
from training.competencies.models import Target
from training.lib.imports import import_of
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

KIND, HEADER = "targets", "岗位,能力项,要求等级,生效日期"


@pytest.fixture
def hr() -> User:
    CentreFactory()
    return UserFactory(hr=True)


@pytest.fixture
def target(hr: User) -> Target:
    """The position clerk asks for level 2 since March."""
    return TargetFactory(position=PositionFactory(code="clerk"), level=2, starts_on=date(2026, 3, 1), until=None)


def history(target: Target) -> list[tuple[int, date, date | None]]:
    rows = Target.objects.filter(position=target.position, competency=target.competency).order_by("starts_on")
    return list(rows.values_list("level", "starts_on", "until"))


def row(target: Target, level: int | str, since: str) -> str:
    return f"{target.position.code},{target.competency.code},{level},{since}"


def test_a_new_level_ends_the_one_before(hr: User, target: Target) -> None:
    run = imported(KIND, hr, HEADER, row(target, 3, "2026-10-01"))
    assert counts(run) == (0, 1, 0, 0)
    assert history(target) == [(2, date(2026, 3, 1), date(2026, 9, 30)), (3, date(2026, 10, 1), None)]
    assert counts(imported(KIND, hr, HEADER, row(target, 3, "2026-10-01"))) == (0, 0, 1, 0)
    event = AuditEvent.objects.get(action="competencies.targets_set")
    assert (event.actor_id, event.before["level"], event.after["level"]) == (hr.pk, 2, 3)


def test_without_a_day_a_new_level_counts_from_today(hr: User, target: Target) -> None:
    for expected in ((0, 1, 0, 0), (0, 0, 1, 0)):
        assert counts(imported(KIND, hr, HEADER, row(target, 4, ""))) == expected
    assert history(target)[1] == (4, AT.date(), None)


def test_the_first_day_and_the_level_on_it_can_be_corrected(hr: User, target: Target) -> None:
    assert counts(imported(KIND, hr, HEADER, row(target, 2, "2026-04-01"))) == (0, 1, 0, 0)
    assert counts(imported(KIND, hr, HEADER, row(target, 5, "2026-04-01"))) == (0, 1, 0, 0)
    assert history(target) == [(5, date(2026, 4, 1), None)]


def test_level_0_asks_no_more(hr: User, target: Target) -> None:
    assert counts(imported(KIND, hr, HEADER, row(target, 0, "2026-10-01"))) == (0, 1, 0, 0)
    assert history(target) == [(2, date(2026, 3, 1), date(2026, 9, 30))]
    assert counts(imported(KIND, hr, HEADER, row(target, 0, "2026-10-01"))) == (0, 0, 1, 0)
    assert counts(imported(KIND, hr, HEADER, row(target, 1, "2026-11-01"))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("level", "since", "found"),
    [
        (3, "2026-02-01", (2, "D", "the target in force began on 2026-03-01; choose a later day.")),
        (0, "2026-03-01", (2, "D", "the target in force began on 2026-03-01; choose a later day.")),
        (6, "2026-10-01", (2, "C", "“6” is not a whole number from 0 to 5.")),
    ],
)
def test_history_is_not_turned_round(
    hr: User, target: Target, level: int, since: str, found: tuple[int, str, str]
) -> None:
    assert sentences(begun(KIND, hr, HEADER, row(target, level, since))) == [found]


def test_a_target_does_not_begin_before_an_earlier_one_ended(hr: User, target: Target) -> None:
    imported(KIND, hr, HEADER, row(target, 0, "2026-10-01"))
    text = "an earlier target ended on 2026-09-30; choose a later day."
    assert sentences(begun(KIND, hr, HEADER, row(target, 3, "2026-09-30"))) == [(2, "D", text)]


def test_codes_that_mean_nothing_are_named(hr: User, target: Target) -> None:
    lines = f"clerc,{target.competency.code},3,", "clerk,none,3,"
    assert sentences(begun(KIND, hr, HEADER, *lines)) == [
        (2, "A", "no position has the code “clerc”. Did you mean “clerk”?"),
        (3, "B", "no competency has the code “none”."),
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imports_again_unchanged(hr: User, target: Target, file_format: str) -> None:
    imported(KIND, hr, HEADER, row(target, 3, "2026-10-01"))
    plan = again(KIND, hr, file_format)
    assert (plan.faults, plan.changes) == ([], [])
    assert plan.unchanged == import_of(KIND).count(hr, at=AT) == 1
