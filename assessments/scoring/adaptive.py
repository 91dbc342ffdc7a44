"""Which item next, and when to stop: maximum information within content quotas, under exposure control.

One set of functions serves a single candidate (`decide`) and the simulator, which runs them for many people at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid

Singles = NDArray[np.float32]
Flags = NDArray[np.bool_]
POSTERIOR_NODES = 41
LOOKUP = np.linspace(-4.5, 4.5, 181)  # information is looked up at the nearest of these, 0.05 logits apart


@dataclass(frozen=True, eq=False)
class Bank:
    """Calibrated items of two categories: slopes above 0, intercepts, and the content area of each (0, 1, ...)."""

    a: Floats
    d: Floats
    area: Integers

    @classmethod
    def of(cls, a: ArrayLike, d: ArrayLike, area: ArrayLike | None = None) -> "Bank":
        intercepts = np.asarray(d, dtype=float)
        slopes = np.array(np.broadcast_to(np.asarray(a, dtype=float), intercepts.shape))
        if intercepts.ndim != 1 or not intercepts.size or not np.all(np.isfinite(intercepts)):
            raise ValueError("A bank has one or more items, their intercepts are numbers.")
        if not np.all(np.isfinite(slopes)) or np.any(slopes <= 0):
            raise ValueError("An adaptive test takes items with slopes above 0.")
        areas = np.zeros(intercepts.size, dtype=np.intp) if area is None else np.asarray(area, dtype=np.intp)
        if areas.shape != intercepts.shape or areas.min() < 0:
            raise ValueError("Each item belongs to one content area, numbered from 0.")
        return cls(slopes, intercepts, areas)

    @property
    def size(self) -> int:
        return int(self.d.size)

    @cached_property
    def grid(self) -> Grid:
        return Grid.normal(POSTERIOR_NODES)

    @cached_property
    def information(self) -> Singles:
        """a^2 p (1 - p) of each item at each look-up point (theta, items)."""
        z = np.outer(LOOKUP, self.a) + self.d
        return (self.a**2 * expit(z) * expit(-z)).astype(np.float32)

    @cached_property
    def nearness(self) -> Singles:
        """-|theta - b| of each item at each look-up point, what a-stratified selection goes by."""
        found: Singles = (-np.abs(LOOKUP[:, np.newaxis] + self.d / self.a)).astype(np.float32)
        return found

    @cached_property
    def log_chances(self) -> tuple[Singles, Singles]:
        """log P(wrong) and log P(right) of each item at each node of the posterior (items, nodes)."""
        z = np.outer(self.a, self.grid.theta) + self.d[:, np.newaxis]
        return log_expit(-z).astype(np.float32), log_expit(z).astype(np.float32)

    def strata(self, count: int) -> Integers:
        """Each item's stratum, 0 = the flattest, of equal size within each content area (Chang and Ying 1999)."""
        found = np.empty(self.size, dtype=np.intp)
        for area in np.unique(self.area):
            own = np.flatnonzero(self.area == area)
            ranked = own[np.argsort(self.a[own], kind="stable")]
            found[ranked] = np.arange(own.size) * count // own.size
        return found


@dataclass(frozen=True)
class AdaptiveRules:
    """Length, when to stop earlier, and what the test must hold.

    `quotas`: items of each content area in a test of full length, adding to `longest`; None: any. `target_se` and
    `cuts` (with `certainty` standard errors on the same side of every cut) end a test from `shortest` on. `strata`:
    number of strata of a-stratified selection; None: maximum information.
    """

    longest: int = 20
    shortest: int = 10
    target_se: float | None = None
    cuts: tuple[float, ...] = ()
    certainty: float = 1.645
    quotas: Mapping[int, int] | None = field(default=None, hash=False)
    strata: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.longest:
            raise ValueError("A test has 1 item or more, and is not shorter than its shortest.")
        if self.quotas is not None and (
            sum(self.quotas.values()) != self.longest or any(count < 0 for count in self.quotas.values())
        ):
            raise ValueError("The quotas add up to the full length of the test.")
        if self.strata is not None and not 1 <= self.strata <= self.longest:
            raise ValueError("There are between 1 stratum and one for each item of the test.")

    def check(self, bank: Bank) -> None:
        """Raise ValueError where the bank cannot fill a test."""
        for area, wanted in (self.quotas or {}).items():
            there = int(np.sum(bank.area == area))
            if there < wanted:
                raise ValueError(f"Content area {area} has {there} items, the test asks for {wanted}.")
        if bank.size < self.longest:
            raise ValueError(f"The bank has {bank.size} items, the test asks for {self.longest}.")


class Stop(StrEnum):
    """Why a test ends."""

    PRECISE = "precise"
    DECIDED = "decided"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Decision:
    """The next item, or None and why the test ends; the estimate so far (posterior mean and SD)."""

    item: int | None
    stop: Stop | None
    theta: float
    sd: float


