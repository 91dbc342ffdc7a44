"""Where a calibration starts: slopes from the first principal component, intercepts from the shares of categories."""

import numpy as np
from scipy.special import logit

from assessments.scoring.graded import Items
from assessments.scoring.irt import Floats
from assessments.scoring.responses import MISSING, Responses

SAMPLE = 5000  # rows are enough for a start
LOGISTIC = 1.702  # slope of the normal ogive that a logistic curve follows


def starting_values(responses: Responses, *, common: bool) -> Items:
    """Return starting values; items keyed the other way round get a slope below 0. All categories 0..top must occur."""
    slopes = _slopes(responses)
    if common:
        slopes = np.full(slopes.size, float(np.clip(np.median(np.abs(slopes)), 0.5, 2)))
    intercepts = []
    for item, slope in enumerate(slopes):
        counts = responses.counts(item) + 0.5
        above = np.cumsum(counts[::-1])[::-1][1:] / counts.sum()
        intercepts.append(logit(above) * np.sqrt(1 + (slope / LOGISTIC) ** 2))
    return Items.of(slopes, intercepts)


def _slopes(responses: Responses) -> Floats:
    stride = max(1, responses.codes.shape[0] // SAMPLE)
    codes, weights = responses.codes[::stride].astype(float), responses.weights[::stride]
    given = codes != MISSING
    people = weights @ given
    mean = (weights @ np.where(given, codes, 0)) / np.maximum(people, 1)
    off = np.where(given, codes - mean, 0)
    spread = np.sqrt(np.maximum((weights @ off**2) / np.maximum(people, 1), 1e-6))
    scores = off / spread
    together = np.maximum((given * weights[:, np.newaxis]).T @ given.astype(float), 1)
    correlations = (scores * weights[:, np.newaxis]).T @ scores / together
    np.fill_diagonal(correlations, 1)
    roots, vectors = np.linalg.eigh(correlations)
    loadings = vectors[:, -1] * np.sqrt(max(roots[-1] - 0.5, 0.2))
    if loadings.sum() < 0:
        loadings = -loadings
    loadings = np.clip(loadings, -0.85, 0.85)
    slopes = LOGISTIC * loadings / np.sqrt(1 - loadings**2)
    return np.where(np.abs(slopes) < 0.3, np.where(slopes < 0, -0.3, 0.3), slopes)
