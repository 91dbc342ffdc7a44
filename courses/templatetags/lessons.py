"""Words of a lesson's blocks, which are frozen as data."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from training.matters.models import MatterMaterial
from training.matters.presentation import limit_words

register = template.Library()
CITED = re.compile(r'<a data-clause="(\d+)">(.*?)</a>', re.DOTALL)


@register.filter
def running_text(value: Mapping[str, Any]) -> SafeString:
    """Return frozen rich text, reduced to harmless tags when it was frozen; words that cite a clause lead to it."""
    clauses = {str(clause["clause_version"]): clause for clause in value.get("clauses", ())}

    def link(found: re.Match[str]) -> str:
        words = mark_safe(found[2])  # noqa: S308  # a part of the text that is harmless as a whole
        return render_to_string("courses/_cited_words.html", {"clause": clauses.get(found[1]), "words": words})

    return mark_safe(CITED.sub(link, value["html"]))  # noqa: S308  # the same text, its links drawn by a template


@register.filter
def from_iso(value: str) -> date:
    """Return the day a block was frozen with."""
    return date.fromisoformat(value)


@register.filter
def step_limit(step: Mapping[str, Any]) -> str:
    """Return how long a step takes, in words."""
    return limit_words(step["limit_days"], step.get("limit_unit"))


@register.filter
def form_label(form: str) -> str:
    """Return in which form a material is brought."""
    return str(MatterMaterial.Form(form).label)


@register.filter
def need_label(need: str) -> str:
    """Return when a material is needed."""
    return str(MatterMaterial.Need(need).label)


@register.filter
def length_of(seconds: float) -> str:
    """Return how long something plays: 3:07."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"
