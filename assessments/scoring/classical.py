"""Classical statistics of items and forms: difficulty, corrected point-biserial, alpha, what each wrong option does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.irt import Floats
from assessments.scoring.responses import Responses


@dataclass(frozen=True, eq=False)
class Classical:
    """Per item: people who were given it, mean (two categories: the share right), correlation with the total, and
    with the rest (the total without the item: the corrected point-biserial). Alpha of the form. NaN where nothing
    varies or two items never met."""

    people: Floats
    mean: Floats
    total_correlation: Floats
    rest_correlation: Floats
    alpha: float


def classical(responses: Responses) -> Classical:
    """Work everything out from covariances between pairs of items, each over the people given both.

    With c_jk the covariances: r_total = sum_k c_jk / sqrt(c_jj sum c); r_rest the same without j; alpha = J / (J - 1) *
    (1 - trace c / sum c). Without gaps that is the textbook's alpha and point-biserial to the last digit; with papers
    drawn at random it stays defined, which sums of answers would not.
    """
    covariances, people = pair_covariances(responses)
    given = responses.given
    mean = np.array(
        [
            np.average(responses.codes[given[:, item], item], weights=responses.weights[given[:, item]])
            if given[:, item].any()
            else np.nan
            for item in range(given.shape[1])
        ]
    )
    own = np.diag(covariances)
    whole = covariances.sum()
    rows = covariances.sum(axis=1)
    rest_variance = whole - 2 * rows + own
    count = own.size
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = count / (count - 1) * (1 - own.sum() / whole) if count > 1 else np.nan
        return Classical(
            people=np.diag(people),
            mean=mean,
            total_correlation=rows / np.sqrt(own * whole),
            rest_correlation=(rows - own) / np.sqrt(own * rest_variance),
            alpha=float(alpha) if np.isfinite(alpha) else float("nan"),
        )


def pair_covariances(responses: Responses) -> tuple[Floats, Floats]:
    """Covariances (divisor n - 1) and numbers of people for each pair of items; NaN for pairs with fewer than two."""
    given = responses.given.astype(float)
    codes = np.where(responses.given, responses.codes, 0).astype(float)
    weighted = given * responses.weights[:, np.newaxis]
    people = weighted.T @ given
    sums = (codes * responses.weights[:, np.newaxis]).T @ given  # of the row's item, where both were given
    products = (codes * responses.weights[:, np.newaxis]).T @ codes
    with np.errstate(divide="ignore", invalid="ignore"):
        covariances = np.where(people > 1, (products - sums * sums.T / people) / (people - 1), np.nan)
    return covariances, people


@dataclass(frozen=True, slots=True)
class OptionUse:
    """Who chose an option: how many, which share of all, their mean ability, its correlation with ability, and the
    share that chose it in each group of ability, lowest first. A wrong option that the able choose has a positive
    correlation."""

    option: str
    people: int
    share: float
    mean_ability: float
    correlation: float
    by_group: tuple[float, ...]


BLANK = ""


def distractors(choices: Sequence[str | None], ability: ArrayLike, *, groups: int = 3) -> list[OptionUse]:
    """The options of one item in order of use, blank ones as "". `ability`: theta or rest score, one per choice.

    Raises ValueError for no choices, unequal lengths, or fewer people than groups.
    """
    theta = np.asarray(ability, dtype=float)
    if theta.ndim != 1 or theta.size != len(choices) or theta.size < max(groups, 2) or groups < 1:
        raise ValueError("A table of options needs one ability for each choice, and as many people as groups.")
    chosen = np.array([BLANK if choice is None else choice for choice in choices])
    parts = np.array_split(np.argsort(theta, kind="stable"), groups)
    found = []
    for option in np.unique(chosen):
        took = chosen == option
        found.append(
            OptionUse(
                option=str(option),
                people=int(took.sum()),
                share=float(took.mean()),
                mean_ability=float(theta[took].mean()),
                correlation=_correlation(took.astype(float), theta),
                by_group=tuple(float(took[part].mean()) for part in parts),
            )
        )
    return sorted(found, key=lambda use: (-use.people, use.option))


def _correlation(one: Floats, other: Floats) -> float:
    """0 where one of them does not vary."""
    spread = one.std() * other.std()
    return float(np.mean((one - one.mean()) * (other - other.mean())) / spread) if spread else 0.0
