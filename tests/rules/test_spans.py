"""From when until when each version of a policy is in force."""

from datetime import date

from training.matters.rules import InForce, State, in_force


def day(month: int, number: int = 1) -> date:
    return date(2026, month, number)


def test_a_version_ends_the_day_before_a_later_one_begins_or_when_it_expires() -> None:
    spans = in_force([(1, day(1), None), (2, day(3), day(5, 31)), (3, day(9), None)])
    assert spans == [
        InForce(1, day(1), day(2, 28)),
        InForce(2, day(3), day(5, 31)),
        InForce(3, day(9), None),
    ]
    assert [span.on(day(6)) for span in spans] == [State.PAST, State.PAST, State.COMING]
    assert [span.on(day(3)) for span in spans] == [State.PAST, State.IN_FORCE, State.COMING]
    assert [span.on(day(5, 31)) for span in spans][1] is State.IN_FORCE


def test_a_version_replaced_before_its_day_never_counts() -> None:
    first, second = in_force([(1, day(5), None), (2, day(4), None)])
    assert {first.on(day(month)) for month in range(1, 13)} == {State.NEVER}
    assert second.on(day(6)) is State.IN_FORCE
