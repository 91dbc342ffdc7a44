"""The demo's year: postings, leave, roster and holidays, so that every screen of HR shows something true."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from cms.demo.build import build
from training.lib.workdays import week_of
from training.people.models import CalendarDay, Leave, Posting, Shift, User
from training.people.queries import away, working_calendar

TODAY = date(2026, 11, 25)
A_YEAR = timedelta(days=365)


@pytest.mark.django_db
def test_a_year_of_the_centre() -> None:
    build(number=60, today=TODAY, say=lambda _step: None)
    # postings: moves, people lent, people gone, never two at a time
    assert Posting.objects.filter(until__gt=TODAY - A_YEAR, until__lt=TODAY, person__is_active=True).exists()
    lent = Posting.objects.on(TODAY).filter(is_loan=True)
    assert lent.exists()
    for loan in lent:
        own = loan.person.postings.own().on(TODAY).get()
        assert own.section != loan.section
    gone = User.objects.filter(is_active=False)
    assert gone.count() >= 2
    assert not Posting.objects.on(TODAY).filter(person__in=gone).exists()
    held = list(Posting.objects.own().order_by("person", "starts_on").values_list("person", "starts_on", "until"))
    for (person, _from, until), (other, starts_on, _until) in pairwise(held):
        assert person != other or (until is not None and until < starts_on)
    # holidays as published for 2026, and nothing made up for 2027
    assert working_calendar().count(date(2026, 1, 1), date(2026, 12, 31)) == 248
    assert set(CalendarDay.objects.filter(day__year=2027).values_list("is_working", flat=True)) == {False}
    # leave never overlaps and begins on a day that is worked by its weekday
    spans = list(Leave.objects.order_by("person", "starts_on").values_list("person", "starts_on", "until"))
    assert len(spans) > 40
    for (person, _from, until), (other, starts_on, _until) in pairwise(spans):
        assert person != other or until < starts_on
    assert Leave.objects.filter(starts_on__gt=TODAY).exists()
    # the roster: on working days only, from three weeks ago to the end of the week after next, with gaps
    monday = week_of(TODAY)[0]
    days = sorted(set(Shift.objects.values_list("day", flat=True)))
    assert (days[0], days[-1]) == (monday - timedelta(weeks=3), monday + timedelta(days=18))
    assert all(working_calendar().is_working(day) for day in days)
    clerk = User.objects.get(staff_number="clerk")
    assert clerk.shifts.filter(day=TODAY, half="morning").exists()
    assert not away([clerk], TODAY, TODAY)
