"""Planning a training session, finding one, calling it off."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from courses import permissions
from courses.models import TrainingSession, Unit, UnitVersion
from courses.queries.required import newest_title
from courses.queries.sessions import Audience, SessionFilter
from courses.rules import weekly
from training.lib.texts import TextsFormField, text_in
from training.people.forms.fields import DayField, DepartmentField
from training.people.models import Department, Section, User
from training.people.queries import working_calendar

from .required import PeopleField

MOST_MINUTES = 720
MOST_SEATS = 2000
LONGEST_SERIES = timedelta(days=366)


class UnitField(forms.ModelChoiceField):
    """A lesson by the newest titles of its course and its own."""

    def label_from_instance(self, obj: Any) -> str:
        title = f"{text_in(obj.course_title)}: {text_in(obj.newest) or obj.slug}"
        return gettext("%(lesson)s (learned only in a classroom)") % {"lesson": title} if obj.is_classroom else title


class DepartmentsField(forms.ModelMultipleChoiceField):
    """Departments by their codes, drawn as a tree."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Department) -> str:
        return "\u2003" * (obj.depth - 1) + str(obj)


class SessionForm(forms.Form):
    """What is learned when and where, who gives it, and for whom it is."""

    title = TextsFormField(label=_("Title"))
    kind = forms.ChoiceField(label=_("Kind of training"), choices=TrainingSession.Kind.choices)
    day = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    until = DayField(
        label=_("Every week until"),
        required=False,
        help_text=_(
            "Plans one for each week up to this day, a year at most. Weeks in which it would fall on a day that is not "
            "worked are left out. Each can be changed and called off by itself. Empty: this one alone."
        ),
    )
    minutes = forms.IntegerField(
        label=_("Minutes that count"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("As learning hours. Empty: from the beginning to the end."),
    )
    room = forms.CharField(label=_("Held in"), max_length=100)
    trainers = PeopleField(
        label=_("Trainers"),
        help_text=_("Staff numbers, one on a line. They mark attendance."),
        widget=forms.Textarea({"rows": 2}),
    )
    departments = DepartmentsField(
        label=_("Departments invited"),
        required=False,
        queryset=Department.objects.none(),
        to_field_name="code",
        help_text=_("With all below them."),
    )
    sections = forms.ModelMultipleChoiceField(
        label=_("Hall sections invited"),
        required=False,
        queryset=Section.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    people = PeopleField(
        label=_("People invited by name"),
        required=False,
        help_text=_("Staff numbers, one on a line."),
        widget=forms.Textarea({"rows": 3}),
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Once all are taken, nobody who is not invited can join. Empty: as many as come."),
    )
    unit = UnitField(
        label=_("Counts as the lesson"),
        required=False,
        queryset=Unit.objects.none(),
        empty_label=_("No lesson of a course"),
        help_text=_("Whoever is there and learns that course has the lesson done."),
    )

    def __init__(
        self, *args: Any, by: User, now: datetime, session: TrainingSession | None = None, **kwargs: Any
    ) -> None:
        initial = initial_of(session) if session else {"trainers": by.staff_number}
        super().__init__(*args, initial=initial, **kwargs)
        today = timezone.localdate(now)
        departments, sections = permissions.departments_asked(by), permissions.sections_asked(by)
        people = permissions.invitable_staff(by, today=today).active()
        # what is invited already may stay, whoever changes the session
        kept = Audience.of(session) if session else Audience()
        departments = Department.objects.filter(_either(departments, kept.departments)).order_by("path")
        sections = Section.objects.filter(_either(sections, kept.sections)).order_by("code")
        self.fields["departments"].queryset = departments.open_on(today)
        self.fields["sections"].queryset = sections.open_on(today)
        self.fields["people"].people = User.objects.filter(_either(people, kept.people))
        self.fields["trainers"].people = User.objects.active()
        self.fields["unit"].queryset = titled_units()
        if session:
            del self.fields["until"]
        for name in ("departments", "sections"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors:
            facts["starts_at"], facts["ends_at"] = (
                timezone.make_aware(datetime.combine(facts["day"], facts[name])) for name in ("begins", "ends")
            )
            length = facts["ends_at"] - facts["starts_at"]
            if length <= timedelta(0):
                self.add_error("ends", _("It ends after it begins."))
            facts["minutes"] = facts["minutes"] or int(length.total_seconds()) // 60
            self._check_until(facts)
        if not self.errors and not self.audience():
            self.add_error(None, _("Say for whom the session is."))
        return facts

    def _check_until(self, facts: dict[str, Any]) -> None:
        if until := facts.get("until"):
            if until < facts["day"]:
                self.add_error("until", _("The last week lies before the first."))
            elif until > facts["day"] + LONGEST_SERIES:
                self.add_error("until", _("Plan a year at most."))

    def days(self) -> list[date]:
        """Return the days it is held on: the one chosen, or each week's that is worked."""
        first, until = self.cleaned_data["day"], self.cleaned_data.get("until")
        return weekly(first, until, working_calendar(first, until).is_working) if until else [first]

    @property
    def weeks(self) -> int:
        """How many weeks the series spans, worked or not."""
        until = self.cleaned_data.get("until") or self.cleaned_data["day"]
        return int((until - self.cleaned_data["day"]).days) // 7 + 1

    def audience(self) -> Audience:
        """Return for whom it is."""
        names = ("departments", "sections", "people")
        return Audience(*(list(self.cleaned_data.get(name) or ()) for name in names))

    def facts(self) -> dict[str, Any]:
        """Return the session's own facts, as the services take them."""
        names = ("title", "kind", "starts_at", "ends_at", "minutes", "room", "capacity", "unit")
        return {name: self.cleaned_data[name] for name in names}


def _either(found: "QuerySet[Any]", kept: Iterable[Any]) -> Q:
    return Q(pk__in=found.values("pk")) | Q(pk__in=[one.pk for one in kept])


def initial_of(session: TrainingSession) -> dict[str, Any]:
    """Return what the form shows of a session on record."""
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        **{name: getattr(session, name) for name in ("title", "kind", "minutes", "room", "capacity", "unit")},
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "departments": [one.code for one in session.departments.all()],
        "sections": [one.code for one in session.sections.all()],
        "trainers": _numbers(session.trainers.all()),
        "people": _numbers(session.people.all()),
    }


def titled_units() -> "QuerySet[Unit]":
    """Return the lessons of the newest versions on offer, each with the `newest` title and its `course_title`."""
    newest = UnitVersion.objects.filter(unit=OuterRef("pk")).order_by("-course_version__number")
    offered = Unit.objects.filter(course__is_offered=True).select_related("course")
    found = offered.annotate(newest=Subquery(newest.values("title")[:1]), course_title=newest_title("course"))
    return found.filter(newest__isnull=False).order_by("course__slug", "pk")


def _numbers(people: Iterable[User]) -> str:
    return "\n".join(sorted(person.staff_number for person in people))


class SessionFilterForm(forms.Form):
    """The filter of the list of sessions, as it stands in the address."""

    when = forms.ChoiceField(
        label=pgettext_lazy("training session", "When"),
        required=False,
        choices=[("", _("To come")), ("past", _("Past"))],
    )
    kind = forms.ChoiceField(label=_("Kind of training"), required=False)
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["kind"].choices = [("", _("Every kind")), *TrainingSession.Kind.choices]
        department = self.fields["department"]
        department.to_field_name = "code"
        department.queryset = permissions.departments_held(viewer).order_by("path")
        if not department.queryset.exists():
            del self.fields["department"]
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-select"

    def wanted(self) -> SessionFilter:
        """Return the filter; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return SessionFilter(chosen.get("when") or "coming", chosen.get("kind", ""), chosen.get("department"))

    def address(self) -> str:
        """Return what is chosen as it stands in an address."""
        self.is_valid()
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])


class CancelForm(forms.Form):
    """Why a session is called off."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Everybody invited is told."))
