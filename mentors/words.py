"""Words for what the pairing rules name."""

from django.utils.translation import gettext_lazy as _

from mentors.rules import Refusal

REFUSALS = {
    Refusal.SAME_PERSON: _("that is the mentee"),
    Refusal.INACTIVE: _("not active"),
    Refusal.NOT_CERTIFIED: _("not authorised to teach all of the matters"),
    Refusal.NO_CAPACITY: _("no place free"),
    Refusal.CHAIN_OF_COMMAND: _("heads the mentee's department"),
    Refusal.FAILED_BEFORE: _("an earlier pairing of the two failed"),
    Refusal.FORBIDDEN: _("ruled out in this round"),
    Refusal.TAKEN: _("taken by other mentees"),
}

PIECES = {
    "gap": _("Strong where the mentee is short"),
    "place": _("Same hall, section or department"),
    "shifts": _("Same shifts"),
    "languages": _("Same language"),
    "wishes": _("Wished for each other"),
    "teacher": _("Room and record of the teacher"),
}
