"""A file of questions to bring into a bank, and what to take out of it as."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.exchange import Format
from assessments.models import Bank
from assessments.services import exchange
from training.competencies.models import LEVELS, Competency
from training.lib.tables import MAX_FILE_BYTES

ACCEPTED = ".xlsx,.docx,.txt,.gift,.xml,.zip"
WRITTEN = (Format.XLSX, Format.GIFT, Format.MOODLE, Format.QTI2)


class ItemFileForm(forms.Form):
    """A file, where its questions go, and what those get that name no competency, level or chance themselves."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX template, Word, text, GIFT, Aiken, Moodle XML, QTI or Canvas; up to 10 MB, 2,000 questions."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ACCEPTED}),
        allow_empty_file=True,
    )
    bank = forms.ModelChoiceField(
        Bank.objects.order_by("code"), to_field_name="code", label=_("Bank"), empty_label=None
    )
    format = forms.ChoiceField(label=_("Format"), required=False, help_text=_("Change it if the content misleads."))
    language = forms.ChoiceField(
        label=_("Language of the questions"),
        help_text=_("Where the file does not say it. One language is enough; the template holds both."),
    )
    competency = forms.ModelChoiceField(
        Competency.objects.none(), label=_("Competency"), help_text=_("For questions that name none."), empty_label=None
    )
    level = forms.TypedChoiceField(
        label=_("Level"), choices=LEVELS, coerce=int, initial=2, help_text=_("For questions that name none.")
    )
    judged = forms.IntegerField(
        label=_("Judged chance, in percent"),
        min_value=2,
        max_value=98,
        initial=60,
        help_text=_("For questions that name none: how many of 100 who just reached the level answer right."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = Competency.objects.filter(framework__is_current=True, children=None).order_by("position")
        self._choices(
            "format", [("", _("Recognise by content")), *((f.value, exchange.format_name(f)) for f in Format)]
        )
        self._choices("language", list(settings.LANGUAGES))
        self.fields["language"].initial = get_language()
        competency = self.fields["competency"]
        assert isinstance(competency, forms.ModelChoiceField)
        competency.queryset = current
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name in ("file", "judged") else "form-select"

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Read the file, so that what is wrong with it as a whole is said here."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None or self.errors:
            return cleaned
        if file.size > MAX_FILE_BYTES:
            raise ValidationError({"file": _("The file is larger than 10 MB.")})
        self.data_read = file.read()
        try:
            cleaned["format"] = cleaned.get("format") or exchange.recognised(self.data_read).value
            exchange.read_file(self.data_read, Format(cleaned["format"]), name=file.name, language=cleaned["language"])
        except exchange.CannotRead as refusal:
            self.add_error("file", [ValidationError(message) for message in refusal.messages])
        return cleaned


class ExportForm(forms.Form):
    """The format of the file, and the language of those that carry one."""

    format = forms.ChoiceField(label=_("Format"))
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("The template holds both languages, the other formats one.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("format", [(one.value, exchange.format_name(one)) for one in WRITTEN]),
            ("language", list(settings.LANGUAGES)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.widget.attrs["class"] = "form-select"
        self.fields["language"].initial = get_language()
