"""What the set-up assistant asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils import dates
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TextsFormField, text_in
from training.people import rules
from training.people.forms.holidays import HolidayListField
from training.people.models import Centre, Role, User

Draft = Mapping[str, Any]

ROWS_AT_FIRST = 4
MOST_ROWS = 60
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]*$", _("A code is made of Latin letters, digits and dashes."))


def name_in(code: str) -> str:
    """Return the name of the field that holds a text in the language."""
    return f"name_{code.replace('-', '_')}"


class NameField(TextsFormField):
    """A name in one language at least; in which one, the form knows that asks for the source language too."""

    def clean(self, value: Any) -> dict[str, str]:
        return forms.MultiValueField.clean(self, value) or {}


class CentreForm(forms.Form):
    """The centre: its names, its code, its source language, whom to ask."""

    name = NameField(label=_("Full name"), help_text=_("On every page and every certificate."))
    short_name = NameField(label=_("Short name"), help_text=_("In the title of each page, and on phones."))
    code = forms.CharField(
        label=_("Code"),
        max_length=8,
        validators=[RegexValidator(r"^[A-Za-z0-9]+$", _("The code is made of Latin letters and digits."))],
        help_text=_("Begins the number of every certificate, such as BH. It cannot be changed once one was issued."),
    )
    source_language = forms.ChoiceField(
        label=_("Source language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Policies, matters and courses are written in it first, then translated into the other."),
    )
    help_line = TextsFormField(
        label=_("Help line"),
        required=False,
        help_text=_("Whom staff ask when they are stuck: a place, a person, an extension. It stands on every page."),
    )

    def __init__(self, data: QueryDict | None, draft: Draft) -> None:
        super().__init__(data, initial=draft.get("centre") or {"source_language": get_language()})

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()

    def clean(self) -> None:
        """Ask for the names in the language the centre writes in; in another they are told where there are any."""
        source = self.cleaned_data.get("source_language")
        for field in ("name", "short_name"):
            if source and field in self.cleaned_data and not self.cleaned_data[field].get(source):
                self.add_error(field, gettext("Enter the name in the source language."))

    def kept(self) -> Any:
        return self.cleaned_data


# ISO weekdays, with the names Django's own catalogue has.
WEEKDAYS = [(str(number + 1), name) for number, name in dates.WEEKDAYS.items()]


class WorkingDaysForm(forms.Form):
    """The weekdays the centre works, and the days of the year that are not what their weekday says."""

    working_days = forms.MultipleChoiceField(
        label=_("Weekdays the centre works"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    holidays = HolidayListField(
        label=_("Public holidays and make-up working days"),
        help_text=_("One line each: the day (or first to last day), holiday or make-up working day, which holiday."),
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None, draft: Draft) -> None:
        super().__init__(data, initial=draft.get("calendar") or {"working_days": Centre().working_days})

    def kept(self) -> Any:
        """The list is kept as it was typed, so that it is there as it was when somebody comes back."""
        days = [int(number) for number in self.cleaned_data["working_days"]]
        return {"working_days": days, "holidays": self.data.get("holidays", "")}


class DepartmentForm(forms.Form):
    """One line of the departments; a line left empty counts for nothing."""

    code = forms.CharField(label=_("Code"), max_length=20, validators=[CODE])
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    name_zh_hans = forms.CharField(label=_("Name in Chinese"), max_length=100, required=False)
    parent = forms.CharField(label=_("Code of the department above"), max_length=20, required=False)

    @property
    def texts(self) -> dict[str, str]:
        """The names by language, those that were filled in."""
        names = {code: self.cleaned_data.get(name_in(code), "") for code, _name in settings.LANGUAGES}
        return {code: name for code, name in names.items() if name}


class BaseDepartmentFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # serves one form
    """The first departments, as a tree by codes: one at least, where the first two accounts belong.

    HR sees the staff of departments, so somebody who is in none would be in nobody's list.
    """

    def __init__(self, data: QueryDict | None, draft: Draft) -> None:
        self.source_language = (draft.get("centre") or {}).get("source_language", settings.LANGUAGE_CODE)
        rows = [self.as_typed(row) for row in draft.get("departments") or []]
        self.extra = max(ROWS_AT_FIRST - len(rows), 1)
        super().__init__(data, initial=rows if data is None else None, prefix="department")

    def initial_form_count(self) -> int:
        """A line that was there before may be emptied like any other, which takes the department away."""
        return 0 if self.is_bound else super().initial_form_count()

    @classmethod
    def with_more_rows(cls, data: QueryDict, draft: Draft) -> "BaseDepartmentFormSet":
        """Return what was typed, unjudged, with more empty lines."""
        typed = cls(data, draft)
        formset = cls(None, draft)
        fields = DepartmentForm.base_fields
        rows = [{name: form[name].data or "" for name in fields} for form in typed.forms]
        formset.initial = [row for row in rows if any(row.values())]
        formset.extra = ROWS_AT_FIRST
        return formset

    @staticmethod
    def as_typed(row: Mapping[str, Any]) -> dict[str, str]:
        names = {name_in(code): text for code, text in row["name"].items()}
        return {"code": row["code"], "parent": row["parent"], **names}

    def clean(self) -> None:
        """Say what is wrong between the lines, at the field it is wrong in."""
        seen: set[str] = set()
        forms_by_code: dict[str, DepartmentForm] = {}
        for form in self.forms:
            code = getattr(form, "cleaned_data", {}).get("code", "")
            if not code:
                continue
            if code.lower() in seen:
                form.add_error("code", gettext("Two lines have this code."))
            seen.add(code.lower())
            forms_by_code.setdefault(code, form)
            if self.source_language not in form.texts:
                form.add_error(name_in(self.source_language), gettext("Enter the name in the source language."))
        for code, form in forms_by_code.items():
            self._judge_parent(code, form, forms_by_code)
        if any(form.errors for form in self.forms):
            raise ValidationError(gettext("Some lines need mending."))
        if not seen:
            self.forms[0].add_error("code", gettext("Enter one department at least; the others may be imported later."))
            raise ValidationError(gettext("Some lines need mending."))

    @staticmethod
    def _judge_parent(code: str, form: DepartmentForm, by_code: Mapping[str, DepartmentForm]) -> None:
        parent, passed = form.cleaned_data.get("parent", ""), {code}
        if parent and parent not in by_code:
            form.add_error("parent", gettext("No line has the code “%(code)s”.") % {"code": parent})
            return
        while parent:
            if parent in passed:
                form.add_error("parent", gettext("The departments stand above each other in a circle."))
                return
            passed.add(parent)
            parent = by_code[parent].cleaned_data.get("parent", "") if parent in by_code else ""

    def kept(self) -> Any:
        """Return the departments, each after the one above it."""
        waiting = [
            {"code": form.cleaned_data["code"], "name": form.texts, "parent": form.cleaned_data["parent"]}
            for form in self.forms
            if form.cleaned_data.get("code")
        ]
        ordered: list[dict[str, Any]] = []
        while waiting:
            placed = {row["code"] for row in ordered}
            ready = [row for row in waiting if not row["parent"] or row["parent"] in placed]
            ordered += ready
            waiting = [row for row in waiting if row not in ready]
        return ordered


DepartmentFormSet = forms.formset_factory(
    DepartmentForm, formset=BaseDepartmentFormSet, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)


class AccountForm(forms.Form):
    """One of the first two accounts; a password that was chosen before need not be typed again."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=30, help_text=_("To sign in with."))
    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100, help_text=_("In any script."))
    latin_name = forms.CharField(label=_("Name in Latin letters"), max_length=100, required=False)
    department = forms.ChoiceField(label=_("Department"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, data: QueryDict | None, *, prefix: str, known: Mapping[str, Any], draft: Draft) -> None:
        initial = known or {"language": (draft.get("centre") or {}).get("source_language")}
        super().__init__(data, prefix=prefix, initial={**initial, "password": ""})
        self.known_password = known.get("password", "")
        listed = [(row["code"], text_in(row["name"])) for row in draft.get("departments") or []]
        self.fields["department"].choices = [("", gettext("Choose one")), *listed] if len(listed) > 1 else listed
        if self.known_password:
            self.fields["password"].help_text = gettext("The password you chose is kept. Type one to replace it.")
        for name in ("password", "password_again"):
            self.fields[name].required = not self.known_password

    def clean_staff_number(self) -> str:
        number = str(self.cleaned_data["staff_number"])
        if not rules.is_staff_number(number):
            raise ValidationError(gettext("A staff number is up to 30 letters and digits."))
        return number

    def clean_display_name(self) -> str:
        name = str(self.cleaned_data["display_name"])
        if not rules.is_name(name):
            raise ValidationError(gettext("A name begins with a letter and stands on one line."))
        return name

    def clean_latin_name(self) -> str:
        name = str(self.cleaned_data["latin_name"])
        if name and not rules.is_latin_name(name):
            raise ValidationError(gettext("The name in Latin letters may hold no others."))
        return name

    def clean(self) -> None:
        password = self.cleaned_data.get("password", "")
        if password and password != self.cleaned_data.get("password_again", ""):
            self.add_error("password_again", gettext("The two passwords differ. Type the same one twice."))
        elif password:
            try:
                validate_password(password, User(staff_number=self.cleaned_data.get("staff_number", "")))
            except ValidationError as error:
                self.add_error("password", error)

    def kept(self) -> dict[str, str]:
        """Return the account with its password hashed: a draft holds no password."""
        names = ("staff_number", "display_name", "latin_name", "department", "language")
        given = self.cleaned_data.get("password", "")
        password = make_password(given) if given else self.known_password
        return {**{name: self.cleaned_data[name] for name in names}, "password": password}


class AccountForms:
    """The first HR officer and the first administrator: two people, so that neither watches over themselves."""

    ROLES = (Role.HR, Role.ADMINISTRATOR)

    def __init__(self, data: QueryDict | None, draft: Draft) -> None:
        known = draft.get("accounts") or {}
        self.is_bound = data is not None
        self.forms = [
            AccountForm(data, prefix=role.value, known=known.get(role.value) or {}, draft=draft) for role in self.ROLES
        ]

    def __iter__(self) -> Iterator[AccountForm]:
        return iter(self.forms)

    def is_valid(self) -> bool:
        are_right = [form.is_valid() for form in self.forms]  # all are asked, so that each shows what is wrong with it
        if not all(are_right):
            return False
        first, second = (form.cleaned_data["staff_number"].lower() for form in self.forms)
        if first == second:
            self.forms[1].add_error("staff_number", gettext("The two accounts need different staff numbers."))
        return first != second

    def kept(self) -> Any:
        return {form.prefix: form.kept() for form in self.forms}


class CodeForm(forms.Form):
    """The set-up code."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Whoever runs the server reads it in its log, or prints it with: manage.py setup_code"),
    )


def centre_of(draft: Draft) -> Centre:
    """Return the centre that the draft describes, unsaved."""
    told = draft["centre"]
    names = ("name", "short_name", "code", "source_language", "help_line")
    fixed = {"pk": 1, "time_zone": settings.TIME_ZONE, "working_days": draft["calendar"]["working_days"]}
    return Centre(**fixed, **{name: told[name] for name in names})
