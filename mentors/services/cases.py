"""Sign-off: a case is opened with what is known, decided by two people, and becomes an authorisation."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors import permissions
from mentors.models import EntrustmentCase, EntrustmentDecision, Mentorship, PanelMember
from mentors.queries.evidence_pack import evidence_pack
from training.authorisations.services import NotPublished, authorise
from training.certificates.rules import last_valid_day
from training.matters.models import ServiceMatter
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User
from training.people.services import end_access, give_access

from .completion import complete_if_signed_off
from .errors import AlreadyDoneError, CoachingError, NotYoursError
from .texts import in_every_language

MONTHS = 12
DECIDERS = 2


@transaction.atomic
def open_case(
    *,
    mentorship: Mentorship,
    matter: ServiceMatter,
    entrustment: int,
    panel: Iterable[User] = (),
    by: User,
    at: datetime,
) -> EntrustmentCase:
    """Propose to entrust a matter to the mentee, and freeze what is known of them.

    The teacher is on the panel, and whoever is named; when nobody is, the nearest head over the mentee. They see the
    mentee's record while the case is open. Raises `NotYoursError` for somebody who may not propose it, `CoachingError`
    when the mentorship is not running, the matter is none of its own, or nobody could decide beside the teacher,
    `AlreadyDoneError` while a case on the matter is open.
    """
    today = timezone.localtime(at).date()
    current = _running(mentorship)
    if not permissions.may_open_case(by, current, today=today):
        raise NotYoursError(_("Only the teacher, a head or HR proposes a sign-off."))
    if not current.matters.filter(pk=matter.pk).exists():
        raise CoachingError(_("This matter is not part of the mentorship."))
    if current.cases.filter(matter=matter, state=EntrustmentCase.State.OPEN).exists():
        raise AlreadyDoneError(_("A sign-off on this matter is open already."))
    others = _panel(current, list(panel), today)
    case = EntrustmentCase.objects.create(
        mentorship=current,
        matter=matter,
        entrustment=entrustment,
        evidence_pack=evidence_pack(current, matter, today=today),
        opened_by=by,
        opened_at=at,
    )
    _seat(case, others, by, at, today)
    after = {"matter": matter.code, "entrustment": entrustment, "panel": [person.pk for person in others]}
    record(action="mentors.case_opened", by=by, subject=case, person=current.mentee, at=at, after=after)
    return case


@transaction.atomic
def decide(*, case: EntrustmentCase, decider: User, verdict: str, note: str, at: datetime) -> EntrustmentCase:
    """Take a verdict down. A no closes the case; the second yes, by another person, enters the authorisation.

    It runs for twelve months. With the last matter signed off the mentorship is completed and its certificate issued,
    all or nothing. Raises `NotYoursError` for somebody off the panel and for the mentee, `AlreadyDoneError` for a
    second verdict of one person or a closed case, `CoachingError` for a no without a reason.
    """
    today = timezone.localtime(at).date()
    rows = EntrustmentCase.objects.select_for_update(of=("self",))
    current = rows.select_related("mentorship__mentee", "mentorship__teacher__person", "matter").get(pk=case.pk)
    if current.state != EntrustmentCase.State.OPEN:
        raise AlreadyDoneError(_("This sign-off is closed."))
    if not permissions.may_decide(decider, current, today=today):
        raise NotYoursError(_("Only the panel, heads and HR decide on a sign-off, and never on their own."))
    if verdict == EntrustmentDecision.Verdict.NO and not note.strip():
        raise CoachingError(_("Say what is missing, so that the mentee can work on it."))
    _write(current, decider, verdict, note.strip(), at)
    if verdict == EntrustmentDecision.Verdict.NO:
        _close(current, EntrustmentCase.State.REFUSED, decider, at)
    else:
        _grant_if_two(current, decider, at, today)
    case.state, case.closed_at, case.authorisation = current.state, current.closed_at, current.authorisation
    return current


@transaction.atomic
def drop_case(*, case: EntrustmentCase, reason: str, by: Actor, at: datetime) -> None:
    """Close an open sign-off without a verdict, because whom it needs has left; it can be proposed anew.

    Does nothing to one that is closed.
    """
    rows = EntrustmentCase.objects.select_for_update(of=("self",)).select_related("mentorship__mentee", "matter")
    current = rows.get(pk=case.pk)
    if current.state == EntrustmentCase.State.OPEN:
        _close(current, EntrustmentCase.State.DROPPED, by, at, reason=reason)


def case_path(case: EntrustmentCase) -> str:
    """Return the address of its page."""
    return reverse("mentors:case", args=[case.pk])


def _running(mentorship: Mentorship) -> Mentorship:
    rows = Mentorship.objects.select_for_update(of=("self",)).select_related("mentee__department", "teacher__person")
    current = rows.get(pk=mentorship.pk)
    if not (current.is_running and current.is_agreed):
        raise CoachingError(_("A sign-off is opened while coaching runs: both have agreed, and it has not ended."))
    return current


def _panel(mentorship: Mentorship, named: Sequence[User], today: date) -> list[User]:
    """Return who decides beside the teacher."""
    if named:
        possible = set(permissions.possible_deciders(mentorship, today=today).values_list("pk", flat=True))
        wrong = [person for person in named if person.pk not in possible]
        if wrong:
            raise CoachingError(
                _("%(person)s cannot decide on this sign-off. Choose a head, HR or another career teacher.")
                % {"person": wrong[0]}
            )
        return list(dict.fromkeys(named))
    heads = permissions.heads_over(mentorship.mentee, today=today).exclude(pk=mentorship.teacher.person_id)
    nearest = heads.first()
    if nearest is None:
        raise CoachingError(_("Nobody heads the mentee's department. Name who decides beside the teacher."))
    return [nearest]


def _seat(case: EntrustmentCase, others: Iterable[User], by: User, at: datetime, today: date) -> None:
    """Seat the teacher and the others, let the latter see the mentee, and tell everybody but the opener."""
    mentorship = case.mentorship
    PanelMember.objects.create(case=case, person=mentorship.teacher.person)
    for person in others:
        access = give_access(
            viewer=person, subject=mentorship.mentee, why="panel", starts_on=today, until=None, by=by, at=at
        )
        PanelMember.objects.create(case=case, person=person, access=access)
    facts = {"person": mentorship.mentee, "matter": case.matter.name}
    for person in {mentorship.teacher.person, *others} - {by}:
        notify(person=person, kind="case.opened", facts=facts, path=case_path(case), at=at)


def _write(case: EntrustmentCase, decider: User, verdict: str, note: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            decision = EntrustmentDecision.objects.create(
                case=case, decider=decider, verdict=verdict, note=note, decided_at=at
            )
    except IntegrityError as error:
        raise AlreadyDoneError(_("You have decided on this sign-off. A second person must decide too.")) from error
    record(
        action="mentors.case_decided",
        by=decider,
        subject=decision,
        person=case.mentorship.mentee,
        at=at,
        after={"verdict": verdict},
        reason=note,
    )


def _grant_if_two(case: EntrustmentCase, decider: User, at: datetime, today: date) -> None:
    decisions = list(case.decisions.select_related("decider").order_by("decided_at", "pk"))
    if len(decisions) < DECIDERS:
        return
    try:
        case.authorisation = authorise(
            person=case.mentorship.mentee,
            matter=case.matter,
            entrustment=case.entrustment,
            starts_on=today,
            until=last_valid_day(today, MONTHS),
            deciders=[_in_words(decision) for decision in decisions],
            evidence_pack=case.evidence_pack,
            source_label=in_every_language(lambda: _("Sign-off by two people")),
            source_path=case_path(case),
            by=decider,
            at=at,
        )
    except NotPublished as error:
        raise CoachingError(str(error)) from error
    _close(case, EntrustmentCase.State.GRANTED, decider, at)
    complete_if_signed_off(mentorship=case.mentorship, by=decider, at=at)


def _in_words(decision: EntrustmentDecision) -> dict[str, Any]:
    return {
        "id": decision.decider_id,
        "name": str(decision.decider),
        "verdict": decision.verdict,
        "at": decision.decided_at.isoformat(),
    }


def _close(case: EntrustmentCase, state: str, by: Actor, at: datetime, *, reason: str = "") -> None:
    """Close the case: the panel's access goes, and those it concerns hear of it."""
    case.state, case.closed_at = state, at
    case.save(update_fields=["state", "closed_at", "authorisation"])
    mentorship = case.mentorship
    today = timezone.localtime(at).date()
    panel = list(case.panel.select_related("person", "access__subject"))
    for seat in panel:
        if seat.access is not None:
            end_access(access=seat.access, on=today, by=by, at=at)
    record(action=f"mentors.case_{state}", by=by, subject=case, person=mentorship.mentee, at=at, reason=reason)
    decision = EntrustmentCase.State(state).label
    facts = {"person": mentorship.mentee, "matter": case.matter.name, "decision": decision}
    for person in {mentorship.mentee, *(seat.person for seat in panel)} - {by}:
        notify(person=person, kind="case.closed", facts=facts, path=case_path(case), at=at)
