"""What a notice says: one sentence per kind, made of its facts when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from training.lib.templatetags.words import day
from training.lib.texts import text_in


@dataclass(frozen=True)
class Text:
    """A sentence with named places, and the icon that stands beside it."""

    sentence: Promise
    icon: str

    @property
    def places(self) -> frozenset[str]:
        """The facts the sentence cannot do without, the same in every language."""
        return frozenset(name for _text, name, _format, _convert in Formatter().parse(str(self.sentence)) if name)

    def say(self, facts: Mapping[str, Any]) -> str:
        """Return the sentence in the reader's language."""
        return str(self.sentence).format_map({place: said_fact(facts[place]) for place in self.places})


TEXTS = {
    "exam.scored": Text(_("Your result of the exam “{exam}” is out: {score} of 100."), "clipboard-check"),
    "certificate.issued": Text(_("The certificate “{certificate}”, number {number}, was issued to you."), "award"),
    "certificate.revoked": Text(_("The certificate “{certificate}”, number {number}, was revoked."), "ban"),
    "mentorship.proposed": Text(_("{teacher} is proposed as the teacher of {mentee}. Agree or decline."), "handshake"),
    "mentorship.agreed": Text(_("Coaching begins: {teacher} coaches {mentee} from {starts_on}."), "handshake"),
    "mentorship.declined": Text(_("The coaching of {mentee} by {teacher} was declined."), "handshake"),
    "mentorship.broken_off": Text(_("The coaching of {mentee} by {teacher} has ended early."), "handshake"),
    "mentorship.completed": Text(_("The coaching of {mentee} by {teacher} is completed."), "award"),
    "session.logged": Text(_("{teacher} logged a coaching session of {day}. Read it and countersign."), "pencil"),
    "session.countersigned": Text(_("{mentee} countersigned the coaching session of {day}."), "check"),
    "case.opened": Text(_("The sign-off of {person} for “{matter}” waits for your decision."), "signature"),
    "case.closed": Text(_("The sign-off of {person} for “{matter}” is decided: {decision}."), "signature"),
    "course.assigned": Text(_("The course “{course}” was assigned to you, due {due_on}."), "book-open"),
    "role.granted": Text(_("You now hold the role {role}."), "badge-check"),
}


def said_fact(value: Any) -> str:
    """Return a fact in words: a mapping of texts in the reader's language, an ISO day as a day, the rest as it is."""
    if isinstance(value, Mapping):
        return text_in(value)
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return str(value)
