"""What this app keeps about a person. What was said in coaching is for the two; HR's copy leaves it out."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.lib.personal import Part
from training.people.models import User

from .models import (
    CoachingSession,
    EntrustmentCase,
    EntrustmentDecision,
    Mentorship,
    ObservationRating,
    Proposal,
    Teacher,
)

ACTS = (
    "mentors.CoachingSession.logged_by",
    "mentors.EntrustmentCase.opened_by",
    "mentors.PairingRound.opened_by",
)


def parts(person: User) -> Iterator[Part]:
    """Yield their coaching as mentee and as teacher, observations, and sign-offs."""
    yield Part(
        "teacher",
        _("Appointment as a career teacher"),
        Teacher.objects.filter(person=person),
        {"appointed_on": _("First day"), "until": _("Last day"), "capacity": _("Mentees at a time")},
        ("mentors.Teacher.person",),
    )
    yield Part(
        "pairing",
        _("Proposed pairings"),
        Proposal.objects.filter(mentee=person).select_related("round", "teacher"),
        {"round": _("Round"), "teacher": _("Career teacher")},
        ("mentors.Proposal.mentee",),
    )
    yield _mentorships(person)
    yield _sessions(person)
    yield from _observations(person)
    yield from _sign_offs(person)


def _mentorships(person: User) -> Part:
    return Part(
        "coaching",
        _("Coaching"),
        Mentorship.objects.filter(Q(mentee=person) | Q(teacher__person=person))
        .select_related("mentee", "teacher__person")
        .order_by("starts_on", "pk"),
        {
            "mentee": _("Mentee"),
            "teacher": _("Career teacher"),
            "phase": _("Phase"),
            "starts_on": _("First day"),
            "ended_on": _("Last day"),
            "outcome": _("Outcome"),
            "end_reason": _("Reason"),
        },
        ("mentors.Mentorship.mentee",),
    )


def _sessions(person: User) -> Part:
    either = Q(mentorship__mentee=person) | Q(mentorship__teacher__person=person)
    return Part(
        "coaching-sessions",
        _("Coaching sessions"),
        CoachingSession.objects.filter(either)
        .select_related("mentorship__mentee", "mentorship__teacher__person", "matter", "logged_by")
        .order_by("held_at", "pk"),
        {
            "held_at": pgettext("of an event", "Time"),
            "mentorship.mentee": _("Mentee"),
            "mentorship.teacher": _("Career teacher"),
            "matter": _("Service matter"),
            "kind": _("Kind"),
            "minutes": _("Minutes"),
            "level": _("How far the mentee got"),
            "note": _("What happened"),
            "strengths": _("What went well"),
            "next_action": _("Next step"),
            "reply": _("Answer"),
            "reply_note": _("Why"),
            "withdrawn_at": _("Taken back on"),
        },
        (),
        confidential=frozenset({"note", "strengths", "next_action", "reply_note"}),
    )


def _observations(person: User) -> Iterator[Part]:
    yield Part(
        "observations",
        _("Observations"),
        person.observations.select_related("observer", "rubric", "matter").order_by("observed_on", "pk"),
        {
            "observed_on": _("Day"),
            "observer": _("Observer"),
            "rubric": _("Rubric"),
            "matter": _("Service matter"),
            "kind": _("Kind"),
            "comment": pgettext("observation", "comment"),
        },
        ("mentors.Observation.person",),
        confidential=frozenset({"comment"}),
    )
    yield Part(
        "observation-ratings",
        _("Ratings of observations"),
        ObservationRating.objects.filter(observation__person=person)
        .select_related("observation", "criterion")
        .order_by("observation", "criterion"),
        {"observation.observed_on": _("Day"), "criterion": _("Criterion"), "rating": _("Rating")},
        (),
    )
    yield Part(
        "observations-made",
        _("Observations they made"),
        person.observations_made.select_related("person", "matter").order_by("observed_on", "pk"),
        {
            "observed_on": _("Day"),
            "person": _("Person"),
            "matter": _("Service matter"),
            "comment": _("What they wrote"),
        },
        ("mentors.Observation.observer",),
        confidential=frozenset({"comment"}),
    )


def _sign_offs(person: User) -> Iterator[Part]:
    yield Part(
        "sign-offs",
        _("Sign-offs"),
        EntrustmentCase.objects.filter(mentorship__mentee=person).select_related("matter", "opened_by"),
        {
            "matter": _("Service matter"),
            "entrustment": _("Entrustment"),
            "opened_by": _("Proposed by"),
            "opened_at": _("Opened on"),
            "state": _("State"),
            "closed_at": _("Decided on"),
            "evidence_pack": _("Evidence it was decided on"),
        },
        (),
    )
    # while a case is open, others' verdicts are told to nobody who has not given one
    told = Q(case__mentorship__mentee=person) & ~Q(case__state=EntrustmentCase.State.OPEN)
    yield Part(
        "verdicts",
        _("Verdicts"),
        EntrustmentDecision.objects.filter(told | Q(decider=person)).select_related(
            "case__mentorship__mentee", "decider"
        ),
        {
            "case.mentorship.mentee": _("Mentee"),
            "decider": _("Decided by"),
            "verdict": _("Verdict"),
            "note": _("Why"),
            "decided_at": _("Decided on"),
        },
        ("mentors.EntrustmentDecision.decider",),
        confidential=frozenset({"note"}),
    )
    yield Part(
        "panels",
        _("Panels"),
        person.panel_seats.select_related("case__mentorship__mentee", "case__matter"),
        {"case.mentorship.mentee": _("Mentee"), "case.matter": _("Service matter"), "case.state": _("State")},
        ("mentors.PanelMember.person",),
    )
