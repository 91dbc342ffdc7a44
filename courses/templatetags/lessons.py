"""Words of a lesson's blocks, which are frozen as data."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from training.matters.models import MatterMaterial
from training.matters.presentation import limit_words

register = template.Library()


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
