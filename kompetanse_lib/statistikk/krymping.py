"""Partial pooling: a small group's figure drawn towards all groups', as far as it is chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kompetanse_lib.statistikk.estimat import Z95

Tall = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Krympet:
    """Raw and shrunken values with the ends of their 95 % ranges, arrays of shape (groups,); `vekt` is how much is the group's own."""

    raa: Tall
    verdi: Tall
    lav: Tall
    hoey: Tall
    vekt: Tall
    felles: float


def shrink_snitt(verdier: Tall, halvbredder: Tall) -> Krympet:
    """Return the values of many groups, each drawn towards the common mean.

    Parameters
    ----------
    verdier, halvbredder
        Means and half-widths of their 95 % ranges, shape (groups,); half-widths above 0.

    Raises
    ------
    ValueError
        With fewer than three groups: what is between groups cannot be told from chance.

    Notes
    -----
    Empirical Bayes, normal: with τ² between groups (DerSimonian and Laird's moments) and v the variance of each, the weight is
    B = τ² / (τ² + v), the value m + B(x - m), its variance B·v. τ² = 0 draws all to the common mean m, the mean weighted
    with 1 / (τ² + v). That m and τ² are estimated is not in the ranges: with few groups they are too narrow.

    References
    ----------
    Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its generalizations. JASA 70, 311-319.
    """
    values, variance = np.asarray(verdier, float), (np.asarray(halvbredder, float) / Z95) ** 2
    if len(values) < 3:
        message = f"at least three groups are needed, not {len(values)}"
        raise ValueError(message)
    between = find_mellomvarians(values, variance)
    total = between + variance
    common = float((values / total).sum() / (1 / total).sum())
    weight = between / total
    shrunk = common + weight * (values - common)
    half = Z95 * np.sqrt(weight * variance)
    return Krympet(values, shrunk, shrunk - half, shrunk + half, weight, common)


def find_mellomvarians(verdier: Tall, varianser: Tall) -> float:
    """Return the variance between groups beyond chance, 0 or more.

    Notes
    -----
    τ² = max(0, (Q - (k - 1)) / (Σw - Σw²/Σw)) with w = 1 / variance and Q = Σw(x - x̄)² (DerSimonian and Laird 1986).
    """
    if len(verdier) < 2 or not (varianser > 0).all():
        return 0.0
    w = 1 / varianser
    q = float(w @ (verdier - w @ verdier / w.sum()) ** 2)
    return max(0.0, (q - (len(w) - 1)) / float(w.sum() - (w**2).sum() / w.sum()))
