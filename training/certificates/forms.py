"""What people type about certificates: a code to check, a reason to revoke."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Revocation
from .rules import normalise_verify_code

LONGEST_CODE = 100
# Whatever is typed becomes one part of an address, so that a wrong code ends on the page that says so.
NOT_IN_AN_ADDRESS = re.compile(r"[^0-9A-Z]")


class CodeForm(forms.Form):
    """A verify code as people type it: spaces, dashes and small letters are fine."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=LONGEST_CODE,
        help_text=_("The code beside the QR. Spaces and small letters are fine."),
        error_messages={
            "required": _("Enter the code that stands beside the QR on the certificate."),
            "max_length": _("Enter only the code that stands beside the QR; it has 17 characters."),
        },
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "aria-describedby": "id_code_helptext",
            }
        ),
    )

    def clean_code(self) -> str:
        """Make it plain; a code of which nothing is left counts as none."""
        code = NOT_IN_AN_ADDRESS.sub("", normalise_verify_code(self.cleaned_data["code"]))
        if not code:
            raise forms.ValidationError(self.fields["code"].error_messages["required"], code="required")
        return code


class NameForm(forms.Form):
    """A name as it stands on the paper; spaces, dots and capitals do not matter."""

    name = forms.CharField(
        label=_("Name on the paper"),
        max_length=200,
        help_text=_("In either script, as it is printed."),
        error_messages={"required": _("Enter the name that stands on the certificate.")},
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "aria-describedby": "id_name_helptext"}
        ),
    )


class RevocationForm(forms.ModelForm):
    """Why a certificate is to be revoked."""

    category = forms.ChoiceField(
        label=_("Kind of reason"),
        choices=Revocation.Category.choices,
        widget=forms.RadioSelect,
        help_text=_("Stands on the public page once the certificate is revoked."),
        error_messages={"required": _("Choose the kind of reason.")},
    )

    class Meta:
        model = Revocation
        fields = ["category", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "reason": _("Read by the second person, who decides, and kept in the audit trail. Not shown in public.")
        }
        error_messages = {"reason": {"required": _("Write down why the certificate is to be revoked.")}}


class NumberForm(forms.Form):
    """The number of a certificate, to open it."""

    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=30,
        help_text=_("Such as BH-2026-000418, at the foot of the paper."),
        error_messages={"required": _("Enter the number that stands at the foot of the certificate.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """Numbers are written in capitals."""
        return self.cleaned_data["number"].upper()


class DecisionForm(forms.Form):
    """What the second person decides."""

    decision = forms.ChoiceField(choices=[("confirm", _("Confirm")), ("refuse", _("Refuse"))])
