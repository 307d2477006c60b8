"""Funnel limits: how far from the common value a group of n persons may be by chance."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik

from kompetanse_lib.statistikk.fordelinger import find_kvantil

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

    Notes
    -----
    Assumes that the spread is known (it is that of all groups together) and n large enough for the normal distribution.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24, 1185-1202.
    """
    sizes = np.asarray(n, dtype=float)
    half = find_kvantil(nivaa=nivaa) * standardavvik * np.sqrt(overspredning / sizes)
    return Trakt(sizes, maal - half, maal + half, nivaa)


def find_trakt_andel(maal: float, n: Tall, nivaa: float = 0.95, *, overspredning: float = 1.0) -> Trakt:
    """Return the limits around a common share, exact: by chance a group is above, and below, in at most (1 - nivaa) / 2.

    Parameters
    ----------
    maal
        The common share, above 0 and below 1.
    n
        Group sizes, shape (sizes,).
    overspredning
        Factor of `find_overspredning`; widens the limits by its square root.

    Notes
    -----
    With F the binomial distribution drawn out between whole numbers (incomplete beta function), the lower limit is the k with
    F(k) = (1 - nivaa) / 2, the upper is one person above the k with F(k) = (1 + nivaa) / 2; both over n, within 0-1. With few
    persons fewer than 1 - nivaa are outside, never more. A share outside is one whose exact range (Clopper and Pearson) does
    not hold the common share.

    References
    ----------
    Spiegelhalter (2005), section A.1. Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. Biometrika 26, 404-413.
    """
    sizes = np.asarray(n, dtype=float)
    tail = (1 - nivaa) / 2
    # Below all counts there is no k: then nothing is too low.
    low = np.nan_to_num(bdtrik(tail, sizes, maal), nan=0.0) / sizes
    high = (np.nan_to_num(bdtrik(1 - tail, sizes, maal), nan=0.0) + 1) / sizes
    widen = sqrt(overspredning)
    return Trakt(
        sizes,
        np.clip(maal + widen * (low - maal), 0, 1),
        np.clip(maal + widen * (high - maal), 0, 1),
        nivaa,
    )


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

    References
    ----------
    Spiegelhalter (2005), section 4.
    """
    scores = np.asarray(z, dtype=float)
    if len(scores) < 2:
        return 1.0
    low, high = np.quantile(scores, [andel, 1 - andel])
    phi = float((np.clip(scores, low, high) ** 2).mean())
    return phi if phi > 1 + 2 * float(np.sqrt(2 / len(scores))) else 1.0
