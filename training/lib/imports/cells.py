"""Reads the cells of one row into what they mean, and names every cell that means nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TypeVar

from django.utils.translation import gettext as _

from training.lib.days import day_of
from training.lib.tables import Fault, Row

from .matching import Layout

Thing = TypeVar("Thing")
LONGEST = 200


@dataclass
class Cells:
    """One row; `faults` collects what is wrong with it. A field the file has no column for is None."""

    row: Row
    layout: Layout
    faults: list[Fault] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.row.line

    def has(self, name: str) -> bool:
        """Tell whether the file has the column."""
        return name in self.layout.places

    def fault(self, name: str, text: str) -> None:
        self.faults.append(Fault(text, self.row.line, self.layout.letters.get(name)))

    def text(self, name: str, *, limit: int = LONGEST) -> str | None:
        place = self.layout.places.get(name)
        if place is None:
            return None
        value = self.row.cells[place]
        if len(value) > limit:
            self.fault(name, _("more than %(limit)d characters.") % {"limit": limit})
        return value

    def required(self, name: str, *, limit: int = LONGEST) -> str:
        value = self.text(name, limit=limit) or ""
        if not value:
            self.fault(name, _("the cell is empty; it must be filled in."))
        return value

    def day(self, name: str) -> date | None:
        """The day in the cell; None when it is blank or none, which is then a fault."""
        value = self.text(name)
        if not value:
            return None
        day = day_of(value)
        if day is None:
            self.fault(name, _("“%(value)s” is not a date. Write it as 2026-03-01.") % {"value": shown(value)})
        return day

    def required_day(self, name: str) -> date | None:
        return self.day(name) if self.required(name) else None

    def whole(self, name: str, low: int, high: int) -> int | None:
        """The whole number in the cell; None when it is blank or none, which is then a fault."""
        value = self.text(name)
        if not value:
            return None
        if value.isascii() and value.isdigit() and low <= int(value) <= high:
            return int(value)
        facts = {"value": shown(value), "low": low, "high": high}
        self.fault(name, _("“%(value)s” is not a whole number from %(low)d to %(high)d.") % facts)
        return None

    def decimal(self, name: str, low: Decimal, high: Decimal) -> Decimal | None:
        """The number in the cell with at most one decimal; None when it is blank or none, which is then a fault."""
        value = self.text(name)
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and low <= number <= high and number == round(number, 1):
            return round(number, 1)
        facts = {"value": shown(value), "low": low, "high": high}
        self.fault(name, _("“%(value)s” is not a number from %(low)s to %(high)s with at most one decimal.") % facts)
        return None

    def look_up(self, name: str, things: Mapping[str, Thing], text: str) -> Thing | None:
        """Find what a code in the cell names, None for a blank; suggests the code that was probably meant."""
        code = self.text(name)
        if not code or code in things:
            return things.get(code or "")
        near = [] if code.isdecimal() else get_close_matches(code, things, n=1)  # the next number is no slip
        hint = " " + _("Did you mean “%(code)s”?") % {"code": near[0]} if near else ""
        self.fault(name, text % {"value": shown(code)} + hint)
        return None


def shown(value: str) -> str:
    """The value as an error can show it: on one line, not too long."""
    flat = " ".join(value.split())
    return flat if len(flat) <= 40 else flat[:39] + "…"
