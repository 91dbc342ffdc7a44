"""Calibrations: what counts, what is found, once however often it runs; accepted, rejected, taken back."""

import json
from datetime import timedelta

import numpy as np
import pytest

from assessments import services, tasks
from assessments.models import Attempt, AttemptItem, Calibration, ItemParameters, ItemVersion, Rescored
from assessments.queries import available_items
from assessments.queries.samples import Scope, attempts_in, prospect_of, read_sample
from assessments.services import accept_calibration, estimate, reject_calibration, reopen_calibration
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    BankFactory,
    ItemVersionFactory,
    blueprint_row,
    entitle,
    hand_in,
    start_attempt,
)
from tests.factories.calibrations import Silent, answered_by, asked_for, bank_of, worked_out
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent, Job
from training.operations.progress import JobError

pytestmark = pytest.mark.django_db


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def all_usable(calibration: Calibration) -> list[int]:
    return list(calibration.parameters.filter(usable=True).values_list("item_version", flat=True))


def accepted(calibration: Calibration) -> Calibration:
    return accept_calibration(calibration=calibration, items=all_usable(calibration), by=UserFactory(), at=NOW)


class TestWhatCounts:
    """Which attempts are read, and how an answer is."""

    def test_scored_ones_of_the_period_and_of_each_person_the_first(self) -> None:
        world = bank_of(4)
        first = answered_by(world, 5, seed=1)
        again = answered_by(world, 5, seed=2, at=NOW - timedelta(days=5), persons=[row.person for row in first])
        void, running = answered_by(world, 2, seed=3)
        Attempt.objects.filter(pk=void.pk).update(state="void")
        told = ("theta", "score", "level", "passed", "certificate", "released_at")
        Attempt.objects.filter(pk=running.pk).update(state="open", **dict.fromkeys(told))
        answered_by(world, 1, seed=4, at=NOW - timedelta(days=200))
        answered_by(bank_of(4, seed=9), 1, seed=5)
        period = NOW.date() - timedelta(days=100), NOW.date()
        assert set(attempts_in(Scope(world.bank, *period, first_only=True))) == set(first)
        assert set(attempts_in(Scope(world.bank, *period, first_only=False))) == {*first, *again}

    def test_the_last_day_counts_to_its_end_in_the_centres_time(self) -> None:
        world = bank_of(4)
        late = NOW.replace(hour=15, minute=30)  # half past eleven at night there
        answered_by(world, 1, seed=1, at=late)
        scope = Scope(world.bank, NOW.date(), NOW.date(), first_only=True)
        assert attempts_in(scope).count() == 1
        after = Scope(world.bank, NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=1), first_only=True)
        assert attempts_in(after).count() == 0

    def test_blank_is_wrong_and_what_was_not_on_the_paper_is_missing(self) -> None:
        world = bank_of(4)
        attempt = answered_by(world, 1, asked=3)[0]
        right, unseen, changed = attempt.items.order_by("position")
        for question, credit in ((right, 1.0), (unseen, 0.0), (changed, 0.5)):
            question.mark.credit = credit
            question.mark.save()
        unseen.responses.all().delete()
        AttemptItem.objects.filter(pk=unseen.pk).update(seen_at=None)
        changed.responses.create(revision=2, value="c", saved_at=NOW)
        sample = read_sample(Scope(world.bank, NOW.date() - timedelta(days=30), NOW.date(), first_only=True))
        columns = {version.pk: column for column, version in enumerate(sample.versions)}
        assert len(columns) == 3
        assert sample.codes[0, columns[right.item_version_id]] == 1
        assert sample.codes[0, columns[unseen.item_version_id]] == 0
        assert sample.codes[0, columns[changed.item_version_id]] == 0, "half a credit is not right"
        assert sample.not_reached[columns[unseen.item_version_id]] == 1
        assert sample.values[sample.chosen[0, columns[changed.item_version_id]]] == '"c"'

    def test_questions_to_the_database_do_not_grow_with_the_answers(self, at_most: Budget) -> None:
        world = bank_of(10)
        answered_by(world, 120)
        scope = Scope(world.bank, NOW.date() - timedelta(days=30), NOW.date(), first_only=True)
        with at_most(3):
            assert read_sample(scope).codes.shape == (120, 10)
        with at_most(3):
            prospect_of(scope)


