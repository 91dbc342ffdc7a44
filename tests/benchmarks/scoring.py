"""Times of the scoring engine beside girth and catsim, on the same made-up answers; printed, never asserted.

Each measurement runs in a process of its own, three times, and the best time counts: what else the machine does only
ever adds to it. `python -m tests.benchmarks.scoring` alone takes about three minutes, most of them girth's and those of
writing the 420,000 answers of the last line into a database.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import ROOT, peak_megabytes

PEERS = ROOT / ".venv-bench" / "bin" / "python"  # girth and catsim with what they need, made by `make bench`
ITEMS, MISSING, NODES, ROUNDS = 60, 0.3, 41, 3
SEED = 20261125
SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    print(f"scoring: {ITEMS} items, {MISSING:.0%} missing, {NODES} nodes, no SE; load {os.getloadavg()[0]:.1f}")
    print(f"{'':34}{'ours, s':>10}{'peak MB':>9}{'peer, s':>10}{'':>9}")
    with tempfile.TemporaryDirectory() as folder:
        girth = None
        for people in SIZES:
            write_answers(Path(folder), people)
            ours = run(sys.executable, "tests.benchmarks.scoring", "calibrate", folder, str(people), env=one_thread)
            measured = min(people, 10_000)  # 100,000 people take girth minutes: ten times the time of 10,000
            if people == measured:
                girth = run_peer("girth", folder, str(people), env=one_thread)
            show(f"2PL, {people:,} people", ours, girth, people / measured, "girth")
        scored = run(sys.executable, "tests.benchmarks.scoring", "eap", folder, str(SIZES[-1]), env=one_thread)
        show(f"EAP, {SIZES[-1]:,} people", scored, None, 1, "")
        plain = run(sys.executable, "tests.benchmarks.scoring", "adaptive", "0", env=one_thread)
        show("adaptive, 10,000 x 20 of 500", plain, run_peer("catsim", "20", env=one_thread), 10_000 / 20, "catsim")
        held = run(sys.executable, "tests.benchmarks.scoring", "adaptive", "1", env=one_thread)
        show("... with quotas and lottery", held, None, 1, "")
        report = run(sys.executable, "tests.benchmarks.scoring", "items", env=one_thread)
        show("item analysis, 1,000 x 60", report, None, 1, "")
        whole = run(sys.executable, "tests.benchmarks.calibrating", folder, env=one_thread)
        show("calibration job, 10,000 x 60", whole, None, 1, "")
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def write_answers(folder: Path, people: int) -> None:
    import numpy as np

    rng = np.random.default_rng(SEED)
    a, d = rng.lognormal(0, 0.3, ITEMS), rng.normal(0, 1.2, ITEMS)
    theta = rng.normal(size=(people, 1))
    codes = (rng.random((people, ITEMS)) < 1 / (1 + np.exp(-(theta * a + d)))).astype(np.int8)
    codes[rng.random(codes.shape) < MISSING] = -1
    np.savez(folder / f"{people}.npz", codes=codes, a=a, d=d)


def run(python: str | Path, module: str, *words: str, env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run([python, "-m", module, *words], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        return {"problem": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def run_peer(*words: str, env: dict[str, str]) -> dict[str, Any] | None:
    return run(PEERS, "tests.benchmarks.peers", *words, env=env) if PEERS.exists() else None


def show(name: str, ours: dict[str, Any], peer: dict[str, Any] | None, factor: float, peer_name: str) -> None:
    if "problem" in ours:
        print(f"{name:34}{ours['problem']}")
        return
    line = f"{name:34}{ours['seconds']:10.3f}{ours['peak']:9.0f}"
    if peer is None:
        print(line)
    elif "problem" in peer:
        print(f"{line}  {peer_name}: {peer['problem']}")
    else:
        seconds = peer["seconds"] * factor
        print(
            f"{line}{seconds:10.1f}{seconds / ours['seconds']:8.0f}x  {peer_name}{' (projected)' if factor > 1 else ''}"
        )


def best_of(work: Callable[[], object]) -> None:
    """Print the best time and this process's peak memory."""
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": min(times), "peak": peak_megabytes()}))


def measure(kind: str, *words: str) -> None:
    """One measurement, in this process."""
    import numpy as np

    from assessments.scoring.adaptive import AdaptiveRules, Bank
    from assessments.scoring.calibration import Model, calibrate
    from assessments.scoring.graded import Items
    from assessments.scoring.marginal import Grid
    from assessments.scoring.responses import Responses
    from assessments.scoring.scores import eap
    from assessments.scoring.simulation import simulate

    if kind == "adaptive":
        rng = np.random.default_rng(SEED)
        a = rng.lognormal(0, 0.3, 500)
        bank = Bank.of(a, -a * rng.normal(size=500), np.arange(500) % 4)
        plain = words[0] == "0"
        rules = AdaptiveRules(longest=20, shortest=20, quotas=None if plain else {0: 8, 1: 6, 2: 4, 3: 2})
        theta, rates = rng.normal(size=10_000), None if plain else np.full(500, 0.5)
        best_of(lambda: simulate(bank, rules, theta, rng, rates))
        return
    if kind == "items":
        measure_items()
        return
    folder, people = words
    with np.load(Path(folder) / f"{people}.npz") as data:
        responses, items = Responses.of(data["codes"]), Items.of(data["a"], data["d"])
    if kind == "eap":
        best_of(lambda: eap(items, responses, Grid.normal(NODES)))
    else:
        best_of(lambda: calibrate(Responses(responses.codes, responses.weights), Model.TWO_PL, nodes=NODES))


def measure_items() -> None:
    """What an examiner asks of items once they are calibrated: classical statistics, S-X2, infit, outfit, groups."""
    import numpy as np

    from assessments.scoring.calibration import Model, calibrate
    from assessments.scoring.classical import classical
    from assessments.scoring.fit import s_x2
    from assessments.scoring.residuals import residuals
    from assessments.scoring.responses import Responses

    rng = np.random.default_rng(SEED)
    a, d, theta = rng.lognormal(0, 0.3, ITEMS), rng.normal(0, 1.2, ITEMS), rng.normal(size=(1_000, 1))
    codes = (rng.random((1_000, ITEMS)) < 1 / (1 + np.exp(-(theta * a + d)))).astype(np.int8)
    found = calibrate(Responses.of(codes), Model.TWO_PL)
    items = found.items
    assert items is not None

    def work() -> None:
        responses = Responses.of(codes)
        classical(responses)
        s_x2(items, responses, found.grid)
        residuals(items, responses, found.grid, parameters=2)

    best_of(work)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
    else:
        main()
