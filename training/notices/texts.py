"""What a notice says: one sentence per kind, made of its facts when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from training.lib.templatetags.words import day
from training.lib.texts import text_in


@dataclass(frozen=True)
class Text:
    """A sentence with named places, the icon that stands beside it, and what several of one day become together."""

    sentence: Promise
    icon: str
    several: Any = None

    @property
    def places(self) -> frozenset[str]:
        """The facts the sentence cannot do without, the same in every language."""
        return frozenset(name for _text, name, _format, _convert in Formatter().parse(str(self.sentence)) if name)

    def say(self, facts: Mapping[str, Any]) -> str:
        """Return the sentence in the reader's language."""
        return str(self.sentence).format_map({place: said_fact(facts[place]) for place in self.places})

    def say_several(self, number: int) -> str:
        """Return one line for that many notices of this kind in the reader's language, "" when there is none."""
        return "" if self.several is None else str(self.several % {"n": number})


@dataclass(frozen=True)
class Theme:
    """What people choose by: kinds of notices that belong together. `urgent` ones are told at once unless declined."""

    name: Promise
    kinds: tuple[str, ...]
    urgent: bool = False


TEXTS = {
    "exam.scored": Text(
        _("Your result of the exam “{exam}” is out: {score} of 100."),
        "clipboard-check",
        ngettext_lazy("%(n)d exam result is out", "%(n)d exam results are out", "n"),
    ),
    "exam.handed_in": Text(
        _("Your exam “{exam}” is handed in, receipt {receipt}. The result comes later."),
        "clipboard-check",
        ngettext_lazy("%(n)d exam is handed in", "%(n)d exams are handed in", "n"),
    ),
    "exam.place": Text(_("You have a place in the exam “{exam}”."), "clipboard-check"),
    "exam.voided": Text(_("Your attempt at the exam “{exam}” was declared void: {reason}"), "ban"),
    "exam.regraded": Text(
        _("Your result of the exam “{exam}” was worked out anew: {score} of 100, before {before}. {reason}"),
        "clipboard-check",
        ngettext_lazy("%(n)d exam result was worked out anew", "%(n)d exam results were worked out anew", "n"),
    ),
    "exam.session_place": Text(_("You sit the exam “{exam}” on {day} at {time}, {room}."), "clipboard-check"),
    "exam.session_moved": Text(_("The exam “{exam}” was moved: {day} at {time}, {room}."), "clipboard-check"),
    "exam.session_cancelled": Text(
        _("The session of the exam “{exam}” on {day} is called off. You will get another date."), "clipboard-check"
    ),
    "exam.invigilating": Text(_("You invigilate the exam “{exam}” on {day} at {time}, {room}."), "clipboard-check"),
    "certificate.issued": Text(
        _("The certificate “{certificate}”, number {number}, was issued to you."),
        "award",
        ngettext_lazy("%(n)d certificate was issued to you", "%(n)d certificates were issued to you", "n"),
    ),
    "certificate.revoked": Text(_("The certificate “{certificate}”, number {number}, was revoked."), "ban"),
    "mentorship.proposed": Text(
        _("{teacher} is proposed as the teacher of {mentee}. Agree or decline."),
        "handshake",
        ngettext_lazy("%(n)d coaching pair to agree to", "%(n)d coaching pairs to agree to", "n"),
    ),
    "mentorship.agreed": Text(_("Coaching begins: {teacher} coaches {mentee} from {starts_on}."), "handshake"),
    "mentorship.declined": Text(_("The coaching of {mentee} by {teacher} was declined."), "handshake"),
    "mentorship.broken_off": Text(_("The coaching of {mentee} by {teacher} has ended early."), "handshake"),
    "mentorship.completed": Text(_("The coaching of {mentee} by {teacher} is completed."), "award"),
    "mentorship.teacher_left": Text(
        _("{teacher} has left, so the coaching of {mentee} has ended. HR looks for a new teacher."), "handshake"
    ),
    "mentorship.mentee_left": Text(_("{mentee} has left, so the coaching by {teacher} has ended."), "handshake"),
    "session.logged": Text(
        _("{teacher} logged a coaching session of {day}. Read it and countersign."),
        "pencil",
        ngettext_lazy("%(n)d coaching session to confirm", "%(n)d coaching sessions to confirm", "n"),
    ),
    "session.countersigned": Text(
        _("{mentee} countersigned the coaching session of {day}."),
        "check",
        ngettext_lazy("%(n)d coaching session was countersigned", "%(n)d coaching sessions were countersigned", "n"),
    ),
    "case.opened": Text(
        _("The sign-off of {person} for “{matter}” waits for your decision."),
        "signature",
        ngettext_lazy("%(n)d sign-off waits for your decision", "%(n)d sign-offs wait for your decision", "n"),
    ),
    "case.closed": Text(
        _("The sign-off of {person} for “{matter}” is decided: {decision}."),
        "signature",
        ngettext_lazy("%(n)d sign-off is decided", "%(n)d sign-offs are decided", "n"),
    ),
    "course.assigned": Text(
        _("The course “{course}” was assigned to you, due {due_on}."),
        "book-open",
        ngettext_lazy("%(n)d course was assigned to you", "%(n)d courses were assigned to you", "n"),
    ),
    "course.due_soon": Text(
        _("The course “{course}” is due on {due_on}."),
        "book-open",
        ngettext_lazy("%(n)d course is due soon", "%(n)d courses are due soon", "n"),
    ),
    "course.overdue": Text(
        _("The course “{course}” was due on {due_on} and is not finished."),
        "book-open",
        ngettext_lazy("%(n)d course is overdue", "%(n)d courses are overdue", "n"),
    ),
    "course.people_overdue": Text(_("Required training of your people that is overdue: {n}."), "users-round"),
    "training.invited": Text(
        _("You are invited to the training “{title}” on {day} at {time}, {room}."),
        "presentation",
        ngettext_lazy("%(n)d invitation to a training", "%(n)d invitations to trainings", "n"),
    ),
    "training.series": Text(
        _("You are invited to the training “{title}” every week from {day} to {last} at {time}, {room}."),
        "presentation",
        ngettext_lazy("%(n)d invitation to weekly trainings", "%(n)d invitations to weekly trainings", "n"),
    ),
    "training.trainer_series": Text(
        _("You give the training “{title}” every week from {day} to {last} at {time}, {room}."), "presentation"
    ),
    "training.uninvited": Text(_("You are no longer invited to the training “{title}” on {day}."), "presentation"),
    "training.moved": Text(_("The training “{title}” was moved: {day} at {time}, {room}."), "presentation"),
    "training.cancelled": Text(_("The training “{title}” on {day} is called off: {reason}"), "ban"),
    "training.trainer": Text(_("You give the training “{title}” on {day} at {time}, {room}."), "presentation"),
    "channel.tested": Text(_("This is the test message you asked for: {channel} works."), "send"),
    "role.granted": Text(_("You now hold the role {role}."), "badge-check"),
}

# By the first word of a kind; what is named nowhere is administration.
PREFIXES = {
    "exams": ("exam",),
    "coaching": ("mentorship", "session", "case"),
    "learning": ("course", "training"),
    "certificates": ("certificate",),
}
ADMINISTRATION = "administration"


def theme_of(kind: str) -> str:
    """Return the theme a kind belongs to."""
    prefix = kind.split(".")[0]
    return next((theme for theme, prefixes in PREFIXES.items() if prefix in prefixes), ADMINISTRATION)


def _kinds_of(theme: str) -> tuple[str, ...]:
    return tuple(kind for kind in TEXTS if theme_of(kind) == theme)


THEMES = {
    "exams": Theme(_("Exams and results"), _kinds_of("exams"), urgent=True),
    "coaching": Theme(_("Coaching and sign-off"), _kinds_of("coaching")),
    "learning": Theme(_("Courses and policies"), _kinds_of("learning")),
    "certificates": Theme(_("Certificates"), _kinds_of("certificates")),
    ADMINISTRATION: Theme(_("Roles and administration"), _kinds_of(ADMINISTRATION)),
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