class TestStarting:
    """Refused with a reason, or one job."""

    def test_one_job_and_one_event(self) -> None:
        world = bank_of(6)
        answered_by(world, 40)
        by = UserFactory()
        calibration = asked_for(world, by=by)
        job = Job.objects.get(pk=calibration.job_id)
        assert (job.task, job.arguments) == ("assessments.tasks.estimate", {"calibration": calibration.pk})
        assert calibration.state == "computing"
        (event,) = events("assessments.calibration_started")
        assert event.actor_id == by.pk

    def test_one_at_a_time_until_its_job_has_ended(self) -> None:
        world = bank_of(6)
        answered_by(world, 40)
        first = asked_for(world)
        with pytest.raises(services.AtWork):
            asked_for(world)
        Job.objects.filter(pk=first.job_id).update(state="cancelled")
        assert asked_for(world).state == "computing"
        first.refresh_from_db()
        assert first.state == "failed"

    def test_too_few_answers_too_rich_a_model_and_several_scales_are_refused(self) -> None:
        world = bank_of(6)
        answered_by(world, 29)
        with pytest.raises(services.TooFewAnswers):
            asked_for(world)
        answered_by(world, 2, seed=3)
        with pytest.raises(services.ModelTooRich):
            asked_for(world, model="2pl")
        ItemVersionFactory(
            item__bank=world.bank,
            item__competency__framework__code="other",
            item__competency__framework__is_current=False,
        )
        with pytest.raises(services.SeveralScales):
            asked_for(world)
        assert not Calibration.objects.exists()


class TestWorkingOut:
    """What comes of the answers."""

    def test_known_difficulties_come_back_on_the_scale_that_was_judged(self) -> None:
        world = bank_of(20)
        answered_by(world, 400, mean=0.6)
        found = worked_out(world)
        rows = list(found.parameters.order_by("item_version"))
        b = np.array([row.b for row in rows])
        assert np.sqrt(np.mean((b - world.b - (b - world.b).mean()) ** 2)) < 0.2
        # the zero of the scale rests on the judgements: good to 0.5 / sqrt(20)
        assert abs((b - world.b).mean()) < 0.35
        inside = np.mean(
            [
                abs(row.b - true - (b - world.b).mean()) < 1.96 * row.se_b
                for row, true in zip(rows, world.b, strict=True)
            ]
        )
        assert inside >= 0.85
        assert (found.state, found.attempts, found.people, found.answers) == ("ready", 400, 400, 8000)
        assert found.converged
        assert found.is_sound
        assert found.link["method"] == "judged"
        assert all(row.usable and row.a == 1 for row in rows)
        assert found.fit["m2"]["p"] > 0.001

    def test_every_number_is_one_or_null(self) -> None:
        world = bank_of(8)
        answered_by(world, 60)
        constant = world.versions[0].attempt_items.all()
        for item in constant:
            item.mark.credit = 1
            item.mark.save()
        found = worked_out(world)
        for row in (found, *found.parameters.all()):
            json.dumps({name: str(value) if "_at" in name else None for name, value in vars(row).items()})
            for value in vars(row).values():
                if isinstance(value, list | dict):
                    json.dumps(value, allow_nan=False)
                elif isinstance(value, float):
                    assert np.isfinite(value)
        nothing = found.parameters.get(item_version=world.versions[0])
        assert (nothing.b, nothing.usable, nothing.share_right) == (None, False, 1.0)

    def test_items_with_too_few_answers_are_told_but_not_used(self) -> None:
        world = bank_of(12)
        answered_by(world, 150, asked=6)
        found = worked_out(world)
        rows = list(found.parameters.all())
        assert all(row.answers < 100 for row in rows)
        assert all(row.b is not None and "too_few" in row.troubles and not row.usable for row in rows)

    def test_run_twice_or_killed_on_the_way_it_comes_to_the_same(self) -> None:
        world = bank_of(6)
        answered_by(world, 120)
        calibration = asked_for(world)
        with pytest.raises(KeyboardInterrupt):
            estimate(calibration=calibration, progress=Silent(fails_at=80), at=NOW)
        assert not ItemParameters.objects.exists()
        for _time in range(2):
            tasks.estimate(progress=Silent(), calibration=calibration.pk)
        estimate(calibration=calibration, progress=Silent(), at=NOW)  # a run that began before the other ended
        assert calibration.parameters.count() == 6
        assert len(events("assessments.calibration_ready")) == 1

    def test_what_cannot_be_worked_out_says_why(self) -> None:
        world = bank_of(6)
        attempts = answered_by(world, 40)
        calibration = asked_for(world)
        Attempt.objects.filter(pk__in=[row.pk for row in attempts[:20]]).update(state="void")
        with pytest.raises(JobError, match="Fewer than two items"):
            tasks.estimate(progress=Silent(), calibration=calibration.pk)
        calibration.refresh_from_db()
        assert calibration.state == "failed"
        assert "不足两道" in calibration.failure["zh-hans"]

    def test_progress_ends_at_the_whole(self) -> None:
        world = bank_of(6)
        answered_by(world, 40)
        progress = Silent()
        estimate(calibration=asked_for(world), progress=progress, at=NOW)
        assert progress.done == progress.total == 100

    def test_a_wrong_option_that_the_able_choose_is_a_rival(self) -> None:
        world = bank_of(12)
        attempts = answered_by(world, 300)
        able = {row.pk for row in attempts if row.theta > 0.5}
        for question in world.versions[3].attempt_items.filter(attempt__in=able):
            question.responses.update(value="b")
            question.mark.credit = 0
            question.mark.save()
        found = worked_out(world)
        row = found.parameters.order_by("rank", "pk").first()
        assert row.item_version_id == world.versions[3].pk
        assert "rival" in row.troubles
        assert [option["option"] for option in row.options if option["rival"]] == ["b"]
        assert found.parameters.exclude(pk=row.pk).filter(troubles__icontains="rival").count() <= 1


