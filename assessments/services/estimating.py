"""A calibration at work: read, estimate, judge, and keep what came of it in one transaction, once."""

import json
import logging
import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Calibration, ItemParameters, ItemVersion, Rescored
from assessments.queries import Rulings, rulings_on
from assessments.queries.samples import BLANK, NOT_GIVEN, Sample, Scope, frameworks_of, known_before, read_sample
from assessments.scoring import screening, standards
from assessments.scoring.analysis import Analysis, Known, NothingToEstimate, analyse
from assessments.scoring.calibration import Model
from assessments.scoring.classical import OptionUse, distractors
from assessments.scoring.graded import Items
from assessments.scoring.irt import Floats
from assessments.scoring.responses import MISSING, Responses
from assessments.scoring.scores import eap, wle
from assessments.scoring.stages import DEFAULT_STAGES
from training.lib.texts import in_each_language
from training.operations.progress import JobError
from training.operations.services import record

from .calibrating import TooFewAnswers

logger = logging.getLogger(__name__)

# Of a hundred: reading, the five steps of the analysis, what options do, scoring anew.
WHOLE, READING, A_STEP, OPTIONS, SCORING = 100, 50, 6, 10, 10
FEWEST_FOR_OPTIONS = 30
FEWEST_RIVALS = 10
CHOSEN = "chosen"
CHOICES = (ItemVersion.Kind.SINGLE, ItemVersion.Kind.TRUE_FALSE, ItemVersion.Kind.MULTIPLE)
ROWS_AT_ONCE = 500


class Counted(Protocol):
    """What a job's function is given (`training.operations.progress.Progress`)."""

    def start(self, total: int) -> None: ...
    def advance(self, n: int = 1) -> None: ...


class CannotBeWorkedOut(JobError):
    """The answers say too little; the examiner can do something about it."""


def estimate(*, calibration: Calibration, progress: Counted, at: datetime) -> None:
    """Work the calibration out and keep the result; nothing when it has one. Killed on the way, it is begun again.

    Raises `CannotBeWorkedOut` after writing why onto the calibration.
    """
    if calibration.state not in (Calibration.State.COMPUTING, Calibration.State.FAILED):
        return
    try:
        sample, known, found = _worked_out(calibration, progress)
        rows = _rows(calibration, sample, known, found)
        progress.advance(OPTIONS)
        moved = _rescored(calibration, sample, known, rows)
        progress.advance(SCORING)
    except JobError as error:
        _fail(calibration, error, at)
        raise
    _keep(calibration, sample, found, rows, moved, at)


def _worked_out(calibration: Calibration, progress: Counted) -> tuple[Sample, Known, Analysis]:
    scope = Scope(calibration.bank, calibration.since, calibration.until, calibration.first_only)
    progress.start(WHOLE)
    told = 0

    def read(share: float) -> None:
        nonlocal told
        step = int(READING * share) - told
        told += step
        progress.advance(step)

    sample = read_sample(scope, done=read)
    frameworks = frameworks_of(calibration.bank)
    if not sample.answers or len(frameworks) != 1:
        raise CannotBeWorkedOut(TooFewAnswers.message)
    known = known_before(sample.versions, frameworks[0].cuts())
    try:
        found = analyse(
            Responses.of(sample.codes), Model(calibration.model), known, step=lambda: progress.advance(A_STEP)
        )
    except NothingToEstimate as error:
        raise CannotBeWorkedOut(TooFewAnswers.message) from error
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        logger.exception("calibration %s could not be worked out", calibration.pk)
        message = _("The answers could not be brought together with the model. Take Rasch, or another period.")
        raise CannotBeWorkedOut(message) from error
    return sample, known, found


def _rows(calibration: Calibration, sample: Sample, known: Known, found: Analysis) -> list[ItemParameters]:
    counts = (sample.codes != MISSING).sum(axis=0)
    ability = _ability(sample, found)
    rulings = rulings_on(version.pk for version in sample.versions)
    rows = []
    for column, version in enumerate(sample.versions):
        options = list(_options(sample, column, ability, rulings)) if ability is not None else []
        row = ItemParameters(
            calibration=calibration,
            item_version=version,
            answers=int(counts[column]),
            not_reached=int(sample.not_reached[column]),
            judged_b=float(known.judged[column]),
            options=options,
            **_numbers(found, column),
        )
        findings = _findings(row, options)
        row.troubles = [str(trouble) for trouble in screening.troubles(findings)]
        row.rank = screening.rank(row.troubles)
        row.usable = found.is_sound and screening.is_usable(findings)
        rows.append(row)
    return rows


