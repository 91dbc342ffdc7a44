"""Marked answers of many people as matrices: categories, what is missing, equal rows counted once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats

MISSING = -1
Codes = NDArray[np.int8]
Bytes = NDArray[np.uint8]
LARGEST_KEY = 2**62


@dataclass(frozen=True, eq=False)
class Responses:
    """Categories 0..K of N people (or patterns) on J items, -1 where not administered; `weights` people per row."""

    codes: Codes
    weights: Floats

    @classmethod
    def of(cls, codes: ArrayLike, weights: ArrayLike | None = None) -> "Responses":
        """Check and keep. Raises ValueError for no people, no items, categories below -1, or weights not above 0."""
        kept = np.asarray(codes)
        if kept.ndim != 2 or not kept.size:
            raise ValueError("There must be answers of one or more people to one or more items.")
        if np.any(kept < MISSING) or np.any(kept > np.iinfo(np.int8).max) or np.any(kept != np.floor(kept)):
            raise ValueError("A category is a whole number from 0 up, or -1 where the item was not administered.")
        counts = np.ones(kept.shape[0]) if weights is None else np.asarray(weights, dtype=float)
        if counts.shape != kept.shape[:1] or not np.all(np.isfinite(counts)) or np.any(counts <= 0):
            raise ValueError("Each row stands for a number of people above 0.")
        return cls(kept.astype(np.int8), counts)

    @property
    def people(self) -> float:
        return float(self.weights.sum())

    @property
    def given(self) -> NDArray[np.bool_]:
        """Which items each row was given (N, J)."""
        return self.codes != MISSING

    @cached_property
    def top(self) -> Integers:
        """The highest category met per item; -1 where nobody answered."""
        return self.codes.max(axis=0).astype(np.intp)

    @cached_property
    def by_item(self) -> Codes:
        """The same answers with each item's in one piece of memory (J, N)."""
        return np.ascontiguousarray(self.codes.T)

    def counts(self, item: int) -> Floats:
        """How many people chose each category 0..top of an item."""
        column = self.by_item[item]
        seen = column != MISSING
        found: Floats = np.bincount(
            column[seen], weights=self.weights[seen], minlength=max(int(self.top[item]) + 1, 1)
        ).astype(float)
        return found

    def columns(self, items: ArrayLike) -> "Responses":
        return Responses(self.codes[:, np.asarray(items, dtype=np.intp)], self.weights)

    def rows(self, keep: ArrayLike) -> "Responses":
        return Responses(self.codes[np.asarray(keep)], self.weights[np.asarray(keep)])

    def collapsed(self) -> tuple["Responses", Integers]:
        """Equal rows as one with their weights added, and for each old row where it went.

        Rows that answer nothing differ from none and are kept as one. Where patterns are too many to number in a
        machine word (above 39 two-category items) nothing is collapsed: equal rows are rare there.
        """
        base = int(self.codes.max()) + 2
        if base ** self.codes.shape[1] >= LARGEST_KEY:
            return self, np.arange(self.codes.shape[0])
        key = np.zeros(self.codes.shape[0], dtype=np.int64)
        for item in range(self.codes.shape[1]):
            key *= base
            key += self.codes[:, item] + 1
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(first)  # keep the order in which patterns were met
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        place = rank[place]
        return Responses(self.codes[first[order]], np.bincount(place, weights=self.weights).astype(float)), place

    def without_unused_categories(self) -> tuple["Responses", list[Integers]]:
        """Number the categories that somebody chose 0, 1, 2, ...; returns the old number of each, per item."""
        codes = self.codes.copy()
        kept = []
        for item in range(codes.shape[1]):
            used = np.flatnonzero(self.counts(item))
            kept.append(used)
            if used.size and used[-1] != used.size - 1:
                seen = codes[:, item] != MISSING
                codes[seen, item] = np.searchsorted(used, codes[seen, item])
        return Responses(codes, self.weights), kept


@dataclass(frozen=True, eq=False)
class Design:
    """Responses spread over steps: which step thresholds each answer touches, and which step it stands on.

    For step (item, m): `passed` = 1 where the answer is m; `touched` = 1 where it is m or m - 1. Both (N, S), bytes.
    With two categories `passed` is "right" and `touched` is "was given".
    """

    touched: Bytes
    passed: Bytes
    weights: Floats
    item: Integers

    @classmethod
    def of(cls, responses: Responses, steps: Integers | None = None) -> "Design":
        """Spread responses over the steps of items, by default as many as the highest category met (1 or more)."""
        tops = responses.top if steps is None else steps
        if tops.shape != responses.codes.shape[1:] or np.any(responses.top > tops):
            raise ValueError("The answers do not fit the items: other items, or categories they do not have.")
        item = np.repeat(np.arange(tops.size), tops)
        touched = np.empty((responses.codes.shape[0], item.size), dtype=np.uint8)
        passed = np.empty_like(touched)
        category = np.arange(item.size) - np.repeat(np.cumsum(tops) - tops, tops) + 1
        for step, (column, at) in enumerate(zip(item, category, strict=True)):
            answers = responses.by_item[column]
            passed[:, step] = answers == at
            touched[:, step] = (answers == at) | (answers == at - 1)
        return cls(touched, passed, responses.weights, item)

    @cached_property
    def passed_total(self) -> Floats:
        """People per step's category (S)."""
        return weighted_sums(self.passed, self.weights)


def weighted_sums(matrix: Bytes, weights: Floats, block: int = 4096) -> Floats:
    """weights @ matrix without a copy of the whole matrix as floats."""
    total = np.zeros(matrix.shape[1])
    for start in range(0, matrix.shape[0], block):
        total += weights[start : start + block] @ matrix[start : start + block].astype(float)
    return total


def blocks_of_items(given: NDArray[np.bool_]) -> list[Integers]:
    """Items in groups that share people, directly or through others; more than one: the design is disconnected."""
    shared = given.astype(np.float32)
    return groups(shared.T @ shared > 0)


def groups(linked: NDArray[np.bool_]) -> list[Integers]:
    """Connected groups of a symmetric relation, each rising, by first member."""
    left = np.ones(linked.shape[0], dtype=bool)
    found = []
    while left.any():
        member = np.zeros_like(left)
        member[np.argmax(left)] = True
        while True:
            reached = member | linked[member].any(axis=0)
            if (reached == member).all():
                break
            member = reached
        found.append(np.flatnonzero(member))
        left &= ~member
    return found
