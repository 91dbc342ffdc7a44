"""Observations: the evidence they give, and the phases they open."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mentors import rules
from mentors.models import Mentorship, Observation, ObservationEvidence
from mentors.services import CoachingError, NotYoursError, advance_phase, record_observation
from tests.factories.competencies import CUTS
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, RubricFactory, observed
from tests.factories.people import UserFactory
from training.competencies.models import Evidence, Proficiency
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

CUT_POINTS = [cut for cut in CUTS.values() if cut is not None]


class TestEvidence:
    def test_is_what_the_rule_measures(self) -> None:
        rubric = RubricFactory()
        mentorship = MentorshipFactory()

        observation = observed(mentorship, rubric, 3, 4, None, 3)

        evidence = Evidence.objects.get()
        measured = rules.measure([3, 4, None, 3], CUT_POINTS)
        assert measured is not None
        assert (evidence.value, evidence.variance) == pytest.approx(tuple(measured))
        assert (evidence.person, evidence.competency) == (mentorship.mentee, rubric.competency)
        assert (evidence.kind, evidence.assessor) == (Evidence.Kind.OBSERVATION, mentorship.teacher.person)
        assert evidence.source_path == f"/coaching/observations/{observation.pk}/"
        assert set(evidence.source_label) == {"en", "zh-hans"}
        assert Proficiency.objects.get(person=mentorship.mentee).competency == rubric.competency
        assert ObservationEvidence.objects.get().evidence == evidence

    def test_of_nothing_seen_there_is_none(self) -> None:
        with pytest.raises(CoachingError, match="at least one"):
            observed(MentorshipFactory(), RubricFactory(), None, None)

        assert not Observation.objects.exists()

    def test_nobody_observes_themselves(self) -> None:
        mentorship = MentorshipFactory()

        with pytest.raises(NotYoursError):
            observed(mentorship, RubricFactory(), 5, observer=mentorship.mentee)
        observed(mentorship, RubricFactory(), 5)
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.update(observer=mentorship.mentee)

    def test_not_of_tomorrow(self) -> None:
        with pytest.raises(CoachingError, match="lies ahead"):
            observed(MentorshipFactory(), RubricFactory(), 3, on=TODAY + timedelta(days=1))

    def test_not_by_the_criteria_of_another_rubric(self) -> None:
        mentorship, rubric, other = MentorshipFactory(), RubricFactory(), RubricFactory()

        with pytest.raises(CoachingError, match="another rubric"):
            record_observation(
                person=mentorship.mentee,
                observer=mentorship.teacher.person,
                rubric=rubric,
                matter=mentorship.matters.get(),
                ratings={other.criteria.first(): 3},
                kind=Observation.Kind.TEACHER,
                comment="",
                observed_on=TODAY,
                by="test",
                at=NOW,
            )

    def test_also_of_somebody_without_a_teacher(self) -> None:
        person, observer = UserFactory(), UserFactory(hr=True)
        rubric = RubricFactory()
        mentorship = MentorshipFactory()

        observation = record_observation(
            person=person,
            observer=observer,
            rubric=rubric,
            matter=mentorship.matters.get(),
            ratings=dict.fromkeys(rubric.criteria.all(), 3),
            kind=Observation.Kind.VISIT,
            comment="",
            observed_on=TODAY,
            by=observer,
            at=NOW,
        )

        assert observation.mentorship is None
        assert Evidence.objects.get().person == person


class TestPhases:
    def phase(self, mentorship: Mentorship) -> str:
        return Mentorship.objects.get(pk=mentorship.pk).phase

    @pytest.mark.parametrize(
        ("ratings", "phase"),
        [((2, 2, 2, 2), "shadow"), ((3, 2, 2, 2), "supervised"), ((3, None, None, None), "supervised")],
    )
    def test_the_second_opens_at_a_quarter(self, ratings: tuple[int | None, ...], phase: str) -> None:
        mentorship = MentorshipFactory()

        observed(mentorship, RubricFactory(), *ratings)

        assert self.phase(mentorship) == phase

    def test_one_good_hour_opens_one_phase(self) -> None:
        mentorship, rubric = MentorshipFactory(), RubricFactory()
        phases = []

        for day in (3, 2, 1, 0):
            observed(mentorship, rubric, 4, 4, 4, 4, on=TODAY - timedelta(days=day))
            phases.append(self.phase(mentorship))

        assert phases == ["supervised", "solo", "ready", "ready"]

    @pytest.mark.parametrize(
        ("before", "ratings", "after"),
        [
            ("supervised", (3, 2, 2, 2), "supervised"),
            ("supervised", (3, 3, 2, 2), "solo"),
            ("solo", (3, 3, 2, 2), "solo"),
            ("solo", (3, 3, 3, 2), "ready"),
        ],
    )
    def test_half_and_three_quarters(self, before: str, ratings: tuple[int, ...], after: str) -> None:
        mentorship = MentorshipFactory(phase=before)

        observed(mentorship, RubricFactory(), *ratings)

        assert self.phase(mentorship) == after

    def test_the_latest_rating_of_a_criterion_counts(self) -> None:
        mentorship, rubric = MentorshipFactory(phase="supervised"), RubricFactory()
        observed(mentorship, rubric, 2, 2, 2, 2, on=TODAY - timedelta(days=1))

        observed(mentorship, rubric, 3, 3, on=TODAY)

        assert self.phase(mentorship) == "solo"

    def test_never_back(self) -> None:
        mentorship = MentorshipFactory(phase="ready")

        observed(mentorship, RubricFactory(), 1, 1, 1, 1)

        assert self.phase(mentorship) == "ready"
        assert not advance_phase(mentorship=mentorship, by="test", at=NOW)

    def test_it_is_recorded(self) -> None:
        mentorship = MentorshipFactory()

        observed(mentorship, RubricFactory(), 3, 3)

        event = AuditEvent.objects.get(action="mentors.phase_advanced")
        assert (event.before, event.after["phase"]) == ({"phase": "shadow"}, "supervised")
