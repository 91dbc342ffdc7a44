"""What a course asks for first, and how long it counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from training.lib.texts import text_in

from .required import titled

MOST_MONTHS = 120


class CoursesField(forms.ModelMultipleChoiceField):
    """Courses by the titles of their newest versions."""

    def label_from_instance(self, obj: Course) -> str:
        return text_in(getattr(obj, "newest", None)) or obj.slug


class TermsForm(forms.Form):
    """Which courses come first, and for how many months having finished this one counts."""

    prerequisites = CoursesField(
        label=_("Courses to finish first"),
        queryset=Course.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_months = forms.IntegerField(
        label=_("Counts for so many months"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("Empty: for ever. Where a rule asks for the course, it is asked for once more 60 days before."),
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prerequisites"].queryset = titled(Course.objects.exclude(pk=course.pk))
