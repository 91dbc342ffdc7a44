"""How a level comes about, in plain words, with the figures that are in force."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.competencies.queries.columns import levels_in_force
from training.competencies.rules import DEFAULT_RULE, DEFAULT_SETTINGS
from training.lib.access import SIGNED_IN, allow


@allow(SIGNED_IN)
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Explain levels to whoever holds them."""
    context = {
        "levels": levels_in_force(),
        "rule": asdict(DEFAULT_RULE),
        "hold": round(100 * DEFAULT_SETTINGS.hold_probability),
        "half_life": round(DEFAULT_SETTINGS.half_life_months),
    }
    return render(request, "competencies/how.html", context)
