"""What is typed about the parts of the centre: adding, renaming, moving, closing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import TextsFormField
from training.people.models import Department, Hall, Section

from .fields import DayField, DepartmentField


class CodeForm(forms.Form):
    """A new hall or position: a code that stays and a name that may change."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Letters, digits and hyphens. Stands in lists and addresses and never changes."),
    )
    name = TextsFormField(label=pgettext_lazy("part of the centre", "Name"))


class DepartmentForm(CodeForm):
    """A new department and where it stands in the tree."""

    parent = DepartmentField(
        label=_("Under"), queryset=Department.objects.none(), to_field_name="code", required=False,
        empty_label=_("Nothing, it stands at the top"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Department.objects.filter(until=None)


class SectionForm(CodeForm):
    """A new section and its hall."""

    hall = forms.ModelChoiceField(label=_("Hall"), queryset=Hall.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].queryset = Hall.objects.filter(until=None).order_by("code")


class SectionField(forms.ModelChoiceField):
    """A section by its code, with its hall."""

    def label_from_instance(self, obj: Section) -> str:
        return f"{obj.hall} · {obj}"


class SectionChoice(forms.Form):
    """Which section something stands in."""

    section = SectionField(
        label=pgettext_lazy("of a hall", "Section"), queryset=Section.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Section.objects.filter(until=None, hall__until=None).select_related("hall")
        self.fields["section"].queryset = chosen.order_by("hall__code", "code")


class WindowForm(SectionChoice):
    """A new window: the number over it, a name if it has one, and its section."""

    number = forms.IntegerField(label=_("Number"), min_value=1, help_text=_("The number over the window."))
    name = TextsFormField(label=pgettext_lazy("part of the centre", "Name"), required=False)
    field_order = ["number", "name", "section"]


class RenameForm(forms.Form):
    """Another name, in every language."""

    name = TextsFormField(label=_("New name"))


class RenameWindowForm(forms.Form):
    """Another name for a window, or none."""

    name = TextsFormField(label=_("New name"), required=False)


class MoveDepartmentForm(forms.Form):
    """Another place in the tree."""

    parent = DepartmentField(
        label=_("Under"), queryset=Department.objects.none(), to_field_name="code", required=False,
        empty_label=_("Nothing, it stands at the top"),
    )  # fmt: skip

    def __init__(self, *args: Any, part: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Department.objects.filter(until=None).exclude(path__startswith=part.path)


class MoveWindowForm(SectionChoice):
    """Another section, and from which day."""

    starts_on = DayField(label=_("From"), help_text=_("The first day in the new section; today or earlier."))
    field_order = ["section", "starts_on"]


class CloseForm(forms.Form):
    """The last day."""

    last_day = DayField(label=_("Last day"))
