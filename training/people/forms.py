"""What people type and choose about staff."""

from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.tables import TableError, read_table

from . import permissions
from .columns import layout_of
from .models import ApiKey, Department, User
from .queries import StaffFilter

LONGEST_SEARCH = 100


class DepartmentField(forms.ModelChoiceField):
    """A department by its code, drawn as a tree."""

    def label_from_instance(self, obj: Department) -> str:
        return "\u2003" * (obj.depth - 1) + str(obj)


class StaffFilterForm(forms.Form):
    """The filter of the staff list, as it stands in the address."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=LONGEST_SEARCH)
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("staff", "Active")), ("left", _("Left")), ("all", _("All"))],
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        field = self.fields["department"]
        field.to_field_name = "code"
        field.queryset = permissions.departments_overseen(viewer).order_by("path")
        for name, css in (("q", "form-control"), ("department", "form-select"), ("state", "form-select")):
            self.fields[name].widget.attrs["class"] = css

    def wanted(self) -> StaffFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        return StaffFilter(
            words=self.cleaned_data.get("q", ""),
            department=self.cleaned_data.get("department"),
            state=self.cleaned_data.get("state", ""),
        )


class StaffListForm(forms.Form):
    """A staff list to check: a workbook or CSV file with the right headings."""

    file = forms.FileField(
        label=_("Staff list"),
        help_text=_("XLSX or CSV, up to 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> IO[bytes]:
        """Say everything that is wrong with the file itself or its headings."""
        file = self.cleaned_data["file"]
        try:
            layout_of(read_table(file, name=file.name))
        except TableError as error:
            raise ValidationError(error.messages) from error
        return file


class ConfirmForm(forms.Form):
    """Which checked list to import, and whether the lines with faults are left out."""

    token = forms.CharField(max_length=32)
    only_valid = forms.BooleanField(required=False)


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
