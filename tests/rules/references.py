"""Published answers and estimates, and a likelihood written the slow and plain way."""

import csv
from pathlib import Path

import numpy as np

from assessments.scoring.calibration import Calibration
from assessments.scoring.responses import MISSING, Responses

DATA = Path(__file__).parents[1] / "data" / "psychometrics"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def answers(name: str) -> Responses:
    rows = rows_of(f"{name}_patterns")
    table = np.array([[float(cell) for cell in row.values()] for row in rows])
    return Responses.of(table[:, :-1], table[:, -1])


def science() -> Responses:
    return Responses.of([[int(cell) - 1 for cell in row.values()] for row in rows_of("Science_ltm_data")])


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


def naive_loglik(values: np.ndarray, responses: Responses, tops: np.ndarray, nodes: int = 61) -> float:
    """The marginal log-likelihood cell by cell, with nothing shared with the code under test but the model."""
    slopes = values[: tops.size]
    cuts = np.split(values[tops.size :], np.cumsum(tops)[:-1])
    theta = np.linspace(-6, 6, nodes)
    weight = np.exp(-(theta**2) / 2)
    weight /= weight.sum()
    total = 0.0
    for row, people in zip(responses.codes, responses.weights, strict=True):
        joint = weight.copy()
        for answer, slope, intercepts in zip(row, slopes, cuts, strict=True):
            if answer == MISSING:
                continue
            above = [np.ones_like(theta), *(1 / (1 + np.exp(-(slope * theta + d))) for d in intercepts), 0 * theta]
            joint *= above[answer] - above[answer + 1]
        total += people * np.log(joint.sum())
    return float(total)


def flat(found: Calibration) -> np.ndarray:
    assert found.items is not None
    return np.concatenate([found.items.a, found.items.d])
