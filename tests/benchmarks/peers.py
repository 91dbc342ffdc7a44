"""The same work by girth and catsim, in their own environment: python -m tests.benchmarks.peers girth FOLDER PEOPLE."""

import json
import sys
import time
from pathlib import Path

import numpy as np

SEED = 20261125
NODES = 41


def girth(folder: str, people: str) -> float:
    from girth import tag_missing_data, twopl_mml

    with np.load(Path(folder) / f"{people}.npz") as data:
        answers = tag_missing_data(data["codes"].T.astype(int), [0, 1])
    begun = time.perf_counter()
    twopl_mml(answers, {"quadrature_n": NODES, "quadrature_bounds": (-6, 6)})
    return time.perf_counter() - begun


def catsim(people: str) -> float:
    """Maximum information from 500 items, 20 each."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import TestLengthStopper

    rng = np.random.default_rng(SEED)
    bank = np.column_stack([rng.lognormal(0, 0.3, 500), rng.normal(size=500), np.zeros(500), np.ones(500)])
    simulator = Simulator(
        bank,
        rng.normal(size=int(people)),
        FixedPointInitializer(0),
        MaxInfoSelector(),
        NumericalSearchEstimator(),
        TestLengthStopper(max_items=20),
    )
    begun = time.perf_counter()
    simulator.simulate()
    return time.perf_counter() - begun


if __name__ == "__main__":
    peer = girth if sys.argv[1] == "girth" else catsim
    print(json.dumps({"seconds": peer(*sys.argv[2:])}))
