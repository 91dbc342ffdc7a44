"""The filter of learning hours, as it stands in the address; what is asked of whom."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from courses import permissions
from courses.models import HoursTarget
from courses.queries.hours import HoursFilter
from training.people import permissions as people_permissions
from training.people.forms.fields import DepartmentField
from training.people.models import Department, Position, Role, User

FIRST_YEAR = 2000
MOST_HOURS = 500


class HoursFilterForm(forms.Form):
    """Whose learning hours of which year are shown."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR)
    q = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=100)
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )
    state = forms.ChoiceField(
        label=_("Target"),
        required=False,
        choices=[("", _("Met or not")), ("short", _("Not met yet")), ("met", _("Met"))],
    )

    def __init__(self, *args: Any, viewer: User, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.this_year = this_year
        self.fields["year"].widget.attrs["placeholder"] = str(this_year)
        department = self.fields["department"]
        department.to_field_name = "code"
        department.queryset = permissions.departments_held(viewer).order_by("path")
        for one in self.fields.values():
            is_choice = isinstance(one, forms.ChoiceField)
            one.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def wanted(self) -> HoursFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        year = min(chosen.get("year") or self.this_year, self.this_year)
        return HoursFilter(year, chosen.get("q", ""), chosen.get("department"), chosen.get("state", ""))

    def address(self) -> str:
        """Return what is chosen as it stands in an address."""
        self.is_valid()
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])


class TargetForm(forms.Form):
    """How many class hours a year are asked of whom, from which year on."""

    department = DepartmentField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        help_text=_("With all below it."),
    )
    position = forms.ModelChoiceField(
        label=_("Position"),
        required=False,
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("Any position"),
    )
    kind = forms.ChoiceField(label=_("Of which kind"), required=False)
    first_year = forms.IntegerField(label=_("From the year"))
    hours = forms.IntegerField(
        label=_("Class hours a year"), min_value=0, max_value=MOST_HOURS, help_text=_("0: none are asked.")
    )

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"first_year": today.year}, **kwargs)
        department = self.fields["department"]
        department.queryset = people_permissions.departments_held(by, [Role.HR]).open_on(today).order_by("path")
        if permissions.keeps_all_targets(by):
            department.required, department.empty_label = False, _("The whole centre")
        self.fields["position"].queryset = Position.objects.open_on(today).order_by("code")
        self.fields["kind"].choices = [("", _("All kinds together")), *HoursTarget.Kind.choices]
        self.fields["first_year"].min_value = today.year
        self.fields["first_year"].widget.attrs |= {"min": today.year, "max": today.year + 5}
