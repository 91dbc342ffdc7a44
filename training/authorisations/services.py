"""Writing the ledger: granting and suspending."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from training.lib.texts import Texts
from training.matters.models import MatterVersion, ServiceMatter
from training.operations.services import Actor, record
from training.people.models import User

from .models import Authorisation, Suspension


class AuthorisationError(Exception):
    """An authorisation that is not entered, and why."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class NotPublished(AuthorisationError):
    message = _("This matter was never published. Publish it first, then authorise people for it.")


class TooFewDeciders(AuthorisationError):
    message = _("Two people must decide on an authorisation, and nobody decides on their own.")


class EndsBeforeItStarts(AuthorisationError):
    message = _("The last day is before the first. Choose a later last day.")


@transaction.atomic
def authorise(
    *,
    person: User,
    matter: ServiceMatter,
    entrustment: int,
    starts_on: date,
    until: date,
    deciders: Sequence[Mapping[str, Any]],
    evidence_pack: Mapping[str, Any],
    source_label: Texts,
    source_path: str,
    by: Actor,
    at: datetime,
) -> Authorisation:
    """Enter an authorisation; a running one for the same matter ends the day before, so history stays.

    `deciders` tells who decided, each as {"id", "name", "verdict", "at"}; the person themselves does not count.
    Raises TooFewDeciders, EndsBeforeItStarts, NotPublished.
    """
    if len({decider["id"] for decider in deciders} - {person.pk}) < 2:
        raise TooFewDeciders
    if until < starts_on:
        raise EndsBeforeItStarts
    version = _newest_version(matter)
    User.objects.select_for_update().get(pk=person.pk)  # whoever authorises the same person meanwhile waits here
    _end_running(person, matter, starts_on)
    row = Authorisation.objects.create(
        person=person,
        matter=matter,
        matter_version=version,
        entrustment=entrustment,
        starts_on=starts_on,
        until=until,
        practised_on=starts_on,
        decided_by=list(deciders),
        evidence_pack=dict(evidence_pack),
        source_label=dict(source_label),
        source_path=source_path,
        recorded_at=at,
    )
    after = {"matter": matter.code, "entrustment": entrustment, "from": str(starts_on), "until": str(until)}
    record(action="authorisations.granted", by=by, subject=row, person=person, at=at, after=after)
    return row


@transaction.atomic
def suspend(*, authorisation: Authorisation, reason: str, starts_on: date, by: User, at: datetime) -> Suspension:
    """Stop an authorisation from counting, from a day on, for a written reason."""
    row = Suspension.objects.create(authorisation=authorisation, reason=reason, by=by, starts_on=starts_on)
    record(
        action="authorisations.suspended",
        by=by,
        subject=authorisation,
        person=authorisation.person,
        at=at,
        after={"from": str(starts_on)},
        reason=reason,
    )
    return row


def _newest_version(matter: ServiceMatter) -> MatterVersion:
    version: MatterVersion | None = matter.versions.order_by("-number").first()
    if version is None:
        raise NotPublished
    return version


def _end_running(person: User, matter: ServiceMatter, starts_on: date) -> None:
    """End what runs into the new one; what began no earlier keeps its first day alone, and is overruled on it."""
    running = Authorisation.objects.filter(person=person, matter=matter, until__gte=starts_on)
    running.filter(starts_on__lt=starts_on).update(until=starts_on - timedelta(days=1))
    running.filter(starts_on__gte=starts_on).update(until=models.F("starts_on"))
