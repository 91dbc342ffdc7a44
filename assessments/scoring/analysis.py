"""From the marked answers of a bank to parameters on the bank's scale, with everything that is to be said of them.

Estimate, by MAP where answers are few; link to what is in force, or for the first time to what was judged; judge the
fit; name what is wrong. Pure, so that it is checked by simulation and measured without a database.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.calibration import FEW_ANSWERS, Calibration, Caution, Model, Warned, calibrate
from assessments.scoring.classical import Classical, classical
from assessments.scoring.fit import ItemFit, ModelFit, m2, s_x2
from assessments.scoring.graded import Integers, Items
from assessments.scoring.irt import Floats
from assessments.scoring.linking import SAME, Drift, Link, drift, mean_mean, purified_link, stocking_lord
from assessments.scoring.priors import Priors
from assessments.scoring.residuals import Residuals, residuals
from assessments.scoring.responses import Responses
from assessments.scoring.stages import DEFAULT_STAGES, StageSettings

FEWEST_COMPLETE = 100
MOST_FOR_M2 = 70  # the work grows with the sixth power of the items
FEWEST_TO_LINK = 3
# With these nothing of a calibration may be used.
FATAL = frozenset(
    {Caution.NOT_CONVERGED, Caution.NO_STANDARD_ERRORS, Caution.NOBODY_LEFT, Caution.NO_VARIANCE, Caution.DISCONNECTED}
)


class NothingToEstimate(ValueError):
    """Fewer than two items have answers enough, and of two kinds."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of the items before, one entry per column: judged difficulty and its doubt, and slope, difficulty
    and error of the parameters in force (NaN where none are); all on the bank's scale."""

    judged: Floats
    a: Floats
    b: Floats
    se_b: Floats

    @property
    def in_force(self) -> NDArray[np.bool_]:
        return np.isfinite(self.a) & np.isfinite(self.b)


@dataclass(frozen=True, eq=False)
class Analysis:
    """One entry per column everywhere; NaN (and None in lists) where nothing could be estimated.

    `a`, `b` and their errors are on the bank's scale: theta = link.scale * (theta of the calibration) + link.shift.
    `method` is how the link was made: "judged", "mean" or "curves"; `anchors` are the columns it rests on.
    """

    calibration: Calibration
    columns: Integers
    small: bool
    a: Floats
    b: Floats
    se_a: Floats
    se_b: Floats
    link: Link
    method: str
    anchors: Integers
    drifts: dict[int, Drift]
    classical: Classical
    residuals: dict[int, Residuals]
    s_x2: dict[int, ItemFit]
    m2: ModelFit | None
    complete: int
    warnings: tuple[Warned, ...]

    @property
    def is_sound(self) -> bool:
        """Whether any of it may be used at all."""
        return self.calibration.converged and not any(warned.caution in FATAL for warned in self.warnings)


def analyse(
    responses: Responses,
    model: Model,
    known: Known,
    *,
    settings: StageSettings = DEFAULT_STAGES,
    step: Callable[[], None] = lambda: None,
) -> Analysis:
    """Work everything out; `step` is called five times on the way. Raises `NothingToEstimate`.

    Items with fewer than 30 answers are left out of the estimation and only counted. Below the answers that two slopes
    need, difficulties have their judgement as prior and slopes N(0, 0.3) in the logarithm.
    """
    columns, small = _chosen(responses, settings)
    sample = responses.columns(columns)
    step()
    before = Known(known.judged[columns], known.a[columns], known.b[columns], known.se_b[columns])
    found, link, method, kept = _estimate(sample, model, before, small=small, settings=settings)
    step()
    items = found.items
    assert items is not None  # `_chosen` leaves items that can be estimated
    used = columns[found.used]
    parameters = _on_scale(found, link, used, responses.codes.shape[1])
    step()
    answers = sample.columns(found.used)
    per_item = 1 if model.common_slope else 2
    judged_fit = dict(zip(used.tolist(), residuals(items, answers, found.grid, parameters=per_item), strict=True))
    step()
    complete, cells, whole = _complete_fit(items, answers, found, model)
    drifts = _drifts(found, link, before, used) if method != "judged" else {}
    step()
    return Analysis(
        found, used, small, *parameters, link, method, used[kept], drifts, classical(responses), judged_fit,
        dict(zip(used.tolist(), cells, strict=True)) if cells else {}, whole, complete,
        tuple(Warned(one.caution, tuple(int(columns[c]) for c in one.columns)) for one in found.warnings),
    )  # fmt: skip


def _chosen(responses: Responses, settings: StageSettings) -> tuple[Integers, bool]:
    """The columns with answers enough, of two kinds; and whether they are so few that priors are needed."""
    counts = responses.weights @ responses.given
    right = responses.weights @ (responses.codes == 1)
    chosen = np.flatnonzero((counts >= FEW_ANSWERS) & (right > 0) & (right < counts))
    if chosen.size < 2:
        raise NothingToEstimate
    return chosen, bool(counts[chosen].min() < settings.two_pl_from)


