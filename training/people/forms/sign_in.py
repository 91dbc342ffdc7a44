"""What people type and choose about signing in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from training.people import permissions
from training.people.models import Department, User
from training.people.queries import SignInFilter

from .fields import DepartmentField
from .staff import LONGEST_SEARCH

LONGEST_PASSWORD = 256


class SignInFilterForm(forms.Form):
    """Whose codes to make, as it stands in the address."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=LONGEST_SEARCH)
    department = DepartmentField(
        label=_("Department"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )
    state = forms.ChoiceField(
        label=_("They have"),
        required=False,
        choices=[
            ("new", _("neither password nor code")),
            ("code", _("a code they have not used")),
            ("password", _("a password")),
            ("all", _("any of these")),
        ],
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        field = self.fields["department"]
        field.to_field_name = "code"
        field.queryset = permissions.departments_kept(viewer).order_by("path")
        for name, css in (("q", "form-control"), ("department", "form-select"), ("state", "form-select")):
            self.fields[name].widget.attrs["class"] = css

    def wanted(self) -> SignInFilter:
        """Return the filter; what cannot be read filters nothing, and at first only who cannot sign in is listed."""
        self.is_valid()
        return SignInFilter(
            words=self.cleaned_data.get("q", ""),
            department=self.cleaned_data.get("department"),
            state=self.cleaned_data.get("state") or "new",
        )


class PasswordForm(forms.Form):
    """A new password, typed once and shown on demand by the browser; the present one unless they came by a code."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password you sign in with now.")},
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("At least %(n)d characters. A few words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )
    repeated = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password a second time.")},
    )

    def __init__(self, *args: Any, person: User, by_code: bool, shortest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if by_code:
            del self.fields["present"]
        self.fields["password"].help_text = self.fields["password"].help_text % {"n": shortest}

    def clean_password(self) -> str:
        """Say what is wrong with the new password in itself."""
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        if password == self.data.get("present"):
            raise ValidationError(_("Choose another password than the present one."))
        return password

    def clean_repeated(self) -> str:
        """The second time must say the same as the first."""
        repeated = self.cleaned_data["repeated"]
        if "password" in self.cleaned_data and repeated != self.cleaned_data["password"]:
            raise ValidationError(_("The two do not agree. Type the new password again in both boxes."))
        return repeated
