"""When a share that falls from year to year is nought, if it goes on as it has: a straight line and Fieller's range."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from kompetanse_lib.statistikk.fordelinger import find_kvantil

FAERREST_AAR: Final = 4
"""Years below which a line's own uncertainty cannot be told: two degrees of freedom are the least of any use."""


@dataclass(frozen=True, slots=True)
class Lukking:
    """Where a fitted line is nought: the estimate and its 95 % range, in years as they were given; `per_aar` is its slope."""

    aar: float
    tidligst: float
    senest: float
    per_aar: float


def estimate_lukking(aar: Sequence[float], verdier: Sequence[float], nivaa: float = 0.95) -> Lukking | None:
    """Return when a falling series is nought; None where that cannot be said.

    Parameters
    ----------
    aar, verdier
        The years and the values, at least `FAERREST_AAR`.

    Notes
    -----
    Least squares, y = ȳ + b(x - x̄) with residual variance s² on k - 2 degrees of freedom. The range holds all x for which
    (ȳ + b(x - x̄))² ≤ t²s²(1/k + (x - x̄)²/Sxx). It has two ends only where the slope itself is clearly below nought
    (t²s² < b²Sxx); elsewhere the series may as well stand still, and nothing is said. Assumes that what moves a year off the line
    is independent of the year before, and that what has made it fall goes on.

    References
    ----------
    Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16, 175-185.

    Examples
    --------
    >>> estimate_lukking([2020, 2021, 2022, 2023, 2024], [0.2, 0.17, 0.15, 0.12, 0.1]).aar.__round__()
    2028
    """
    if len(aar) < FAERREST_AAR:
        return None
    x, y = np.asarray(aar, dtype=float), np.asarray(verdier, dtype=float)
    middle, mean, k = float(x.mean()), float(y.mean()), len(x)
    sxx = float(((x - middle) ** 2).sum())
    slope = float(((x - middle) * y).sum()) / sxx
    spread = float(((y - mean - slope * (x - middle)) ** 2).sum()) / (k - 2)
    edge = find_kvantil(k - 2, nivaa) ** 2 * spread
    a, b, c = slope**2 - edge / sxx, mean * slope, mean**2 - edge / k
    if slope >= 0 or a <= 0:
        return None
    half = sqrt(max(b**2 - a * c, 0.0))
    return Lukking(middle - mean / slope, middle + (-b - half) / a, middle + (-b + half) / a, slope)
