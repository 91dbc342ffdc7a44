"""Observations: what was seen by the rubric, and the evidence it gives."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors import rules
from mentors.models import Criterion, Mentorship, Observation, ObservationEvidence, ObservationRating, Rubric
from training.competencies.models import Evidence
from training.competencies.services import NewEvidence, record_evidence
from training.lib.texts import text_in
from training.matters.models import ServiceMatter
from training.operations.services import Actor, record
from training.people.models import User

from .errors import CoachingError, NotYoursError
from .phases import advance_phase
from .texts import in_every_language


@transaction.atomic
def record_observation(
    *,
    person: User,
    observer: User,
    rubric: Rubric,
    matter: ServiceMatter,
    ratings: Mapping[Criterion, int | None],
    kind: str,
    comment: str,
    observed_on: date,
    by: Actor,
    at: datetime,
) -> Observation:
    """Record an observation with its evidence for the rubric's competency, and open the next phase if it is earned.

    A rating of None means not observed. It belongs to the running mentorship of the person, if there is one. Raises
    `NotYoursError` for an observation of oneself, `CoachingError` when nothing was observed, the day lies ahead or a
    criterion is of another rubric.
    """
    if person.pk == observer.pk:
        raise NotYoursError(_("Nobody observes themselves."))
    if observed_on > timezone.localtime(at).date():
        raise CoachingError(_("The day lies ahead. Give the day of the observation."))
    if any(criterion.rubric_id != rubric.pk for criterion in ratings):
        raise CoachingError(_("A criterion belongs to another rubric."))
    measured = rules.measure(list(ratings.values()), rubric.competency.framework.cuts())
    if measured is None:
        raise CoachingError(_("Rate at least one criterion; the others may stay not observed."))
    mentorship = Mentorship.objects.agreed().filter(mentee=person).first()
    observation = Observation.objects.create(
        person=person,
        observer=observer,
        mentorship=mentorship,
        rubric=rubric,
        matter=matter,
        kind=kind,
        comment=comment,
        observed_on=observed_on,
        recorded_at=at,
    )
    ObservationRating.objects.bulk_create(
        ObservationRating(observation=observation, criterion=criterion, rating=rating)
        for criterion, rating in ratings.items()
    )
    after = {criterion.code: rating for criterion, rating in ratings.items()}
    record(action="mentors.observed", by=by, subject=observation, person=person, at=at, after=after)
    _record_evidence(observation, measured, by, at)
    if mentorship is not None:
        advance_phase(mentorship=mentorship, by=by, at=at)
    return observation


def observation_path(observation: Observation) -> str:
    """Return the address of its page."""
    return reverse("mentors:observation", args=[observation.pk])


def _record_evidence(observation: Observation, measured: rules.Measurement, by: Actor, at: datetime) -> None:
    rubric = observation.rubric
    piece = NewEvidence(
        person=observation.person,
        competency=rubric.competency,
        kind=Evidence.Kind.OBSERVATION,
        value=measured.y,
        variance=measured.variance,
        observed_on=observation.observed_on,
        source_label=in_every_language(
            lambda: (
                _("Observation “%(rubric)s” by %(observer)s")
                % {"rubric": text_in(rubric.name), "observer": observation.observer}
            )
        ),
        source_path=observation_path(observation),
        assessor=observation.observer,
    )
    (evidence,) = record_evidence(pieces=[piece], by=by, at=at)
    ObservationEvidence.objects.create(observation=observation, competency=rubric.competency, evidence=evidence)
