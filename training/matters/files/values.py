"""One value of a file, held against the field it is for."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from training.lib.imports import shown
from training.lib.tables.table import INVISIBLE, LINE_BREAK, UNWELCOME
from training.lib.texts import source_language

from .shape import LANGUAGES, is_required, is_texts

MOST_CHARACTERS = 10_000
CLAUSE = re.compile(r"[-\w]+/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9]{1,6}")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class NoValueError(Exception):
    """The value cannot be taken; the message says why, as a sentence."""


def clean(text: str) -> str:
    """Return a text as files keep it: no outer white space, no invisible marks, one kind of line break."""
    return LINE_BREAK.sub("\n", text).translate(INVISIBLE).strip()


def empty(one: "models.Field[Any, Any]") -> Any:
    """Return what a field holds when nothing is told."""
    if one.many_to_many:
        return []
    if is_texts(one):
        return {}
    if one.has_default():
        default = one.get_default()
        return str(default) if one.choices else plain_number(default)
    return "" if isinstance(one, models.CharField) else None


def plain_number(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def checked(one: "models.Field[Any, Any]", value: Any) -> Any:
    """Return the value as documents keep it; raise `NoValueError` for one that the field cannot hold."""
    if value is None or value in ("", {}, []):
        if is_required(one):
            raise NoValueError(_("it is empty; it must be filled in."))
        return empty(one)
    return _reader(one)(one, value)


def _reader(one: "models.Field[Any, Any]") -> Any:
    if is_texts(one):
        return _texts
    if one.choices:
        return _choice
    if one.many_to_many:
        return _codes
    if one.is_relation:
        return _clause if one.name == "clause_version" else _line
    kinds = (
        (models.BooleanField, _flag),
        (models.DateField, _day),
        (models.DecimalField, _decimal),
        (models.IntegerField, _whole),
    )
    return next((reader for kind, reader in kinds if isinstance(one, kind)), _line)


def _texts(one: "models.Field[Any, Any]", value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise NoValueError(_("a text for each language is expected."))
    if unknown := set(value) - set(LANGUAGES):
        raise NoValueError(_("“%(value)s” is no language here.") % {"value": shown(str(min(unknown)))})
    texts = {code: _text(value[code], MOST_CHARACTERS) for code in LANGUAGES if value.get(code)}
    texts = {code: text for code, text in texts.items() if text}
    if not one.blank and not texts.get(source_language()):
        language = get_language_info(source_language())["name_translated"]
        raise NoValueError(_("the text in %(language)s, the source language, is missing.") % {"language": language})
    return texts


def _text(value: str, most: int) -> str:
    text = clean(value)
    if len(text) > most:
        raise NoValueError(_("more than %(limit)s characters.") % {"limit": f"{most:,}"})
    if found := UNWELCOME.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise NoValueError(_("an invisible control character (%(code)s). Type the text again.") % {"code": code})
    return text


def _line(one: "models.Field[Any, Any]", value: Any) -> str:
    if not isinstance(value, str):
        raise NoValueError(_("a text is expected."))
    text = _text(value, one.max_length or 60)
    if isinstance(one, models.SlugField):
        try:
            validate_slug(text)
        except ValidationError as error:
            raise NoValueError(" ".join(error.messages)) from None
    return text


def _choice(one: "models.Field[Any, Any]", value: Any) -> str:
    codes = [code for code, _label in one.choices or ()]
    if value in codes:
        return str(value)
    facts = {"value": shown(str(value)), "values": _(", ").join(codes)}
    raise NoValueError(_("“%(value)s” is none of: %(values)s.") % facts)


def _codes(one: "models.Field[Any, Any]", value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise NoValueError(_("a list of codes is expected."))
    return sorted({clean(code) for code in value if clean(code)})


def _clause(one: "models.Field[Any, Any]", value: Any) -> str:
    if isinstance(value, str) and CLAUSE.fullmatch(value):
        return value
    raise NoValueError(_("a clause is written as policy/id/number of its text, as the export has it."))


def _flag(one: "models.Field[Any, Any]", value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise NoValueError(_("yes or no is expected."))


def _day(one: "models.Field[Any, Any]", value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise NoValueError(
            _("“%(value)s” is not a date. Write it as 2026-03-01.") % {"value": shown(str(value))}
        ) from None


def _decimal(one: "models.Field[Any, Any]", value: Any) -> float | int:
    number = _number(value)
    most, places = 10 ** (one.max_digits - one.decimal_places) - 1, one.decimal_places  # type: ignore[attr-defined]  # a decimal field
    if not 0 <= number <= most or number != round(number, places):
        facts = {"value": shown(str(value)), "most": most, "places": places}
        raise NoValueError(
            _("“%(value)s” is not a number from 0 to %(most)d with at most %(places)d decimals.") % facts
        )
    return plain_number(number)


def _whole(one: "models.Field[Any, Any]", value: Any) -> int:
    number, least = _number(value), 1 if one.name in ("starts_on_day", "ends_on_day") else 0
    if number != int(number) or not least <= number <= 32_767:
        facts = {"value": shown(str(value)), "low": least, "high": 32_767}
        raise NoValueError(_("“%(value)s” is not a whole number from %(low)d to %(high)d.") % facts)
    return int(number)


def _number(value: Any) -> Decimal:
    if isinstance(value, int | float | str) and not isinstance(value, bool) and NUMBER.fullmatch(str(value)):
        try:
            return Decimal(str(value))
        except InvalidOperation:
            pass
    raise NoValueError(_("“%(value)s” is not a number.") % {"value": shown(str(value))})
