"""Importing which window serves what: periods that do not overlap, one's own matters alone, twice as once."""

from datetime import date

import pytest

from tests.factories.matters import matter_draft
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory, WindowFactory
from tests.people.lists import AT, again, begun, counts, imported, sentences
from training.lib.imports import import_of
from training.matters.models import WindowMatter
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

KIND, HEADER = "window-matters", "窗口号,事项,开始日期,结束日期"


@pytest.fixture
def hr() -> User:
    """HR of the one department whose matter is `move`."""
    CentreFactory()
    tax = DepartmentFactory(code="tax")
    matter_draft(code="move", department=tax)
    matter_draft(code="foreign", department=DepartmentFactory(code="market"), basic_code="2")
    WindowFactory(number=7)
    return UserFactory(hr=True, hr_grant__department=tax)


def periods() -> list[tuple[int, str, date, date | None]]:
    rows = WindowMatter.objects.order_by("starts_on").values_list(
        "window__number", "matter__code", "starts_on", "until"
    )
    return list(rows)


def test_a_window_serves_a_matter_from_a_day_until_a_day(hr: User) -> None:
    first = HEADER, "007,move,2026-01-01,2026-06-30", "7,move,2026-07-01,"
    assert counts(imported(KIND, hr, *first)) == (2, 0, 0, 0)
    assert counts(imported(KIND, hr, *first)) == (0, 0, 2, 0)
    assert counts(imported(KIND, hr, HEADER, "7,move,2026-07-01,2026-12-31")) == (0, 1, 0, 0)
    assert counts(imported(KIND, hr, "window,matter,starts_on", "7,move,2026-07-01")) == (0, 0, 1, 0)
    assert periods() == [
        (7, "move", date(2026, 1, 1), date(2026, 6, 30)),
        (7, "move", date(2026, 7, 1), date(2026, 12, 31)),
    ]
    assert AuditEvent.objects.filter(action="matters.window_serves", actor_id=hr.pk).count() == 3


def test_what_is_wrong_is_named_by_its_cell(hr: User) -> None:
    imported(KIND, hr, HEADER, "7,move,2026-07-01,")
    lines = "7,foreign,2026-01-01,", "7,moove,2026-01-01,", "70,move,2026-01-01,", "7,move,2026-03-01,2026-02-01"
    assert sentences(begun(KIND, hr, HEADER, *lines)) == [
        (2, "B", "you are not HR of the department “market”."),
        (3, "B", "no matter has the code “moove”. Did you mean “move”?"),
        (4, "A", "no window has the number “70”."),
        (5, "D", "The last day comes before the first."),
    ]


@pytest.mark.parametrize(
    ("line", "since"),
    [("7,move,2026-08-01,", "2026-07-01"), ("7,move,2026-01-01,2026-07-01", "2026-07-01")],
)
def test_periods_do_not_overlap(hr: User, line: str, since: str) -> None:
    imported(KIND, hr, HEADER, "7,move,2026-07-01,")
    text = f"the window serves the matter from {since} already; end that period before."
    assert sentences(begun(KIND, hr, HEADER, line)) == [(2, "C", text)]


def test_one_file_ends_a_period_and_begins_the_next(hr: User) -> None:
    imported(KIND, hr, HEADER, "7,move,2026-07-01,")
    run = imported(KIND, hr, HEADER, "7,move,2026-09-01,", "7,move,2026-07-01,2026-08-31")
    assert counts(run) == (1, 1, 0, 0)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imports_again_unchanged_and_has_ones_own_matters_alone(hr: User, file_format: str) -> None:
    imported(KIND, hr, HEADER, "7,move,2026-01-01,2026-06-30", "7,move,2026-07-01,")
    imported(KIND, UserFactory(hr=True), HEADER, "7,foreign,2026-07-01,")
    plan = again(KIND, hr, file_format)
    assert (plan.faults, plan.changes) == ([], [])
    assert plan.unchanged == import_of(KIND).count(hr, at=AT) == 2
