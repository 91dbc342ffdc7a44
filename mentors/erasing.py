"""What becomes of coaching when somebody is made anonymous.

The words written about them go. The words they wrote about others stay: they are about those, and from then on nobody
is named as who wrote them.
"""

from collections.abc import Iterator

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _

from training.lib.erasing import FORGOTTEN, Identity, Kind, acts, emptied, renamed, stays
from training.people.models import User

from .models import (
    CoachingSession,
    EntrustmentCase,
    EntrustmentDecision,
    Mentorship,
    Observation,
    PairingRound,
    PanelMember,
    Proposal,
    Teacher,
)
from .personal import ACTS

SESSION_WORDS = ("note", "strengths", "next_action", "reply_note")


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield their coaching as mentee and as teacher, observations, and sign-offs."""
    yield from _mentorships(person, identity)
    yield from _observations(person, identity)
    yield from _sign_offs(person, identity)
    yield acts(person, *ACTS)


def _mentorships(person: User, identity: Identity) -> Iterator[Kind]:
    appointed, proposed = Teacher.objects.filter(person=person), Proposal.objects.filter(mentee=person)
    yield stays("teacher", _("Appointment as a career teacher"), appointed, "mentors.Teacher.person")
    yield stays("pairing", _("Proposed pairings"), proposed, "mentors.Proposal.mentee")
    own = Mentorship.objects.filter(mentee=person)
    taught = Mentorship.objects.filter(teacher__person=person)
    yield renamed("rounds-naming", _("Names of pairing rounds"), identity, PairingRound.objects.all(), "name")
    yield stays("coaching", _("Coaching"), own | taught, "mentors.Mentorship.mentee")
    yield emptied("end-reasons", _("Why coaching ended"), own.exclude(end_reason=""), end_reason="")
    yield renamed("end-reasons-naming", _("Why coaching they gave ended"), identity, taught, "end_reason")
    sessions = CoachingSession.objects.filter(mentorship__mentee=person)
    # who disagreed must have said why
    reply_note = Case(When(reply=CoachingSession.Reply.DISAGREED, then=Value(FORGOTTEN)), default=Value(""))
    words = {"note": "", "strengths": "", "next_action": "", "reply_note": reply_note}
    yield emptied("coaching-sessions", _("Coaching sessions"), sessions, **words)
    given = CoachingSession.objects.filter(Q(mentorship__teacher__person=person) | Q(logged_by=person))
    yield renamed("sessions-naming", _("Coaching sessions they gave"), identity, given, *SESSION_WORDS)


def _observations(person: User, identity: Identity) -> Iterator[Kind]:
    yield emptied(
        "observations", _("Observations"), person.observations.all(), "mentors.Observation.person", comment=""
    )
    made = Observation.objects.filter(observer=person)
    yield stays("observations-made", _("Observations they made"), made, "mentors.Observation.observer")
    yield renamed("observations-naming", _("Comments they wrote"), identity, made, "comment")


def _sign_offs(person: User, identity: Identity) -> Iterator[Kind]:
    cases = EntrustmentCase.objects.filter(mentorship__mentee=person)
    yield stays("sign-offs", _("Sign-offs"), cases)
    yield renamed("packs-naming", _("Evidence of sign-offs"), identity, EntrustmentCase.objects.all(), "evidence_pack")
    about = EntrustmentDecision.objects.filter(case__mentorship__mentee=person).exclude(note="")
    yield emptied("verdicts", _("Reasons of verdicts"), about, note="")
    given = EntrustmentDecision.objects.filter(decider=person)
    yield stays("verdicts-given", _("Verdicts they gave"), given, "mentors.EntrustmentDecision.decider")
    yield renamed("verdicts-naming", _("Reasons of verdicts they gave"), identity, given, "note")
    yield stays("panels", _("Panels"), PanelMember.objects.filter(person=person), "mentors.PanelMember.person")
