"""Made-up answers of made-up people, for tests by simulation; every caller states its seed."""

import numpy as np
from scipy.special import expit

from assessments.scoring.graded import Items
from assessments.scoring.responses import MISSING, Responses


def graded_answers(rng: np.random.Generator, items: Items, theta: np.ndarray, *, missing: float = 0.0) -> Responses:
    """One row per theta; each cell is left out with the chance `missing`."""
    chances = expit(items.linear(theta))
    draw = rng.random((items.a.size, theta.size))
    passed = (draw[items.item] < chances).astype(np.int8)
    codes = np.add.reduceat(passed, items.first, axis=0).T.copy()
    codes[rng.random(codes.shape) < missing] = MISSING
    return Responses.of(codes)
