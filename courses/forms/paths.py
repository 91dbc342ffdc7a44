"""Writing a learning path: what it is, and its steps as a list of small forms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Assignment, Course, LearningPath
from courses.services.paths import Step
from training.lib.texts import TextsFormField
from training.people.models import Position

from .required import MOST_DAYS, CourseField, WhoForm, titled

MOST_STEPS = 40
ROWS_AT_FIRST = 3
Row = Mapping[str, Any]


class PathForm(forms.Form):
    """What a path is called, and for whom it is; its address is chosen once."""

    title = TextsFormField(label=_("Title"))
    slug = forms.SlugField(
        label=pgettext_lazy("web page", "Address"),
        max_length=60,
        help_text=_("Small Latin letters, digits and dashes. It stays as it is."),
    )
    summary = TextsFormField(label=_("Summary"), required=False, rows=2)
    audience = TextsFormField(
        label=_("Written for"), required=False, help_text=_("In words, such as: everybody new at a window.")
    )
    position = forms.ModelChoiceField(
        label=_("Position"),
        required=False,
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("No position in particular"),
        help_text=_("Filled in beforehand when somebody asks for the courses of the path."),
    )

    def __init__(self, *args: Any, path: LearningPath | None, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Position.objects.filter(pk=path.position_id) if path else Position.objects.none()
        self.fields["position"].queryset = (Position.objects.open_on(today) | kept).order_by("code")
        if path is not None:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, unjudged, to be shown once more."""
        return {name: self[name].data for name in self.fields}


class AskForm(WhoForm):
    """Of whom the courses of a path are asked; for its position, and for people new in it, if nothing else is said."""

    def __init__(self, *args: Any, path: LearningPath, **kwargs: Any) -> None:
        position = path.position.code if path.position else None
        super().__init__(*args, initial={"position": position, "kind": Assignment.Why.ONBOARDING}, **kwargs)


class StepForm(forms.Form):
    """A course of a path; a line without one counts for nothing."""

    course = CourseField(required=False, empty_label=_("Choose a course"))
    is_required = forms.BooleanField(label=_("Required"), required=False)
    days = forms.IntegerField(label=_("Within days"), required=False, min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One query for all lines of the form, not one for each.
        self.fields["course"].queryset = courses
        self.fields["course"].choices = [("", _("Choose a course")), *courses.choices]
        self.fields["course"].widget.attrs["class"] = "form-select"
        self.fields["days"].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("days") and not facts.get("course") and "course" not in self.errors:
            self.add_error("course", _("Choose the course, or empty the days."))
        return facts


class BaseStepFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # serves one form
    """The steps of a path in their order."""

    @property
    def steps(self) -> list[Step]:
        """The steps it says, once it is valid."""
        facts = [form.cleaned_data for form in self.forms]
        return [Step(one["course"], one["is_required"], one["days"]) for one in facts if one.get("course")]

    def typed(self, action: str) -> list[Row]:
        """Return the lines as typed, unjudged, with one moved or taken away, or an empty one more."""
        rows: list[Row] = [{name: form[name].data for name in StepForm.base_fields} for form in self.forms]
        verb, _colon, number = action.partition(":")
        place = int(number) if number.isdecimal() and int(number) < len(rows) else None
        if verb == "more":
            rows.append({"is_required": True})
        elif place is not None and verb == "drop":
            del rows[place]
        elif place is not None and verb in ("up", "down"):
            row = rows.pop(place)
            rows.insert(max(place - 1, 0) if verb == "up" else place + 1, row)
        return rows


def step_form(data: QueryDict | None, rows: Sequence[Row], *, kept: Iterable[Course] = ()) -> BaseStepFormSet:
    """Return the form of a path's steps, filled with `rows`; courses on offer can be chosen, and those `kept`."""
    pks = [course.pk for course in kept]
    courses = titled(Course.objects.filter(Q(is_offered=True) | Q(pk__in=pks)))
    field = cast("CourseField", StepForm.base_fields["course"])
    courses.choices = [(one.slug, field.label_from_instance(one)) for one in courses]  # type: ignore[attr-defined]  # a choice field
    formset = forms.formset_factory(
        StepForm, formset=BaseStepFormSet, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS
    )
    facts = {"courses": courses, "use_required_attribute": False, "empty_permitted": False}
    return cast("BaseStepFormSet", formset(data, initial=list(rows), prefix="step", form_kwargs=facts))
