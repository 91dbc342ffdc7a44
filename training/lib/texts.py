"""One fact told in several languages: a mapping from language code to text, as a model field and a form field."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

Texts = Mapping[str, str]


class SourceLanguage:
    """The language a centre writes in first. It is chosen at set-up and stays, so it is asked for once a process."""

    def __init__(self) -> None:
        self.ask: Callable[[], str] = str  # returns it, or "" before the set-up; set by `people`, which has the centre
        self._known = ""

    def __call__(self) -> str:
        """Return its code; Django's own language before the set-up."""
        self._known = self._known or self.ask()
        return self._known or settings.LANGUAGE_CODE

    def forget(self) -> None:
        """Ask again next time: another database is in use."""
        self._known = ""


source_language = SourceLanguage()


def text_in(texts: Texts | None, language: str | None = None) -> str:
    """Return the text in `language` (default: the active one), else in the source language, else any; "" if none."""
    if not texts:
        return ""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    return texts.get(wanted) or texts.get(settings.LANGUAGE_CODE) or next((text for text in texts.values() if text), "")


def language_of(texts: Texts) -> str:
    """Return which language `text_in` tells a text in, the active one or another; "" if there is none."""
    told = text_in(texts)
    return next((code for code in (get_language() or "", *texts) if told and texts.get(code) == told), "")


def in_each_language(message: str | Promise) -> dict[str, str]:
    """Return what a lazy translation says, by language, to be stored and read later in the reader's."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts[code] = str(message)
    return texts


class TextsWidget(forms.MultiWidget):
    """One box per language, each labelled with its language's own name."""

    template_name = "components/texts_widget.html"

    def __init__(self, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        box = forms.TextInput if rows == 1 else lambda: forms.Textarea(attrs={"rows": rows})
        super().__init__({code.replace("-", "_"): box() for code in self.codes}, attrs)

    def decompress(self, value: Texts | None) -> list[str]:
        return [(value or {}).get(code, "") for code in self.codes]


class TextsFormField(forms.MultiValueField):
    """Reads and writes a mapping of texts; when required, the source language must be filled in."""

    def __init__(self, *, rows: int = 1, **kwargs: Any) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        fields = [forms.CharField(required=False) for _code in self.codes]
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(fields, widget=TextsWidget(rows=rows), require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str]:
        return {code: text for code, text in zip(self.codes, values, strict=False) if text}

    def clean(self, value: Any) -> dict[str, str]:
        texts = super().clean(value) or {}
        if self.required and len(texts) < len(self.codes) and not texts.get(source_language()):
            language = get_language_info(source_language())["name_translated"]
            words = _("Enter the text in %(language)s, the source language.")
            raise ValidationError(words, code="required", params={"language": language})
        return texts


class TranslatedField(models.JSONField):
    """A column of texts by language code, such as ``{"en": "Window 7", "zh-hans": "7号窗口"}``."""

    def __init__(self, *args: Any, rows: int = 1, **kwargs: Any) -> None:
        self.rows = rows
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.rows != 1:
            kwargs["rows"] = self.rows
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        return TextsFormField(
            rows=self.rows, required=not self.blank, label=capfirst(self.verbose_name), help_text=self.help_text
        )
