"""Quantiles and tail probabilities of the normal and of Student's distribution."""

from collections.abc import Iterable
from math import inf, isinf
from statistics import NormalDist
from typing import Final

from scipy.special import stdtr, stdtrit

Z95: Final = NormalDist().inv_cdf(0.975)
"""Two-sided 95 % quantile of the normal distribution."""

UENDELIG: Final = inf
"""Degrees of freedom of a spread that is known and not estimated: then Student's distribution is the normal one."""


def find_kvantil(frihetsgrader: float = UENDELIG, nivaa: float = 0.95) -> float:
    """Return the two-sided quantile: the share `nivaa` of Student's distribution lies within it.

    Notes
    -----
    Cephes' inverse of the incomplete beta function, as `scipy.special.stdtrit` has it.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6, 1-25.
    """
    upper = (1 + nivaa) / 2
    return NormalDist().inv_cdf(upper) if isinf(frihetsgrader) else float(stdtrit(frihetsgrader, upper))


def find_p(avstand: float, frihetsgrader: float = UENDELIG) -> float:
    """Return the two-sided p-value of a distance from zero, in standard errors."""
    low = -abs(avstand)
    return 2 * (NormalDist().cdf(low) if isinf(frihetsgrader) else float(stdtr(frihetsgrader, low)))


def find_frihetsgrader(deler: Iterable[tuple[float, float]]) -> float:
    """Return the degrees of freedom of a sum of variances, each given with its own.

    Notes
    -----
    (Σv)² / Σ(v² / f); parts that are known have f = ∞ and add nothing below the line.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin 2, 110-114.
    """
    parts = list(deler)
    total = sum(variance for variance, _ in parts)
    below = sum(variance**2 / freedom for variance, freedom in parts)
    return total**2 / below if below > 0 else UENDELIG
