"""Ability and its standard error from right and wrong answers, with item parameters taken as given."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit

from assessments.scoring.irt import Floats

GRID_PER_LOGIT = 8  # fine against the width of an item's curve, so no mode of the weighted likelihood is missed
PRIOR_NODES = np.linspace(-6, 6, 121)  # in standard deviations of the prior


@dataclass(frozen=True, slots=True)
class Ability:
    """An estimate on the logit scale and its standard error (for EAP: the posterior standard deviation)."""

    theta: float
    se: float


@dataclass(frozen=True, slots=True)
class _Moments:
    """The derivatives the estimators share, at one theta; arrays are per item."""

    score: float
    info: Floats
    slope: Floats
    curve: Floats

    @property
    def weighted_score(self) -> float:
        return float(self.score + 0.5 * self.slope.sum() / self.info.sum())

    @property
    def weighted_info(self) -> float:
        """Observed information of the weighted likelihood: I - (log I)'' / 2."""
        total = self.info.sum()
        return float(total - 0.5 * (self.curve.sum() / total - (self.slope.sum() / total) ** 2))


def wle(a: ArrayLike, d: ArrayLike, right: ArrayLike, *, b_sd: ArrayLike | None = None) -> Ability:
    """Warm's weighted likelihood estimate (1989): the theta that maximises log L + log(I) / 2.

    One entry per item the person was given: slope a > 0 (a scalar is shared; Rasch: 1), intercept d, and 1 for
    right, 0 for wrong or left blank. Finite for all right and all wrong, and never lower for a right answer more.
    The SE is that of the observed information of the weighted likelihood. `b_sd` is the standard deviation of
    each item's difficulty (judged items: about 0.7; calibrated: its SE; 0: known) and widens the SE as
    `difficulty_variance` says. Raises ValueError for no items, unequal lengths, or values out of range.
    """
    slopes, intercepts, answers = _checked(a, d, right)
    theta = _maximise(slopes, intercepts, answers)
    variance = 1 / _observed(_moments(theta, slopes, intercepts, answers))
    if b_sd is not None:
        variance += difficulty_variance(theta, slopes, intercepts, b_sd)
    return Ability(theta, float(np.sqrt(variance)))


def difficulty_variance(theta: float, a: ArrayLike, d: ArrayLike, b_sd: ArrayLike) -> float:
    """Variance that uncertain difficulties add to a WLE (delta method).

    The estimate solves U(theta, b) = sum a_i (x_i - p_i) + J / (2 I) = 0 with I = sum I_i, J = I' = sum J_i.
    Item i depends on theta and b_i through theta - b_i only, so differentiating by b_i is differentiating its own
    terms by theta with the sign turned: dU/db_i = I_i - (J_i' - J_i J / I) / (2 I), and -dU/dtheta = H is the sum of
    these. By the implicit function theorem dtheta/db_i = w_i = (dU/db_i) / H; the added variance is
    sum (w_i sd_i)^2. The w_i add to 1: moving all difficulties by one logit moves theta by one. Without Warm's
    term w_i = I_i / I, the familiar result for maximum likelihood. Errors are taken as independent between items;
    a lenience all authors share moves every exam of the bank alike and is not in this number.
    """
    slopes, intercepts, _ = _checked(a, d, np.zeros(np.size(d)))
    spread = np.broadcast_to(np.asarray(b_sd, dtype=float), slopes.shape)
    if not np.all(np.isfinite(spread)) or np.any(spread < 0):
        raise ValueError("A standard deviation of a difficulty is a number from 0 up.")
    at = _moments(theta, slopes, intercepts, np.zeros_like(slopes))
    total, tilt = at.info.sum(), at.slope.sum()
    own = at.info - (at.curve - at.slope * tilt / total) / (2 * total)
    weights = own / at.weighted_info if _is_peak(at) else at.info / total
    return float(np.sum(np.square(weights * spread)))


def eap(a: ArrayLike, d: ArrayLike, right: ArrayLike, *, prior_mean: float = 0.0, prior_sd: float = 1.0) -> Ability:
    """Mean and standard deviation of the posterior under a normal prior; arguments and errors as `wle`.

    For reports on a group. Never evidence for a competency: there its prior would count a second time.
    """
    slopes, intercepts, answers = _checked(a, d, right)
    if not prior_sd > 0:
        raise ValueError("The prior needs a standard deviation above 0.")
    nodes = prior_mean + prior_sd * PRIOR_NODES
    log_posterior = _log_likelihood(nodes, slopes, intercepts, answers) - PRIOR_NODES**2 / 2
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    mean = float(posterior @ nodes)
    return Ability(mean, float(np.sqrt(posterior @ np.square(nodes - mean))))


def peak(objective: Callable[[Floats], Floats], derivative: Callable[[float], float], grid: Floats) -> float:
    """Where a smooth objective is highest: its best node on the grid, then the root of its derivative beside it."""
    from scipy.optimize import brentq, minimize_scalar  # slow to import: at the first result, not at each start

    best = int(np.argmax(objective(grid)))
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    if derivative(left) > 0 > derivative(right):
        return float(brentq(derivative, left, right, xtol=1e-12))
    found = minimize_scalar(
        lambda theta: -objective(np.array([theta]))[0], bounds=(left, right), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x)


def _checked(a: ArrayLike, d: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats, Floats]:
    intercepts = np.asarray(d, dtype=float)
    answers = np.asarray(right, dtype=float)
    if intercepts.ndim != 1 or not intercepts.size or answers.shape != intercepts.shape:
        raise ValueError("An ability needs one or more items, and one answer for each.")
    slopes = np.broadcast_to(np.asarray(a, dtype=float), intercepts.shape)
    if not (np.all(np.isfinite(slopes)) and np.all(slopes > 0) and np.all(np.isfinite(intercepts))):
        raise ValueError("Slopes are numbers above 0 and intercepts are numbers.")
    if not np.all((answers == 0) | (answers == 1)):
        raise ValueError("An answer counts 1 (right) or 0 (wrong or blank).")
    return slopes, intercepts, answers


def _moments(theta: float, a: Floats, d: Floats, x: Floats) -> _Moments:
    z = a * theta + d
    p, q = expit(z), expit(-z)
    info = a * a * p * q
    return _Moments(
        score=float(np.sum(a * (x - p))), info=info, slope=info * a * (q - p), curve=info * a * a * (1 - 6 * p * q)
    )


def _is_peak(at: _Moments) -> bool:
    """Whether the weighted likelihood bends down here; it may not where items leave a wide empty gap."""
    return at.weighted_info > 1e-6 * float(at.info.sum())


def _observed(at: _Moments) -> float:
    return at.weighted_info if _is_peak(at) else float(at.info.sum())


def _log_likelihood(theta: Floats, a: Floats, d: Floats, x: Floats) -> Floats:
    z = np.outer(theta, a) + d
    return log_expit(z) @ x + log_expit(-z) @ (1 - x)


def _weighted_log_likelihood(theta: Floats, a: Floats, d: Floats, x: Floats) -> Floats:
    z = np.outer(theta, a) + d
    # log I as a log-sum-exp: far from all items the sum itself would underflow
    log_info = np.logaddexp.reduce(2 * np.log(a) + log_expit(z) + log_expit(-z), axis=1)
    return _log_likelihood(theta, a, d, x) + 0.5 * log_info


def _maximise(a: Floats, d: Floats, x: Floats) -> float:
    """Global maximum of the weighted likelihood: the best node of a grid, then the root of its derivative there.

    Beyond reach = ln(4 n a_max / a_min) / a_min of the outermost item the derivative points back even for all
    right or all wrong (score at most n a_max q <= a_min / 4, Warm's term at least a_min / 4), so the grid holds it.
    """
    b = -d / a
    reach = np.log(4 * a.size * a.max() / a.min()) / a.min()
    low, high = b.min() - reach, b.max() + reach
    grid = np.linspace(low, high, int(np.clip((high - low) * a.max() * GRID_PER_LOGIT, 64, 4096)))

    def objective(theta: Floats) -> Floats:
        return _weighted_log_likelihood(theta, a, d, x)

    def derivative(theta: float) -> float:
        return _moments(theta, a, d, x).weighted_score

    return peak(objective, derivative, grid)
