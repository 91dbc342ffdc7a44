"""Who stands on the roster and is gone: they left, or moved to another section, after the roster was made."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.workdays import week_of
from training.people import permissions
from training.people.models import Posting, Section, Shift, User


class Gone(models.TextChoices):
    """Why somebody will not stand where the roster has them."""

    LEFT = "left", _("has left")
    MOVED = "moved", _("has moved")


class Whereabouts:
    """Where people are posted, read once for all of them (one query)."""

    def __init__(self, people: Iterable[int]) -> None:
        self.postings: dict[int, list[Posting]] = defaultdict(list)
        for posting in Posting.objects.filter(person__in=list(people)).only("person", "section", "starts_on", "until"):
            self.postings[posting.person_id].append(posting)

    def gone(self, person: User, section: int, day: date) -> str:
        """Return why the person is gone from the section by that day; "" if nothing says so.

        Only those who were posted there have moved away: whoever was put there from elsewhere stands in for somebody.
        """
        postings = self.postings[person.pk]
        running = [one for one in postings if one.starts_on <= day and (one.until is None or one.until >= day)]
        if not running:
            return "" if person.is_active else Gone.LEFT
        if any(one.section_id == section for one in running):
            return ""
        was_here = any(one.section_id == section and one.until and one.until < day for one in postings)
        return Gone.MOVED if was_here else ""


def shifts_of_the_gone(keeper: User, monday: date, *, section: Section | None, today: date) -> list[Shift]:
    """Return the shifts of the week, from today on, of people whom `keeper` keeps and who are gone (two queries)."""
    week = [day for day in week_of(monday) if day >= today]
    if not week:
        return []
    kept = permissions.departments_kept(keeper)
    found = Shift.objects.between(week[0], week[-1]).filter(person__department__in=kept)
    if section is not None:
        found = found.filter(window__section=section)
    shifts = list(found.select_related("person", "window").order_by("day", "-half", "person__staff_number"))
    whereabouts = Whereabouts({shift.person_id for shift in shifts})
    return [one for one in shifts if whereabouts.gone(one.person, one.window.section_id, one.day)]
