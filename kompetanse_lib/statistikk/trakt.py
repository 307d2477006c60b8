"""Funnel limits: how far from the common value a group of n persons may be by chance."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

NIVAAER: Final = (0.95, 0.998)
"""The usual two: about two and three standard errors (Spiegelhalter 2005)."""

Tall = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trakt:
    """Lower and upper limits for every group size, arrays of shape (sizes,)."""

    n: Tall
    lav: Tall
    hoey: Tall
    nivaa: float


def find_trakt_snitt(
    maal: float, standardavvik: float, n: Tall, nivaa: float = 0.95, *, overspredning: float = 1.0
) -> Trakt:
    """Return the limits around a common mean: maal ± z · s · √(overspredning / n).

    Parameters
    ----------
    maal
        The common value.
    standardavvik
        Between persons, in the measure's unit.
    n
        Group sizes, shape (sizes,).
    overspredning
        Factor of `find_overspredning`; 1 takes all variation to be between persons.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24, 1185-1202.
    """
    sizes = np.asarray(n, dtype=float)
    half = NormalDist().inv_cdf((1 + nivaa) / 2) * standardavvik * np.sqrt(overspredning / sizes)
    return Trakt(sizes, maal - half, maal + half, nivaa)


def find_trakt_andel(maal: float, n: Tall, nivaa: float = 0.95, *, overspredning: float = 1.0) -> Trakt:
    """Return the limits around a common share: the score test's, inverted, so that they stay within 0-1 and are not symmetric.

    Notes
    -----
    With z the quantile, the observed shares for which |x - p| = z·√(p(1-p)·overspredning/n): the normal limits, cut at 0 and 1.
    A share outside them is one whose Wilson interval (`estimate_andel`) does not hold p.
    """
    sizes = np.asarray(n, dtype=float)
    z = NormalDist().inv_cdf((1 + nivaa) / 2)
    half = z * np.sqrt(maal * (1 - maal) * overspredning / sizes)
    return Trakt(sizes, np.clip(maal - half, 0, 1), np.clip(maal + half, 0, 1), nivaa)


def find_overspredning(z: Tall, andel: float = 0.1) -> float:
    """Return how much more groups differ than chance: the mean square of winsorised z-scores, at least 1.

    Parameters
    ----------
    z
        (value - common) / standard error of each group, shape (groups,).
    andel
        Share at each end that is moved in to the nearest kept score, so that a few far away do not decide (Spiegelhalter 2005).

    Notes
    -----
    Taken as 1 where it is below 1 + 2·√(2/k), what k groups give by chance.
    """
    scores = np.asarray(z, dtype=float)
    if len(scores) < 2:
        return 1.0
    low, high = np.quantile(scores, [andel, 1 - andel])
    phi = float((np.clip(scores, low, high) ** 2).mean())
    return phi if phi > 1 + 2 * float(np.sqrt(2 / len(scores))) else 1.0