def _numbers(found: Analysis, column: int) -> dict[str, Any]:
    """What the analysis says of a column; what is no number is null."""
    told, fit, drift = found.residuals.get(column), found.s_x2.get(column), found.drifts.get(column)
    numbers: dict[str, Any] = {
        "a": finite(found.a[column]),
        "b": finite(found.b[column]),
        "se_a": finite(found.se_a[column]),
        "se_b": finite(found.se_b[column]),
        "share_right": finite(found.classical.mean[column]),
        "point_biserial": finite(found.classical.rest_correlation[column]),
    }
    if told:
        numbers |= {"infit": finite(told.infit), "outfit": finite(told.outfit)}
        numbers["groups"] = [
            [finite(found.link.scale * g.ability + found.link.shift), g.people, finite(g.observed), finite(g.expected)]
            for g in told.groups
        ]
    judge, kind = (fit, "s_x2") if fit and finite(fit.p) is not None else (told, "groups")
    if judge and finite(judge.p) is not None:
        numbers |= {"fit_kind": kind, "fit_statistic": finite(judge.statistic), "fit_df": judge.df, "fit_p": judge.p}
    if drift:
        numbers |= {"drift": finite(drift.difference), "drift_z": finite(drift.robust_z), "drifted": drift.drifted}
    return numbers


def _findings(row: ItemParameters, options: Sequence[dict[str, Any]]) -> screening.Findings:
    return screening.Findings(
        answers=row.answers,
        needed=DEFAULT_STAGES.rasch_from,
        a=row.a,
        b=row.b,
        se_b=row.se_b,
        share=row.share_right,
        point_biserial=row.point_biserial,
        infit=row.infit,
        fit_p=row.fit_p,
        drifted=row.drifted,
        rival=any(option["rival"] for option in options),
    )


def _ability(sample: Sample, found: Analysis) -> Floats | None:
    """Ability of each attempt, for what options do; blank papers stand at the middle."""
    if found.calibration.items is None:
        return None
    answers = Responses(sample.codes[:, found.columns], np.ones(len(sample.attempts)))
    theta = eap(found.calibration.items, answers, found.calibration.grid).theta
    return theta if bool(np.all(np.isfinite(theta))) else None


def _options(sample: Sample, column: int, ability: Floats, rulings: Rulings) -> Iterator[dict[str, Any]]:
    """What each option does: who chose it, and whether the able did; what is right says the key in force."""
    version, chosen = sample.versions[column], sample.chosen[:, column]
    seen = chosen != NOT_GIVEN
    if version.kind not in CHOICES or seen.sum() < FEWEST_FOR_OPTIONS:
        return
    for option in version.options:
        uses = [number for number, value in enumerate(sample.values) if _names(json.loads(value), option["id"])]
        took = np.where(np.isin(chosen[seen], uses), CHOSEN, "")
        facts = {"option": option["id"], "key": option["id"] in rulings.key_of(version)}
        yield facts | _use(distractors(took.tolist(), ability[seen]), is_key=facts["key"])
    if blank := int((chosen == BLANK).sum()):
        yield {"option": "", "key": False, "people": blank, "share": blank / int(seen.sum()), "rival": False}


def _names(answer: object, option: str) -> bool:
    return answer == option or (isinstance(answer, list) and option in answer)


def _use(table: list[OptionUse], *, is_key: bool) -> dict[str, Any]:
    """How an option was used; it is a rival of the key where the able chose it more, beyond what chance does."""
    use = next((row for row in table if row.option == CHOSEN), None)
    if use is None:
        return {"people": 0, "share": 0.0, "rival": False}
    people = sum(row.people for row in table)
    rival = not is_key and use.people >= FEWEST_RIVALS and use.correlation > 2 / math.sqrt(people)
    facts = {"people": use.people, "share": use.share, "rival": rival, "correlation": finite(use.correlation)}
    return facts | {"by_group": [finite(share) for share in use.by_group]}


