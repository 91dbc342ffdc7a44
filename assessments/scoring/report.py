"""A calibration as plain data for JSON: no NaN, no infinity; what is not known is null."""

import math
from typing import Any

import numpy as np

from assessments.scoring.calibration import Calibration, Caution, Model, Warned
from assessments.scoring.datafile import DataFile
from assessments.scoring.graded import Items
from assessments.scoring.irt import Floats
from assessments.scoring.responses import MISSING, Responses
from assessments.scoring.scores import eap, wle

Facts = dict[str, Any]
NAMED = 10

SENTENCES = {
    Caution.NO_ANSWERS: "Nobody answered {items}: nothing can be said about them.",
    Caution.CONSTANT: "Everybody who answered gave the same answer to {items}: there is no estimate for them.",
    Caution.UNUSED_CATEGORIES: "Nobody used some middle category of {items}: its neighbours are taken as adjoining.",
    Caution.NOBODY_LEFT: "No item was answered in two different ways: there is nothing to estimate.",
    Caution.EMPTY_ROWS: "Some rows are empty: they are counted in n and change no estimate.",
    Caution.FEW_ANSWERS: "Fewer than 30 people answered {items}: the estimates say little.",
    Caution.DISCONNECTED: "The items {items} share nobody with the rest: comparing them with the rest rests only on "
    "the assumption that both groups of people are equally able.",
    Caution.TOO_FEW_ITEMS: "Too few items stand together to tell slopes: those of {items} are not identified.",
    Caution.NO_VARIANCE: "The answers show no differences in ability: the variance is estimated at (nearly) 0.",
    Caution.DIVERGED: "The estimates of {items} ran to the limit: the answers put no finite bound to them.",
    Caution.NOT_CONVERGED: "The estimation did not converge: read nothing into the numbers.",
    Caution.NO_STANDARD_ERRORS: "The information matrix is not positive definite: there are no standard errors.",
    Caution.COARSE_NODES: "A slope exceeds 3: use 101 nodes or more.",
}


def sentence(warned: Warned, names: list[str]) -> str:
    """The caution in words."""
    return SENTENCES[warned.caution].format(items=listed([names[column] for column in warned.columns]))


def listed(names: list[str]) -> str:
    """At most ten names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def calibration_facts(data: DataFile, result: Calibration, *, errors: bool, scores: bool) -> Facts:
    """Everything `calibrate_csv` prints."""
    facts: Facts = {
        "model": result.model.value,
        "n": _count(data.responses.people),
        "loglik": _number(result.loglik),
    }
    if result.model is Model.RASCH:
        facts["variance"] = _number(result.sd**2) if result.items is not None else None
    facts["converged"] = result.converged
    facts["items"] = _item_facts(data, result, errors=errors)
    facts["scores"] = _score_facts(data, result) if scores else []
    facts["warnings"] = [sentence(warned, data.names) for warned in result.warnings]
    return facts


def _item_facts(data: DataFile, result: Calibration, *, errors: bool) -> list[Facts]:
    place = {int(column): at for at, column in enumerate(result.used)}
    return [
        _one_item(result, place.get(column), {"item": name}, errors=errors) for column, name in enumerate(data.names)
    ]


def _one_item(result: Calibration, at: int | None, facts: Facts, *, errors: bool) -> Facts:
    graded = result.model is Model.GRADED
    if at is None or result.items is None:
        unknown = ["a", "d1", "b1"] if graded else ["a", "d", "b"]
        if errors:
            unknown += ["se_a", "se_d1"] if graded else ["se_a", "se_d"]
        return facts | dict.fromkeys(unknown)
    items: Items = result.items
    slope, intercepts = items.a[at], items.intercepts(at)
    marks = [str(step) for step in range(1, intercepts.size + 1)] if graded else [""]
    facts["a"] = _number(slope)
    facts |= {f"d{mark}": _number(d) for mark, d in zip(marks, intercepts, strict=True)}
    facts |= {f"b{mark}": _ratio(-d, slope) for mark, d in zip(marks, intercepts, strict=True)}
    if errors:
        slope_errors, step_errors = result.slope_errors, result.intercept_errors
        facts["se_a"] = None if slope_errors is None else _number(slope_errors[at])
        own = [None] * len(marks) if step_errors is None else [_number(e) for e in step_errors[items.item == at]]
        facts |= {f"se_d{mark}": error for mark, error in zip(marks, own, strict=True)}
    return facts


def _score_facts(data: DataFile, result: Calibration) -> list[Facts]:
    """One entry per different pattern, in the order of the file."""
    patterns, _ = data.responses.collapsed()
    written = _written(patterns, data.base)
    if result.items is None:
        return [{"pattern": pattern, "eap": None, "psd": None, "wle": None, "se_wle": None} for pattern in written]
    codes = np.full((len(written), result.used.size), MISSING)
    for at, column in enumerate(result.used):
        seen = patterns.codes[:, column] != MISSING
        codes[seen, at] = np.searchsorted(result.categories[at], patterns.codes[seen, column])
    answers = Responses.of(codes)
    posterior, weighted = eap(result.items, answers, result.grid), wle(result.items, answers)
    columns: list[Floats] = [posterior.theta, posterior.se, weighted.theta, weighted.se]
    return [
        {"pattern": pattern}
        | {name: _number(column[row]) for name, column in zip(("eap", "psd", "wle", "se_wle"), columns, strict=True)}
        for row, pattern in enumerate(written)
    ]


def _written(patterns: Responses, base: int) -> list[list[int | None]]:
    return [[None if category == MISSING else category + base for category in row] for row in patterns.codes.tolist()]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _ratio(top: float, bottom: float) -> float | None:
    return _number(top / bottom) if bottom else None


def _count(people: float) -> int | float:
    return int(people) if people == int(people) else people
