"""Adaptive tests of simulated people, all side by side; and from them the rates that keep items from wearing out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from assessments.scoring.adaptive import (
    AdaptiveRules,
    Bank,
    Flags,
    lottery,
    posterior_moments,
    select,
    stopped,
)
from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats

BLOCK = 500
NONE = -1


@dataclass(frozen=True, eq=False)
class Simulated:
    """Per person: true and estimated ability with its SD, items in order (-1 after the end) and answers, length."""

    truth: Floats
    theta: Floats
    sd: Floats
    asked: Integers
    right: Flags
    items: int

    @property
    def length(self) -> Integers:
        return np.sum(self.asked != NONE, axis=1)

    @property
    def exposure(self) -> Floats:
        """Share of people who saw each item of the bank."""
        seen = np.bincount(self.asked[self.asked != NONE], minlength=self.items)
        return seen / self.truth.size

    @property
    def unused(self) -> int:
        """Items of the bank that nobody saw."""
        return int(np.sum(self.exposure == 0))

    @property
    def overlap(self) -> float:
        """Share of one test that another person of the sample also had, on average: (N sum r^2 - sum r) / ((N - 1)
        sum r)."""
        rates, people = self.exposure, self.truth.size
        return float((people * np.sum(rates**2) - rates.sum()) / ((people - 1) * rates.sum()))

    @property
    def rmse(self) -> float:
        return float(np.sqrt(np.mean((self.theta - self.truth) ** 2)))


def simulate(
    bank: Bank, rules: AdaptiveRules, truth: ArrayLike, rng: np.random.Generator, rates: Floats | None = None
) -> Simulated:
    """Give every person of true ability `truth` an adaptive test; `rates`: the lottery's chance per item, 1 where None.

    Raises ValueError where the bank cannot fill the test or a rate is not in (0, 1].
    """
    rules.check(bank)
    abilities = np.asarray(truth, dtype=float)
    if rates is not None and (rates.shape != (bank.size,) or np.any(rates <= 0) or np.any(rates > 1)):
        raise ValueError("Each item has a rate above 0 and up to 1.")
    theta, sd = np.empty((2, abilities.size))
    asked = np.full((abilities.size, rules.longest), NONE, dtype=np.intp)
    right = np.zeros(asked.shape, dtype=bool)
    for start in range(0, abilities.size, BLOCK):
        rows = slice(start, start + BLOCK)
        _one_block(bank, rules, abilities[rows], rng, rates, (theta[rows], sd[rows], asked[rows], right[rows]))
    return Simulated(abilities, theta, sd, asked, right, bank.size)


def _one_block(
    bank: Bank,
    rules: AdaptiveRules,
    truth: Floats,
    rng: np.random.Generator,
    rates: Floats | None,
    out: tuple[Floats, Floats, Integers, Flags],
) -> None:
    """Run a block of people to the end, writing into `out` (theta, sd, asked, right)."""
    theta, sd, asked, right = out
    used = np.zeros((truth.size, bank.size), dtype=bool)
    admitted = np.ones_like(used) if rates is None else lottery(rates, rng, truth.size)
    posterior = np.tile(bank.grid.log_weight.astype(np.float32), (truth.size, 1))
    wrong, correct = bank.log_chances
    theta[:], sd[:] = posterior_moments(posterior, bank.grid)
    going = np.arange(truth.size)
    for count in range(rules.longest):
        chosen = select(bank, rules, theta[going], used[going], admitted[going], count)
        hit = rng.random(going.size) < expit(bank.a[chosen] * truth[going] + bank.d[chosen])
        used[going, chosen] = True
        asked[going, count], right[going, count] = chosen, hit
        posterior[going] += np.where(hit[:, np.newaxis], correct[chosen], wrong[chosen])
        theta[going], sd[going] = posterior_moments(posterior[going], bank.grid)
        going = going[~stopped(theta[going], sd[going], count + 1, rules)]
        if not going.size:
            return


def sympson_hetter(
    bank: Bank,
    rules: AdaptiveRules,
    rng: np.random.Generator,
    *,
    most: float,
    people: int = 2000,
    rounds: int = 15,
    mean: float = 0.0,
    sd: float = 1.0,
) -> Floats:
    """Rates per item that keep each item's exposure at or below `most`, for people ~ N(mean, sd^2).

    Sympson and Hetter (1985): simulate; an item that would be chosen for a share S of people gets the rate most / S,
    at most 1; again, until the exposures hold (some 10 to 15 rounds). S is exposure / rate, as the lottery knows
    nothing of the person. It holds the most shown items down and brings few of the unused into use: for that, strata.
    Raises ValueError where the bank is too small for such a limit.
    """
    if not 0 < most <= 1:
        raise ValueError("The highest exposure lies above 0 and up to 1.")
    needed = {None: rules.longest} if rules.quotas is None else dict(rules.quotas)
    for area, wanted in needed.items():
        there = bank.size if area is None else int(np.sum(bank.area == area))
        if wanted > 0.8 * most * there:
            raise ValueError(f"{there} items are too few for {wanted} in each test when each is shown to {most:.0%}.")
    rates = np.ones(bank.size)
    for _ in range(rounds):
        exposure = simulate(bank, rules, rng.normal(mean, sd, people), rng, rates).exposure
        chosen = exposure / rates
        rates = np.where(chosen > most, most / np.maximum(chosen, most), 1.0)
    return rates