def decide(
    bank: Bank, rules: AdaptiveRules, asked: Sequence[int], right: Sequence[bool], admitted: Flags | None = None
) -> Decision:
    """Say what comes after these items and answers.

    `admitted`: the items this candidate may be shown, drawn once by `lottery` when the test begins and kept with it;
    all where None. Raises ValueError for an item asked twice or answers that are not as many as items.
    """
    if len(set(asked)) != len(asked) or len(asked) != len(right):
        raise ValueError("Each item is asked once and has one answer.")
    rules.check(bank)
    used = np.zeros((1, bank.size), dtype=bool)
    used[0, list(asked)] = True
    log_posterior = bank.grid.log_weight.astype(np.float32)[np.newaxis].copy()
    wrong, correct = bank.log_chances
    for item, is_right in zip(asked, right, strict=True):
        log_posterior += (correct if is_right else wrong)[item]
    theta, sd = posterior_moments(log_posterior, bank.grid)
    stop = stopped(theta, sd, len(asked), rules)[0]
    if stop:
        return Decision(None, _why(float(sd[0]), len(asked), rules), float(theta[0]), float(sd[0]))
    may = np.ones(bank.size, dtype=bool) if admitted is None else admitted
    item = int(select(bank, rules, theta, used, may[np.newaxis], len(asked))[0])
    return Decision(item, None, float(theta[0]), float(sd[0]))


def lottery(rates: Floats, rng: np.random.Generator, people: int = 1) -> Flags:
    """Draw, per person, the items they may be shown: item j with chance `rates[j]` (Sympson and Hetter 1985).

    An item that is chosen and then refused is refused for the whole test, so drawing all of it beforehand is the same;
    and it can be frozen into the attempt.
    """
    drawn: Flags = rng.random((people, rates.size), dtype=np.float32) < rates.astype(np.float32)
    return drawn


def posterior_moments(log_posterior: Singles, grid: Grid) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row's posterior, from its logarithm up to a constant."""
    weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = weight @ grid.theta
    return mean, np.sqrt(np.maximum(weight @ grid.theta**2 - mean**2, 0))


def stopped(theta: Floats, sd: Floats, count: int, rules: AdaptiveRules) -> Flags:
    """Who is done after `count` items."""
    if count >= rules.longest:
        return np.ones(theta.size, dtype=bool)
    done = np.zeros(theta.size, dtype=bool)
    if count < rules.shortest:
        return done
    if rules.target_se is not None:
        done |= sd <= rules.target_se
    if rules.cuts:
        nearest = np.min(np.abs(theta[:, np.newaxis] - np.asarray(rules.cuts)), axis=1)
        done |= nearest >= rules.certainty * sd
    return done


def select(bank: Bank, rules: AdaptiveRules, theta: Floats, used: Flags, admitted: Flags, count: int) -> Integers:
    """The next item of each person (rows of `used` and `admitted`), all of whom have had `count` items.

    The content area comes first: the one furthest behind its quota, of those that still have items. Within it the most
    telling item that is admitted; if the lottery left none there, the most telling one.
    """
    worth = (bank.information if rules.strata is None else bank.nearness)[_nearest(theta)]
    fits = ~used
    if rules.quotas is not None:
        fits &= _open_areas(bank, rules, used, count)
    if rules.strata is not None:
        stage = fits & (bank.strata(rules.strata) == count * rules.strata // rules.longest)
        fits = np.where((stage & admitted).any(axis=1, keepdims=True), stage, fits)
    allowed = fits & admitted
    allowed = np.where(allowed.any(axis=1, keepdims=True), allowed, fits)
    return np.argmax(np.where(allowed, worth, -np.inf), axis=1)


def _nearest(theta: Floats) -> Integers:
    step = LOOKUP[1] - LOOKUP[0]
    return np.clip(np.rint((theta - LOOKUP[0]) / step), 0, LOOKUP.size - 1).astype(np.intp)


def _open_areas(bank: Bank, rules: AdaptiveRules, used: Flags, count: int) -> Flags:
    """Items in the content area that is furthest behind its share of the next item."""
    areas = int(max(bank.area.max(), max(rules.quotas or {0: 0}))) + 1
    quota = np.zeros(areas)
    for area, wanted in (rules.quotas or {}).items():
        quota[area] = wanted
    member = bank.area[:, np.newaxis] == np.arange(areas)
    so_far = used.astype(np.float32) @ member.astype(np.float32)
    behind = np.where(so_far < quota, quota * (count + 1) / rules.longest - so_far, -np.inf)
    found: Flags = member.T[np.argmax(behind, axis=1)]
    return found


def _why(sd: float, count: int, rules: AdaptiveRules) -> Stop:
    if count >= rules.longest:
        return Stop.FULL
    return Stop.PRECISE if rules.target_se is not None and sd <= rules.target_se else Stop.DECIDED
