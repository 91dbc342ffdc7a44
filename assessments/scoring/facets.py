"""Severity of raters by the many-facet Rasch model (Linacre 1989), only as far as raters share people.

ln(P_k / P_(k-1)) = theta_n - delta_i - lambda_j - tau_k: person n, criterion i, rater j, threshold tau_k. The
thresholds are anchored at the framework's cuts, theta ~ N(mean, sd^2), and lambda and delta each add to 0.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import log_softmax, logsumexp

from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import groups

NODES = 41
STEP = 1e-4


class Rating(NamedTuple):
    """One rating, 1 to K + 1, of one criterion for one person (or one piece of their work) by one rater."""

    person: Hashable
    rater: Hashable
    criterion: Hashable
    value: int


@dataclass(frozen=True, slots=True)
class Severity:
    """How much harder than the average rater one is, in logits (0 where unknown), with its error.

    `connected`: estimated at all. Where the rater shares no people with the others, severity cannot be told from the
    ability of those rated; it is taken as 0, `se` is None, and a page says so. `shrunk` is the severity to correct by:
    pulled to 0 by its doubt, severity * omega^2 / (omega^2 + se^2).
    """

    rater: Hashable
    ratings: int
    connected: bool
    severity: float
    se: float | None
    shrunk: float


@dataclass(frozen=True, slots=True)
class Facets:
    """Severities of all raters, difficulty of the criteria, and omega^2: the variance of severity between raters,
    added once per rater to what they measure (None where nothing was connected)."""

    severities: tuple[Severity, ...]
    criteria: dict[Hashable, float]
    omega_squared: float | None
    converged: bool


def rater_severities(ratings: Sequence[Rating], thresholds: Sequence[float]) -> Facets:
    """Estimate severities in the largest connected group of raters; everybody else is 0 and not connected.

    Marginal maximum likelihood; standard errors from the observed information. Two raters are connected who rated the
    same person, or through others who did. Raises ValueError for a rating off the scale or thresholds that do not
    rise.
    """
    steps = np.asarray(thresholds, dtype=float)
    if not steps.size or not np.all(np.isfinite(steps)) or np.any(np.diff(steps) <= 0):
        raise ValueError("Thresholds are numbers in rising order.")
    if any(rating.value != int(rating.value) or not 1 <= rating.value <= steps.size + 1 for rating in ratings):
        raise ValueError(f"Ratings are whole numbers from 1 to {steps.size + 1}.")
    raters = list(dict.fromkeys(rating.rater for rating in ratings))
    group = _largest_group(ratings, raters)
    estimated = _estimate([rating for rating in ratings if rating.rater in group], steps) if len(group) > 1 else None
    if estimated is None:
        none = tuple(_unknown(rater, ratings) for rater in raters)
        return Facets(none, {}, None, converged=False)
    omega = max(0.0, float(np.var(estimated.severity, ddof=1) - np.mean(estimated.errors**2)))
    found = dict(zip(estimated.raters, zip(estimated.severity, estimated.errors, strict=True), strict=True))
    severities = []
    for rater in raters:
        if rater not in found:
            severities.append(_unknown(rater, ratings))
            continue
        severity, error = map(float, found[rater])
        shrunk = severity * omega / (omega + error**2)
        severities.append(
            Severity(rater, _count(rater, ratings), connected=True, severity=severity, se=error, shrunk=shrunk)
        )
    return Facets(tuple(severities), estimated.criteria, omega, estimated.converged)


def _largest_group(ratings: Sequence[Rating], raters: Sequence[Hashable]) -> set[Hashable]:
    people = {person: at for at, person in enumerate(dict.fromkeys(rating.person for rating in ratings))}
    places = {rater: at for at, rater in enumerate(raters)}
    met = np.zeros((len(raters), max(len(people), 1)), dtype=np.float32)
    for rating in ratings:
        met[places[rating.rater], people[rating.person]] = 1
    if not len(raters):
        return set()
    largest = max(groups(met @ met.T > 0), key=lambda group: (met[group].sum(), -group[0]))
    return {raters[place] for place in largest}


def _unknown(rater: Hashable, ratings: Sequence[Rating]) -> Severity:
    return Severity(rater, _count(rater, ratings), connected=False, severity=0.0, se=None, shrunk=0.0)


def _count(rater: Hashable, ratings: Sequence[Rating]) -> int:
    return sum(rating.rater == rater for rating in ratings)


@dataclass(frozen=True, eq=False)
class _Estimated:
    raters: list[Hashable]
    severity: Floats
    errors: Floats
    criteria: dict[Hashable, float]
    converged: bool


@dataclass(frozen=True, eq=False)
class _Table:
    """Ratings as numbers: person, rater, criterion and category 0..K of each."""

    person: Integers
    rater: Integers
    criterion: Integers
    category: Integers
    steps: Floats
    grid: Grid
    people: int
    raters: int
    criteria: int

    def unpack(self, values: Floats) -> tuple[Floats, Floats, float, float]:
        """Severities and difficulties that add to 0, mean and standard deviation of ability."""
        severity = np.append(values[: self.raters - 1], -values[: self.raters - 1].sum())
        rest = values[self.raters - 1 :]
        difficulty = np.append(rest[: self.criteria - 1], -rest[: self.criteria - 1].sum())
        return severity, difficulty, float(rest[-2]), float(np.exp(rest[-1]))

    def negative_loglik(self, values: Floats) -> tuple[float, Floats]:
        """Minus the marginal log-likelihood and its gradient."""
        severity, difficulty, mean, sd = self.unpack(values)
        theta = mean + sd * self.grid.theta
        categories = np.arange(self.steps.size + 1)
        offset = (difficulty[:, np.newaxis] + severity).ravel()  # criterion by rater
        logits = (theta - offset[:, np.newaxis])[..., np.newaxis] * categories
        log_p = log_softmax(logits - np.concatenate(([0.0], np.cumsum(self.steps))), axis=-1)
        expected = np.exp(log_p) @ categories
        cell = self.criterion * self.raters + self.rater
        joint = np.tile(self.grid.log_weight, (self.people, 1))
        np.add.at(joint, self.person, log_p[cell, :, self.category])
        total = logsumexp(joint, axis=1)
        posterior = np.exp(joint - total[:, np.newaxis])
        residual = posterior[self.person] * (self.category[:, np.newaxis] - expected[cell])
        own = residual.sum(axis=1)
        by_rater = -np.bincount(self.rater, weights=own, minlength=self.raters)
        by_criterion = -np.bincount(self.criterion, weights=own, minlength=self.criteria)
        gradient = np.concatenate(
            [
                by_rater[:-1] - by_rater[-1],
                by_criterion[:-1] - by_criterion[-1],
                [own.sum(), float(np.sum(residual @ self.grid.theta)) * sd],
            ]
        )
        return -float(total.sum()), -gradient


def _estimate(ratings: Sequence[Rating], steps: Floats) -> _Estimated | None:
    """Fit one connected group; None where the ratings do not identify the severities."""
    from scipy.optimize import minimize  # slow to import, and no page needs it

    people, raters, criteria = (
        {name: at for at, name in enumerate(dict.fromkeys(column))}
        for column in zip(*((r.person, r.rater, r.criterion) for r in ratings), strict=True)
    )
    table = _Table(
        person=np.array([people[r.person] for r in ratings]),
        rater=np.array([raters[r.rater] for r in ratings]),
        criterion=np.array([criteria[r.criterion] for r in ratings]),
        category=np.array([int(r.value) - 1 for r in ratings]),
        steps=steps,
        grid=Grid.normal(NODES),
        people=len(people),
        raters=len(raters),
        criteria=len(criteria),
    )
    start = np.zeros(len(raters) - 1 + len(criteria) - 1 + 2)
    # a standard deviation below 0.05 or above 20 logits is no finding but a sample too small to tell
    bounds = [(-10.0, 10.0)] * (start.size - 1) + [(np.log(0.05), np.log(20.0))]
    found = minimize(
        table.negative_loglik,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-13},
    )
    inside = start.size - (1 if abs(found.x[-1] - np.log(0.05)) < 1e-6 else 0)
    covariance = _inverse(_information(table, found.x)[:inside, :inside])
    if covariance is None:
        return None
    count = len(raters) - 1
    spread = np.vstack([np.eye(count), -np.ones(count)])
    errors = np.sqrt(np.diag(spread @ covariance[:count, :count] @ spread.T))
    severity, difficulty, _, _ = table.unpack(found.x)
    gradient = np.abs(table.negative_loglik(found.x)[1][:inside]).max()
    named = {criterion: float(difficulty[at]) for criterion, at in criteria.items()}
    return _Estimated(list(raters), severity, errors, named, bool(gradient < 1e-2))


def _information(table: _Table, values: Floats) -> Floats:
    """Second derivatives by differences of the gradient."""
    rows = []
    for place in range(values.size):
        shift = np.zeros_like(values)
        shift[place] = STEP
        rows.append((table.negative_loglik(values + shift)[1] - table.negative_loglik(values - shift)[1]) / (2 * STEP))
    found = np.array(rows)
    return 0.5 * (found + found.T)


def _inverse(information: Floats) -> Floats | None:
    if not np.all(np.isfinite(information)) or np.linalg.eigvalsh(information)[0] < 1e-6:
        return None
    found: Floats = np.linalg.inv(information).astype(float)
    return found
