"""What is told of a question on its way in or out."""

from django import template
from django.utils.translation import gettext_lazy as _

from assessments.exchange import Note
from assessments.services.exchange import sentence

register = template.Library()
STATES = {
    "new": _("New item"),
    "revised": _("Changes an item"),
    "unchanged": _("Unchanged"),
    "refused": _("Cannot come in"),
}


@register.filter
def told(note: Note) -> str:
    """Return what a note says."""
    return sentence(note)


@register.filter
def import_state(state: str) -> str:
    """Return what comes of a question, in words."""
    return str(STATES[state])
