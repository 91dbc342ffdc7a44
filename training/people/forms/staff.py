"""What people type and choose about staff."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.people import permissions
from training.people.models import ApiKey, Department, Position, Role, Section, User
from training.people.queries import StaffFilter, further_filters

from .fields import DepartmentField

LONGEST_SEARCH = 100


class StaffFilterForm(forms.Form):
    """The filter of the staff list, as it stands in the address."""

    q = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=LONGEST_SEARCH)
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("staff", "Active")),
            ("away", _("On leave")),
            ("left", _("Left")),
            ("all", _("All")),
        ],
    )
    section = forms.ModelChoiceField(
        label=pgettext_lazy("of a hall", "Section"),
        required=False,
        queryset=Section.objects.none(),
        to_field_name="code",
        empty_label=_("All sections"),
    )
    position = forms.ModelChoiceField(
        label=_("Position"),
        required=False,
        queryset=Position.objects.order_by("code"),
        to_field_name="code",
        empty_label=_("All positions"),
    )
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
    since = forms.DateField(label=_("New since"), required=False, widget=forms.DateInput({"type": "date"}))
    window = forms.ChoiceField(
        label=_("Window"), required=False, choices=[("", _("With or without")), ("none", _("Without a window"))]
    )
    sort = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[
            ("", _("Staff number")),
            ("name", pgettext_lazy("person", "Name")),
            ("department", _("Department")),
            ("new", _("Newest first")),
        ],
    )

    FIRST = ("q", "department", "state")

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        field = self.fields["department"]
        field.to_field_name = "code"
        field.queryset = permissions.departments_overseen(viewer).order_by("path")
        self.fields["section"].queryset = Section.objects.order_by("code")
        self.further = further_filters()
        for one in self.further:
            self.fields[one.name] = forms.ChoiceField(label=one.label, required=False, choices=one.choices)
        self.order_fields([*(name for name in self.fields if name != "sort"), "sort"])
        for one in self.fields.values():
            is_choice = isinstance(one, forms.ChoiceField)
            one.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that are always open."""
        return [self[name] for name in self.FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind "More filters"."""
        return [field for field in self if field.name not in self.FIRST]

    @property
    def more_is_used(self) -> bool:
        return any(field.value() for field in self.more)

    def wanted(self) -> StaffFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return StaffFilter(
            words=chosen.get("q", ""),
            department=chosen.get("department"),
            state=chosen.get("state", ""),
            section=chosen.get("section"),
            position=chosen.get("position"),
            role=chosen.get("role", ""),
            since=chosen.get("since"),
            without_window=chosen.get("window") == "none",
            sort=chosen.get("sort", ""),
            further={one.name: chosen[one.name] for one in self.further if chosen.get(one.name)},
        )

    def address(self) -> str:
        """Return what is chosen as it stands in an address, without what is left open or cannot be read."""
        self.is_valid()
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])


class ViewNameForm(forms.Form):
    """What somebody calls a filter of the staff list they keep."""

    name = forms.CharField(
        label=_("Name of the view"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class ApiKeyForm(forms.ModelForm):
    """A new key: which system, about whose staff, until when."""

    department = DepartmentField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.all(),
        to_field_name="code",
        empty_label=_("The whole centre"),
        help_text=_("The key tells of the staff of this department and all below it."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "department", "expires_on")
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"expires_on": _("Empty: until somebody closes it.")}
