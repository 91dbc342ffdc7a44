"""What HR types and chooses about one person's record."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import rules
from .forms import DepartmentField
from .models import Department, Position, Role, Section, User, Window

LONGEST_NAME = 100


class DayInput(forms.DateInput):
    """A day, picked from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WindowField(forms.ModelChoiceField):
    """A window by its number, with the section it stands in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Window.objects.none(), to_field_name="number", label=_("Window"), **kwargs)

    def label_from_instance(self, obj: Window) -> str:
        return f"{obj} · {obj.section}"


class SectionField(forms.ModelChoiceField):
    """A hall section by its code."""

    def __init__(self, **kwargs: Any) -> None:
        label = pgettext_lazy("of a hall", "Section")
        super().__init__(queryset=Section.objects.none(), to_field_name="code", label=label, **kwargs)


def offer_open(form: forms.Form, today: date) -> None:
    """Let the form's windows, sections and positions be those that have not closed."""
    offered = {
        "window": Window.objects.select_related("section").open_on(today).order_by("number"),
        "section": Section.objects.open_on(today).order_by("code"),
        "position": Position.objects.open_on(today).order_by("code"),
    }
    for name in offered.keys() & form.fields.keys():
        form.fields[name].queryset = offered[name]


class PlaceForm(forms.Form):
    """Where somebody stands from a day on: department, position, window or section."""

    department = DepartmentField(label=_("Department"), queryset=Department.objects.none(), to_field_name="code")
    position = forms.ModelChoiceField(label=_("Position"), queryset=Position.objects.none(), to_field_name="code")
    window = WindowField(required=False, empty_label=_("No window"))
    section = SectionField(
        required=False, empty_label=_("No section"), help_text=_("Only where there is no window: a window says it.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())

    def __init__(self, *args: Any, departments: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments.open_on(today).order_by("path")
        offer_open(self, today)


class NamesForm(forms.Form):
    """Names, language and address of somebody on record."""

    display_name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=LONGEST_NAME, help_text=_("In any script.")
    )
    latin_name = forms.CharField(
        label=_("Name in Latin letters"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Stands on certificates beside the other."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Nothing is sent there before the person has confirmed it.")
    )

    def clean_display_name(self) -> str:
        """Say what a name is."""
        name: str = self.cleaned_data["display_name"]
        if not rules.is_name(name):
            raise ValidationError(_("A name begins with a letter and stands on one line."))
        return name

    def clean_latin_name(self) -> str:
        """Say what a name in Latin letters is."""
        name: str = self.cleaned_data["latin_name"]
        if name and not rules.is_latin_name(name):
            raise ValidationError(_("The name in Latin letters may hold no others."))
        return name


class HireForm(PlaceForm, NamesForm):
    """Somebody new: number, names, and the first posting."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=30)
    field_order = ("staff_number", "display_name", "latin_name", "department", "position", "window", "section")

    def clean_staff_number(self) -> str:
        """Say what a staff number is, and whether somebody has it."""
        number: str = self.cleaned_data["staff_number"]
        if not rules.is_staff_number(number):
            raise ValidationError(_("A staff number is up to 30 letters and digits."))
        if User.objects.filter(staff_number__iexact=number).exists():
            raise ValidationError(_("The staff number %(number)s is taken.") % {"number": number})
        return number


class LoanForm(forms.Form):
    """To which section or window somebody is lent, and for which days."""

    window = WindowField(required=False, empty_label=_("No window"))
    section = SectionField(
        required=False, empty_label=_("No section"), help_text=_("Only where there is no window: a window says it.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    until = forms.DateField(label=_("Last day"), widget=DayInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_open(self, today)


class LastDayForm(forms.Form):
    """The last day of something."""

    last_day = forms.DateField(label=_("Last day"), widget=DayInput())


class FirstDayWithoutForm(forms.Form):
    """The first day without something."""

    on = forms.DateField(label=_("First day without it"), widget=DayInput())


class RoleForm(forms.Form):
    """A role, over what, from when until when."""

    role = forms.ChoiceField(label=_("Role"))
    department = DepartmentField(
        label=_("Over the department"),
        required=False,
        queryset=Department.objects.none(),
        to_field_name="code",
        help_text=_("It is held over all departments below, too."),
    )
    section = SectionField(
        required=False,
        empty_label=_("No section"),
        help_text=_("Instead of a department, for the head of a hall section: whoever is posted there is seen."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    until = forms.DateField(label=_("Last day"), widget=DayInput(), required=False)

    def __init__(
        self, *args: Any, giveable: Iterable[Role], departments: Any, whole: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_open(self, today)
        self.fields["role"].choices = [(role.value, role.label) for role in giveable]
        department = self.fields["department"]
        department.queryset = departments.order_by("path")
        department.required = not whole
        department.empty_label = _("The whole centre") if whole else _("Choose a department")
        if not whole:
            del self.fields["section"]


def first_day(day: date) -> dict[str, date]:
    """Return what a form about days begins with."""
    return {"starts_on": day, "on": day, "last_day": day}
