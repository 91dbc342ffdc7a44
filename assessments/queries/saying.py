"""A text together with the language it is really in."""

from dataclasses import dataclass

from django.conf import settings

from training.lib.texts import Texts


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is really in, which may not be the one asked for."""

    text: str
    language: str


def said(texts: Texts, language: str) -> Said:
    """Return the text in `language`, else in the source language, else in any, together with its language."""
    for code in (language, settings.LANGUAGE_CODE, *texts):
        if texts.get(code):
            return Said(texts[code], code)
    return Said("", language)
