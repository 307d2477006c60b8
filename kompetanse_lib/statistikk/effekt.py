"""How large a difference is, in words a reader can picture: standard deviations, and pupils."""

from math import asin, sqrt
from statistics import NormalDist


def standardize(forskjell: float, standardavvik: float) -> float:
    """Return a difference between means in standard deviations between persons.

    Notes
    -----
    Cohen's d with a spread that is known or of all groups together. Assumes the same spread in both groups.

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed., ch. 2.
    """
    return forskjell / standardavvik


def standardize_andeler(andel: float, annen: float) -> float:
    """Return a difference between shares on the scale of standard deviations.

    Notes
    -----
    Cohen's h, 2·asin√p - 2·asin√q: the same distance is as easy to see by chance near 0 and 1 as in the middle.

    References
    ----------
    Cohen (1988), ch. 6.
    """
    return 2 * asin(sqrt(andel)) - 2 * asin(sqrt(annen))


def find_elever_andel(forskjell: float, n: int) -> int:
    """Return how many of n pupils a difference in share is: those who would have had to be counted otherwise.

    Notes
    -----
    |p - q| · n, rounded. Says how large the difference is, not which pupils it is.
    """
    return round(abs(forskjell) * n)


def find_elever_snitt(effekt: float, n: int) -> int:
    """Return how many of n pupils a difference in means is: those moved past the other group's middle pupil.

    Parameters
    ----------
    effekt
        The difference in standard deviations.

    Notes
    -----
    n · (Φ(|d|) - ½), from Cohen's U3: in a group d above another, the share Φ(d) is above the other's median. Assumes that results
    are spread normally and alike in both groups.

    References
    ----------
    Cohen (1988), table 2.2.1.
    """
    return round(n * (NormalDist().cdf(abs(effekt)) - 0.5))