def _rescored(calibration: Calibration, sample: Sample, known: Known, rows: Sequence[ItemParameters]) -> list[Rescored]:
    """The attempts that papers scored as from now on would place elsewhere; the cuts are each attempt's own."""
    a = np.where(known.in_force, known.a, 1.0)
    b = np.where(known.in_force, known.b, known.judged)
    for column, row in enumerate(rows):
        if row.usable and not screening.GRAVE & set(row.troubles):
            a[column], b[column] = row.a, row.b
    scored = np.where(sample.tried, MISSING, sample.codes).astype(sample.codes.dtype)
    theta = wle(Items.of(a, list(-a * b)), Responses(scored, np.ones(len(sample.attempts)))).theta
    moved = []
    for attempt, value in zip(sample.attempts, theta.tolist(), strict=True):
        if not math.isfinite(value):
            continue
        level = standards.level_decided(value, attempt["cuts"])
        passed = value >= standards.target_cut(attempt["target_level"], attempt["cuts"])
        if (level, passed) != (attempt["level"], attempt["passed"]):
            moved.append(
                Rescored(calibration=calibration, attempt_id=attempt["pk"], theta=value, level=level, passed=passed)
            )
    return moved


@transaction.atomic
def _keep(
    calibration: Calibration,
    sample: Sample,
    found: Analysis,
    rows: Sequence[ItemParameters],
    moved: Sequence[Rescored],
    at: datetime,
) -> None:
    """Write everything, unless another run of the same job did."""
    kept = Calibration.objects.select_for_update(of=("self",)).get(pk=calibration.pk)
    if kept.state not in (Calibration.State.COMPUTING, Calibration.State.FAILED):
        return
    ItemParameters.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    Rescored.objects.bulk_create(moved, batch_size=ROWS_AT_ONCE)
    kept.state, kept.finished_at, kept.failure = Calibration.State.READY, at, {}
    kept.attempts, kept.people, kept.answers = len(sample.attempts), sample.people, sample.answers
    kept.log_likelihood, kept.converged = finite(found.calibration.loglik), found.calibration.converged
    kept.is_sound = found.is_sound
    kept.cautions = [
        {"caution": str(one.caution), "items": [sample.versions[column].item.code for column in one.columns]}
        for one in found.warnings
    ]
    kept.settings = {
        "nodes": found.calibration.nodes,
        "priors": found.small,
        "judged_sd": DEFAULT_STAGES.judged_sd,
        "rasch_from": DEFAULT_STAGES.rasch_from,
        "two_pl_from": DEFAULT_STAGES.two_pl_from,
    }
    kept.link, kept.fit = _link_facts(found), _fit_facts(found)
    kept.linked_to = kept.bank.calibrations.filter(state=Calibration.State.ACCEPTED).first()
    kept.effect = _effect(sample, moved)
    kept.save()
    after = {"items": len(rows), "attempts": kept.attempts, "usable": sum(row.usable for row in rows)}
    record(action="assessments.calibration_ready", by="worker", subject=kept, at=at, after=after)


def _link_facts(found: Analysis) -> dict[str, Any]:
    return {
        "method": found.method,
        "scale": finite(found.link.scale),
        "shift": finite(found.link.shift),
        "anchors": len(found.anchors),
        "drifted": sum(drift.drifted for drift in found.drifts.values()),
    }


def _fit_facts(found: Analysis) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "sd": finite(found.calibration.sd * found.link.scale),
        "mean": finite(found.link.shift),
        "alpha": finite(found.classical.alpha),
        "complete": found.complete,
        "m2": None,
    }
    if found.m2 is not None and finite(found.m2.p) is not None:
        whole = found.m2
        facts["m2"] = {
            "statistic": finite(whole.statistic), "df": whole.df, "p": finite(whole.p), "rmsea": finite(whole.rmsea)
        }  # fmt: skip
    return facts


def _effect(sample: Sample, moved: Sequence[Rescored]) -> dict[str, int]:
    before = {attempt["pk"]: attempt for attempt in sample.attempts}
    pairs = [(before[row.attempt_id], row) for row in moved]
    return {
        "attempts": len(sample.attempts),
        "differ": len(moved),
        "higher": sum(row.level > was["level"] for was, row in pairs),
        "lower": sum(row.level < was["level"] for was, row in pairs),
        "would_pass": sum(row.passed and not was["passed"] for was, row in pairs),
        "would_fail": sum(was["passed"] and not row.passed for was, row in pairs),
    }


@transaction.atomic
def _fail(calibration: Calibration, error: JobError, at: datetime) -> None:
    Calibration.objects.filter(pk=calibration.pk, state=Calibration.State.COMPUTING).update(
        state=Calibration.State.FAILED, finished_at=at, failure=in_each_language(error.message)
    )


def finite(value: float | None) -> float | None:
    """Return the number, or None for what is none: nothing else may reach a record."""
    return float(value) if value is not None and math.isfinite(value) else None
