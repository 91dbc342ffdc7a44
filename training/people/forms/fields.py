"""Fields that several forms share: a day, a department, a member of staff by number or name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from training.people.models import Department, User
from training.people.models.staff import UserQuerySet

ISO_DAY = "%Y-%m-%d"


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format=ISO_DAY, attrs={"type": "date"})
        super().__init__(input_formats=[ISO_DAY], widget=widget, **kwargs)


class DepartmentField(forms.ModelChoiceField):
    """A department by its code, drawn as a tree."""

    def label_from_instance(self, obj: Department) -> str:
        return "\u2003" * (obj.depth - 1) + str(obj)


class PersonField(forms.CharField):
    """Somebody of `people`, by staff number or by a name that only one of them has."""

    people: UserQuerySet

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Person"))
        kwargs.setdefault("help_text", _("Staff number, or as much of the name as only one person has."))
        super().__init__(max_length=100, **kwargs)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        exact = self.people.filter(staff_number__iexact=words).first()
        found = [exact] if exact else list(self.people.found_by(words).order_by("staff_number")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("Nobody you keep the records of has that number or name. Check the spelling."))
        named = "; ".join(f"{person} ({person.staff_number})" for person in found[:5])
        raise ValidationError(_("Several people fit: %(named)s. Enter the staff number."), params={"named": named})


def number_of(person: User | None) -> str:
    """Return what the field shows for somebody already chosen."""
    return person.staff_number if person else ""
