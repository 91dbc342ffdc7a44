"""What is typed about holidays and leave."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import TextsFormField
from training.lib.workdays import days_from
from training.people import permissions
from training.people.models import Department, Leave, User
from training.people.services import CalendarRow

from .fields import DayField, DepartmentField, PersonField

LONGEST_HOLIDAY = 31
WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


class HolidayForm(forms.Form):
    """A holiday from one day to another, and the days worked instead."""

    name = TextsFormField(label=_("Holiday"))
    first = DayField(label=_("First day off"))
    last = DayField(label=_("Last day off"))
    worked = DayField(label=_("Worked instead"), required=False, help_text=_("A day off by its weekday."))
    worked_too = DayField(label=_("Worked instead as well"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day off comes before the first."))
        elif first and last and (last - first).days >= LONGEST_HOLIDAY:
            self.add_error("last", _("That is more than a month. Check the dates."))
        for name in ("worked", "worked_too"):
            if first and last and data.get(name) and first <= data[name] <= last:
                self.add_error(name, _("This day lies in the holiday itself."))
        if data.get("worked") and data.get("worked") == data.get("worked_too"):
            self.add_error("worked_too", _("This day is named above already."))
        return data

    def rows(self) -> list[CalendarRow]:
        """Return the days of the calendar the form speaks of."""
        data = self.cleaned_data
        worked = [data[name] for name in ("worked", "worked_too") if data.get(name)]
        days = [(day, False) for day in days_from(data["first"], data["last"])] + [(day, True) for day in worked]
        return [CalendarRow(day, is_working, data["name"]) for day, is_working in days]


class WorkingDaysForm(forms.Form):
    """On which weekdays the centre works."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("The centre works on"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )


class LeaveForm(forms.Form):
    """Leave on record: kind, first and last day."""

    kind = forms.ChoiceField(label=pgettext_lazy("of leave", "Kind"), choices=Leave.Kind.choices)
    starts_on = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))
    frees = forms.BooleanField(
        label=_("Take them off the roster for these days"),
        required=False,
        help_text=_("Else the roster shows that the window stands empty."),
    )


class NewLeaveForm(LeaveForm):
    """Leave of somebody whose records one keeps."""

    person = PersonField()
    field_order = ["person", "kind", "starts_on", "until", "frees"]

    def __init__(self, *args: Any, keeper: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].people = User.objects.active().filter(department__in=permissions.departments_kept(keeper))


class LeaveFilter(forms.Form):
    """Which month and whose leave to list; stands in the address."""

    month = forms.CharField(label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), to_field_name="code",
        empty_label=_("All departments"),
    )  # fmt: skip
    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.today = today
        self.fields["department"].queryset = permissions.departments_overseen(viewer).order_by("path")
        for name, css in (("month", "form-control"), ("department", "form-select"), ("q", "form-control")):
            self.fields[name].widget.attrs["class"] = css

    @property
    def first(self) -> date:
        """The first day of the month asked for; of this month when none can be read."""
        self.is_valid()
        try:
            return date.fromisoformat(f"{self.cleaned_data.get('month', '')}-01")
        except ValueError:
            return self.today.replace(day=1)

    @property
    def last(self) -> date:
        """The last day of that month."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def chosen(self) -> dict[str, Any]:
        """Return the rest of the filter; what cannot be read filters nothing."""
        self.is_valid()
        return {"department": self.cleaned_data.get("department"), "words": self.cleaned_data.get("q", "")}