def _estimate(
    sample: Responses, model: Model, before: Known, *, small: bool, settings: StageSettings
) -> tuple[Calibration, Link, str, Integers]:
    """The calibration, its link to the bank's scale, how that was made, and the places it rests on.

    A prior on difficulty must stand on the scale of the calibration, which only a first estimate can tell.
    """
    if not small:
        found = calibrate(sample, model, errors=True)
        return found, *_link(found, before)
    first = calibrate(sample, model, priors=Priors.of())
    link, _, _ = _link(first, before)
    mean = (before.judged - link.shift) / link.scale
    priors = Priors.of(mean, settings.judged_sd / link.scale)
    found = calibrate(sample, model, priors=priors, errors=True)
    return found, *_link(found, before)


def _link(found: Calibration, before: Known) -> tuple[Link, str, Integers]:
    items = found.items
    if items is None:
        return SAME, "judged", np.array([], dtype=np.intp)
    places = np.arange(found.used.size)
    sound = (items.a > 0) & (np.abs(items.d) < 6 * np.maximum(items.a, 1))
    a, b = before.a[found.used], before.b[found.used]
    common = places[sound & np.isfinite(a) & np.isfinite(b)]
    if common.size >= FEWEST_TO_LINK and np.ptp(b[common]) > 0.1:
        old, new = Items.of(a[common], list(-a[common] * b[common])), items.subset(common)
        rigid = found.model is Model.RASCH and bool(np.all(old.a == 1))
        link, kept = purified_link(old, new, mean_mean if rigid else stocking_lord)
        return link, "mean" if rigid else "curves", common[kept]
    judged = places[sound & np.isfinite(before.judged[found.used])]
    if not judged.size:
        return SAME, "judged", judged
    scale = float(items.a[judged].mean())  # judged items have slope 1
    b_new = -items.d[judged] / items.a[judged]
    return Link(scale, float(before.judged[found.used][judged].mean() - scale * b_new.mean())), "judged", judged


def _on_scale(found: Calibration, link: Link, used: Integers, width: int) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, se_a, se_b = np.full((4, width), np.nan)
    items = found.items
    assert items is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        a[used] = items.a / link.scale
        b[used] = link.scale * -items.d / items.a + link.shift
        errors = _errors(found)
        if errors is not None:
            se_a[used], se_b[used] = errors[0] / link.scale, errors[1] * link.scale
    return a, b, se_a, se_b


def _errors(found: Calibration) -> tuple[Floats, Floats] | None:
    """Standard errors of slopes (0 for Rasch) and, by the delta method, of difficulties b = -d / a; own scale.

    var b = (var d + b^2 var a + 2 b cov(a, d)) / a^2.
    """
    items, covariance = found.items, found.covariance
    if items is None or covariance is None:
        return None
    count = items.a.size
    var_d = np.diag(covariance)[-count:]
    if found.model is Model.RASCH:
        return np.zeros(count), np.sqrt(var_d)
    if found.model is Model.ONE_PL:
        var_a, cov = np.full(count, covariance[0, 0]), covariance[0, 1:]
    else:
        var_a, cov = np.diag(covariance)[:count], np.diag(covariance[:count, count:])
    b = -items.d / items.a
    return np.sqrt(var_a), np.sqrt(np.maximum(var_d + b * b * var_a + 2 * b * cov, 0)) / np.abs(items.a)


def _complete_fit(
    items: Items, answers: Responses, found: Calibration, model: Model
) -> tuple[int, list[ItemFit], ModelFit | None]:
    """S-X2 and M2, where enough people answered every item."""
    rows = answers.given.all(axis=1)
    complete = int(answers.weights[rows].sum())
    if complete < FEWEST_COMPLETE or items.a.size < 3:
        return complete, [], None
    everything = answers.rows(rows)
    cells = s_x2(items, everything, found.grid, slopes_estimated=not model.common_slope)
    whole = m2(items, everything, found.grid, common_slope=model.common_slope) if items.a.size <= MOST_FOR_M2 else None
    return complete, cells, whole


def _drifts(found: Calibration, link: Link, before: Known, used: Integers) -> dict[int, Drift]:
    """Each item that has parameters in force, then and now, by column."""
    items = found.items
    assert items is not None
    a, b, se = before.a[found.used], before.b[found.used], before.se_b[found.used]
    common = np.flatnonzero(np.isfinite(a) & np.isfinite(b) & (items.a > 0))
    old, new = Items.of(a[common], list(-a[common] * b[common])), items.subset(common)
    errors = _errors(found)
    told = drift(old, new, link, old_errors=se[common], new_errors=None if errors is None else errors[1][common])
    return {int(used[common[one.item]]): one for one in told}
