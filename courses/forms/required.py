"""Rules of required training, the list of what is asked, letting somebody off."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses import permissions
from courses.models import Assignment, Course, TrainingRequirement
from courses.queries.required import LineFilter, Who, newest_title
from training.authorisations.models import Entrustment
from training.lib.texts import TextsFormField, text_in
from training.matters.models import ServiceMatter
from training.people.forms.fields import DayField, DepartmentField
from training.people.models import Department, Position, User
from training.people.models.staff import UserQuerySet

LONGEST_SEARCH = 100
MOST_DAYS = 730
MOST_NAMED = 500


class CourseField(forms.ModelChoiceField):
    """A course by the title of its newest version."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Course"))
        super().__init__(queryset=Course.objects.none(), to_field_name="slug", **kwargs)

    def label_from_instance(self, obj: Course) -> str:
        return text_in(getattr(obj, "newest", None)) or obj.slug


def titled(courses: "QuerySet[Course]") -> "QuerySet[Course]":
    """Return the courses that were ever published, each with its `newest` title."""
    return courses.annotate(newest=newest_title("pk")).filter(versions__number=1).order_by("slug")


class PeopleField(forms.CharField):
    """Members of `people` by their staff numbers, between commas, blanks or lines."""

    people: UserQuerySet
    widget = forms.Textarea

    def clean(self, value: Any) -> list[User]:
        numbers = [word for word in re.split(r"[\s,;，；、]+", super().clean(value) or "") if word]
        if len(numbers) > MOST_NAMED:
            raise ValidationError(_("Name %(most)s people at most."), params={"most": MOST_NAMED})
        wanted = {number.upper(): number for number in numbers}
        found = {person.staff_number.upper(): person for person in self.people.filter(staff_number__in=_cases(wanted))}
        if strange := [number for key, number in wanted.items() if key not in found]:
            raise ValidationError(
                _("Nobody you may ask has these numbers: %(numbers)s."), params={"numbers": ", ".join(strange[:10])}
            )
        return [found[key] for key in wanted]


def _cases(numbers: dict[str, str]) -> set[str]:
    """Return the numbers as typed and in either case, as they may stand on record."""
    return {case for key, typed in numbers.items() for case in (key, key.lower(), typed)}


class WhoForm(forms.Form):
    """Of whom training is asked, and why."""

    department = DepartmentField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        help_text=_("With all below it. All of the conditions you fill in must hold for a person."),
    )
    position = forms.ModelChoiceField(
        label=_("Position"),
        required=False,
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("Any position"),
    )
    matter = forms.ModelChoiceField(
        label=_("Service matter"),
        required=False,
        queryset=ServiceMatter.objects.none(),
        to_field_name="code",
        empty_label=_("Any matter, or none"),
        help_text=_("Whoever stands at a window that serves it."),
    )
    entrustment = forms.TypedChoiceField(
        label=_("Authorised"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Whether authorised or not")), *Entrustment.choices],
        help_text=_("At this level or more: for the matter above, or for any if none is chosen."),
    )
    people = PeopleField(
        label=_("Only these people"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Staff numbers, between blanks or on lines of their own."),
    )
    kind = forms.ChoiceField(label=_("Reason"), choices=Assignment.Why.choices)
    why = TextsFormField(
        label=_("What the people are told"),
        required=False,
        help_text=_("Left empty, a usual sentence for the reason stands there."),
    )

    def __init__(self, *args: Any, by: User, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        department.queryset = permissions.departments_asked(by).open_on(today).order_by("path")
        if permissions.may_ask_everybody(by):
            department.required, department.empty_label = False, _("The whole centre")
        self.fields["position"].queryset = Position.objects.open_on(today).order_by("code")
        self.fields["matter"].queryset = ServiceMatter.objects.filter(live=True).order_by("code")
        self.fields["people"].people = permissions.asked_staff(by, today=today).active()

    @staticmethod
    def who(facts: dict[str, Any]) -> Who:
        """Return whom what was filled in covers."""
        return Who(*(facts[name] for name in ("department", "position", "matter", "entrustment", "people")))


class RuleForm(WhoForm):
    """Which course is asked of whom, by when and why."""

    course = CourseField()
    due_on = DayField(label=_("Due on"), required=False)
    due_days = forms.IntegerField(
        label=_("Or so many days after it applies to somebody"), required=False, min_value=1, max_value=MOST_DAYS
    )
    is_anew = forms.BooleanField(
        label=_("Those who finished it before do it again"),
        required=False,
        help_text=_("For a course whose content has changed in earnest. Their earlier record stays."),
    )
    field_order = ("course", "department", "position", "matter", "entrustment", "people", "due_on", "due_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = titled(Course.objects.filter(is_offered=True))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and (facts.get("due_on") is None) == (facts.get("due_days") is None):
            self.add_error("due_on", _("Give a day or a number of days, not both."))
        return facts


class LineFilterForm(forms.Form):
    """The filter of what is asked, as it stands in the address."""

    q = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=LONGEST_SEARCH)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("required training", "Overdue")),
            *TrainingRequirement.State.choices,
            ("all", _("All")),
        ],
    )
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )
    course = CourseField(required=False, empty_label=_("All courses"))
    rule = forms.ModelChoiceField(queryset=Assignment.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        department = self.fields["department"]
        department.to_field_name = "code"
        department.queryset = permissions.departments_held(viewer).order_by("path")
        self.fields["course"].queryset = titled(Course.objects.all())
        self.fields["rule"].queryset = permissions.rules_seen(viewer)
        for one in self.visible_fields():
            is_choice = isinstance(one.field, forms.ChoiceField)
            one.field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def wanted(self) -> LineFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return LineFilter(
            words=chosen.get("q", ""),
            department=chosen.get("department"),
            course=chosen.get("course"),
            rule=chosen.get("rule"),
            state=chosen.get("state") or "late",
        )

    def address(self) -> str:
        """Return what is chosen as it stands in an address."""
        self.is_valid()
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])


class WaiveForm(forms.Form):
    """Why somebody is let off."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays on record, and the person can read it."),
    )
