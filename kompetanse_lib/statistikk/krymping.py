"""Partial pooling: a small group's figure drawn towards all groups', as far as it is chance."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from kompetanse_lib.statistikk.fordelinger import Z95

Tall = NDArray[np.float64]

FAERREST: Final = 4
"""Groups needed: with fewer, what is between groups cannot be told from chance (Morris 1983 divides by k - 3)."""
_HALVERINGER: Final = 60
"""Enough for every digit of a float."""


@dataclass(frozen=True, slots=True)
class Krympet:
    """Raw and shrunken values with the ends of their 95 % ranges, arrays of shape (groups,); `vekt` is how much is the group's own."""

    raa: Tall
    verdi: Tall
    lav: Tall
    hoey: Tall
    vekt: Tall
    felles: float


def shrink_snitt(verdier: Tall, standardavvik: float, n: Tall) -> Krympet:
    """Return the means of many groups, each drawn towards the common one.

    Parameters
    ----------
    verdier
        Means, shape (groups,).
    standardavvik
        Spread between persons, the same in all groups.
    n
        Persons of each group, shape (groups,).

    Raises
    ------
    ValueError
        With fewer than four groups.

    Notes
    -----
    Morris' empirical Bayes: with V = s² / n, A between groups (`find_mellomvarians`) and B = (k - 3)/(k - 1) · V/(V + A), the value is
    m + (1 - B)(x - m), its variance V(1 - (k - 1)/k · B) + 2/(k - 3) · B² · (V̄ + A)/(V + A) · (x - m)²: that m and A are estimated
    is in it. The ranges hold the groups' true values in 95 of 100 cases on average over all groups; for a group that is
    truly far from all others, less often. Assumes normal means, and groups that differ as draws from one normal distribution.

    References
    ----------
    Morris, C. N. (1983). Parametric empirical Bayes inference: theory and applications. Journal of the American Statistical
    Association 78, 47-55. Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its generalizations.
    JASA 70, 311-319.
    """
    values, variance = np.asarray(verdier, float), standardavvik**2 / np.asarray(n, float)
    common, shrunk, error, weight = _shrink(values, variance)
    return Krympet(values, shrunk, shrunk - Z95 * error, shrunk + Z95 * error, weight, common)


def shrink_andeler(verdier: Tall, n: Tall) -> Krympet:
    """Return the shares of many groups, each drawn towards the common one.

    Parameters
    ----------
    verdier
        Shares of 0-1, shape (groups,).
    n
        Persons of each group, shape (groups,).

    Raises
    ------
    ValueError
        With fewer than four groups, or when nobody or everybody is counted.

    Notes
    -----
    As `shrink_snitt`, with the chance p(1 - p) / n of the common share p; the range is that of the beta distribution with the same
    mean and variance, which keeps it within 0-1. Assumes that persons are counted or not independently of each other.
    """
    values, persons = np.asarray(verdier, float), np.asarray(n, float)
    whole = float(values @ persons / persons.sum())
    if not 0 < whole < 1:
        message = f"a common share above 0 and below 1 is needed, not {whole}"
        raise ValueError(message)
    common, shrunk, error, weight = _shrink(values, whole * (1 - whole) / persons)
    middle = np.clip(shrunk, 1e-6, 1 - 1e-6)
    size = np.maximum(middle * (1 - middle) / error**2 - 1, 1e-6)
    low, high = (betaincinv(middle * size, (1 - middle) * size, tail) for tail in (0.025, 0.975))
    return Krympet(values, np.clip(shrunk, 0, 1), low, high, weight, common)


def find_mellomvarians(verdier: Tall, varianser: Tall) -> float:
    """Return the variance between groups beyond chance, 0 or more.

    Notes
    -----
    The A for which Σw(x - m)² is k - 1, with w = 1/(V + A) and m the mean weighted with w; 0 where even A = 0 gives less. It is what
    Morris' equations 5.1-5.4 come to. Found by halving: the sum falls as A grows.

    References
    ----------
    Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of Research of the National Bureau of
    Standards 87, 377-385.
    """
    values, variance = np.asarray(verdier, float), np.asarray(varianser, float)

    def exceeds(between: float) -> bool:
        weight = 1 / (variance + between)
        common = weight @ values / weight.sum()
        return float(weight @ (values - common) ** 2) > len(values) - 1

    if not exceeds(0.0):
        return 0.0
    low, high = 0.0, float(((values - values.mean()) ** 2).sum())
    for _ in range(_HALVERINGER):
        middle = (low + high) / 2
        low, high = (middle, high) if exceeds(middle) else (low, middle)
    return (low + high) / 2


def _shrink(values: Tall, variance: Tall) -> tuple[float, Tall, Tall, Tall]:
    k = len(values)
    if k < FAERREST:
        message = f"at least {FAERREST} groups are needed, not {k}"
        raise ValueError(message)
    between = find_mellomvarians(values, variance)
    total = variance + between
    common = float((values / total).sum() / (1 / total).sum())
    pull = (k - 3) / (k - 1) * variance / total
    unsure = 2 / (k - 3) * pull**2 * (float(variance.mean()) + between) / total
    spread = variance * (1 - (k - 1) / k * pull) + unsure * (values - common) ** 2
    return common, common + (1 - pull) * (values - common), np.sqrt(spread), 1 - pull