class TestDeciding:
    """New papers, and nothing else."""

    def test_drift_is_flagged_and_left_out_of_the_link(self) -> None:
        world = bank_of(20)
        answered_by(world, 600)
        accepted(worked_out(world))
        easier = world.b.copy()
        easier[7] -= 1.5
        answered_by(world, 600, seed=8, at=NOW - timedelta(days=3), b=easier, mean=0.4)
        later = worked_out(world, since=NOW.date() - timedelta(days=4))
        drifted = [row.item_version_id for row in later.parameters.filter(drifted=True)]
        assert drifted == [world.versions[7].pk]
        assert later.link["method"] == "mean"
        assert (later.link["anchors"], later.link["drifted"]) == (19, 1)
        sound = later.parameters.exclude(drifted=True)
        assert abs(np.mean([row.drift for row in sound])) < 0.05
        assert later.parameters.get(drifted=True).drift == pytest.approx(-1.5, abs=0.4)

    def test_papers_from_now_on_take_them_and_what_exists_stays(self) -> None:
        world = bank_of(20)
        attempts = answered_by(world, 300)
        blueprint_row(world.exam, world.versions[0].item.competency, 20)
        services.open_exam(exam=world.exam, by="test", at=NOW)
        before = list(Attempt.objects.order_by("pk").values())
        papers = list(AttemptItem.objects.order_by("pk").values())
        running = _start(world)
        calibration = worked_out(world)
        left_out = world.versions[5].pk
        accept_calibration(
            calibration=calibration,
            items=[pk for pk in all_usable(calibration) if pk != left_out],
            by=UserFactory(),
            at=NOW,
        )
        assert list(Attempt.objects.filter(pk__in=[row.pk for row in attempts]).order_by("pk").values()) == before
        assert list(AttemptItem.objects.filter(attempt__in=attempts).order_by("pk").values()) == papers
        assert set(running.items.values_list("parameters", "a", "b_sd")) == {(None, 1.0, 0.7)}

        found = {row.item_version_id: row for row in calibration.parameters.all()}
        for question in _start(world).items.all():
            row = found[question.item_version_id]
            if question.item_version_id == left_out:
                assert (question.parameters_id, question.b, question.b_sd) == (None, pytest.approx(row.judged_b), 0.7)
            else:
                assert (question.parameters_id, question.a, question.b, question.b_sd) == (
                    row.pk,
                    row.a,
                    row.b,
                    row.se_b,
                )

    def test_a_result_by_calibrated_items_is_surer_than_by_judged_ones(self) -> None:
        world = bank_of(20)
        answered_by(world, 300)
        blueprint_row(world.exam, world.versions[0].item.competency, 20)
        services.open_exam(exam=world.exam, by="test", at=NOW)
        judged = _start(world)
        accepted(worked_out(world))
        calibrated = _start(world)
        for attempt in (judged, calibrated):
            hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))
            attempt.refresh_from_db()
        assert calibrated.standard_error < judged.standard_error

    def test_a_newer_version_of_an_item_is_judged_again(self) -> None:
        world = bank_of(6)
        answered_by(world, 120)
        accepted(worked_out(world))
        item = world.versions[0].item
        newer = ItemVersionFactory(item=item, number=2)
        found = {row.version_id: row for row in available_items(world.exam, on=NOW.date(), cuts=[-2.0, -0.7, 0.7, 2.0])}
        assert found[newer.pk].parameters_id is None
        assert found[world.versions[1].pk].parameters_id is not None

    def test_the_one_before_is_replaced_and_comes_back_by_undoing(self) -> None:
        world = bank_of(8)
        answered_by(world, 150)
        first = accepted(worked_out(world))
        assert len(events("assessments.calibration_accepted")) == 1
        second = worked_out(world)
        accept_calibration(
            calibration=second, items=all_usable(second)[:3], by=UserFactory(), at=NOW + timedelta(hours=1)
        )
        first.refresh_from_db()
        assert first.state == "superseded"
        assert first.parameters.in_force().count() == 5
        assert second.parameters.in_force().count() == 3
        reopen_calibration(calibration=second, by=UserFactory(), at=NOW + timedelta(hours=2))
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("accepted", "ready")
        assert first.parameters.in_force().count() == 8
        assert second.parameters.in_force().count() == 0
        assert len(events("assessments.calibration_reopened")) == 1

    def test_once_somebody_has_a_paper_with_them_it_is_not_undone(self) -> None:
        world = bank_of(20)
        answered_by(world, 150)
        blueprint_row(world.exam, world.versions[0].item.competency, 20)
        services.open_exam(exam=world.exam, by="test", at=NOW)
        calibration = accepted(worked_out(world))
        _start(world)
        with pytest.raises(services.AlreadyUsed):
            reopen_calibration(calibration=calibration, by=UserFactory(), at=NOW)
        assert calibration.parameters.in_force().count() == 20

    def test_rejecting_keeps_the_reason_and_can_be_undone(self) -> None:
        world = bank_of(6)
        answered_by(world, 120)
        calibration = worked_out(world)
        reject_calibration(calibration=calibration, reason="A leak in spring.", by=UserFactory(), at=NOW)
        (event,) = events("assessments.calibration_rejected")
        assert event.reason == "A leak in spring."
        with pytest.raises(services.NotDecidable):
            accepted(calibration)
        reopen_calibration(calibration=calibration, by=UserFactory(), at=NOW)
        assert accepted(calibration).state == "accepted"

    def test_nothing_unsound_or_empty_is_accepted(self) -> None:
        world = bank_of(6)
        answered_by(world, 120)
        calibration = worked_out(world)
        with pytest.raises(services.NothingChosen):
            accept_calibration(calibration=calibration, items=[], by=UserFactory(), at=NOW)
        other = ItemVersionFactory(item__bank=BankFactory())
        with pytest.raises(services.NothingChosen):
            accept_calibration(calibration=calibration, items=[other.pk], by=UserFactory(), at=NOW)
        Calibration.objects.update(is_sound=False)
        with pytest.raises(services.NotDecidable):
            accepted(calibration)
        assert not ItemParameters.objects.in_force().exists()

    def test_who_would_come_out_differently_is_told_and_changes_nothing(self) -> None:
        world = bank_of(20)
        answered_by(world, 200)
        calibration = worked_out(world)
        effect = calibration.effect
        assert effect["differ"] == Rescored.objects.filter(calibration=calibration).count() > 0
        assert effect["higher"] + effect["lower"] >= max(effect["would_pass"], effect["would_fail"])
        for row in Rescored.objects.select_related("attempt"):
            assert (row.level, row.passed) != (row.attempt.level, row.attempt.passed)


def _start(world: object) -> Attempt:
    person = UserFactory()
    exam = world.exam  # type: ignore[attr-defined]  # a World
    entitle(person=person, exam=exam, why={"en": "x"}, by="test", at=NOW)
    return start_attempt(person=person, exam=exam, now=NOW, language="en", seed=7)


def test_two_sets_of_parameters_in_force_are_refused_by_the_database() -> None:
    from django.db import IntegrityError, transaction

    world = bank_of(4)
    answered_by(world, 120)
    accepted(worked_out(world))
    second = worked_out(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.parameters.filter(item_version=ItemVersion.objects.order_by("pk").first()).update(in_force_from=NOW)
