"""The one-time notice: everything an applicant must know at once, on one sheet, with what they have handed over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from training.lib.texts import text_in
from training.lib.workdays import NoWorkingDayError
from training.people.models import Centre, User, Window
from training.people.queries.working_time import shifts_of, working_calendar

from .models import LimitUnit, MatterVersion
from .presentation import MatterPage, limit_words, matter_page
from .queries.windows import windows_serving
from .rules import Limit, last_day


@dataclass(frozen=True)
class Notice:
    """What the sheet says; `materials` are those of the page, each with `have`."""

    page: MatterPage
    centre: Centre
    department: str
    fee: str
    result: str
    materials: Sequence[Mapping[str, Any]]
    windows: Sequence[Window]
    promised: str
    statutory: str
    by_day: date | None


def notice_of(version: MatterVersion, *, have: Collection[int], clerk: User, day: date) -> Notice:
    """Return the sheet as a clerk hands it out on a day; `have` are the places, from 1, of materials handed over.

    The window is the clerk's own of that day if it serves the matter, else all that do.
    """
    page, content = matter_page(version), version.content
    serving = windows_serving(version.matter, day)
    own = {shift.window_id for shift, _beside in shifts_of(clerk, day)}
    return Notice(
        page=page,
        centre=Centre.load(),
        department=text_in(content["department"]["name"]),
        fee=text_in(content["fee"]),
        result=text_in(content["result"]),
        materials=[{**row, "have": place in have} for place, row in enumerate(page.materials, start=1)],
        windows=[window for window in serving if window.pk in own] or serving,
        promised=limit_words(content["promised_days"], content.get("promised_unit")),
        statutory=limit_words(content["statutory_days"], content.get("statutory_unit")),
        by_day=_by_day(content, day),
    )


def _by_day(content: Mapping[str, Any], day: date) -> date | None:
    limit = Limit(content["promised_days"], content.get("promised_unit", LimitUnit.WORKING_DAYS))
    try:
        return last_day(limit, day, working_calendar(day))
    except NoWorkingDayError:
        return None
