"""Differences between two figures that share no persons, with range and p-value.

`take_out` removes a school from the municipality it is part of, so that the two can be compared at all.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from kompetanse_lib.statistikk.eksakt import find_p_andeler
from kompetanse_lib.statistikk.estimat import Z95, Estimat


@dataclass(frozen=True, slots=True, kw_only=True)
class Forskjell:
    """First figure minus second, with half the width of the 95 % range and the two-sided p-value."""

    verdi: float
    halvbredde: float
    p: float


def compare_snitt(a: Estimat, b: Estimat, *, oppgitt_til: float = 0.0) -> Forskjell:
    """Compare two independent means.

    Parameters
    ----------
    a, b
        The means with their 95 % ranges, same unit.
    oppgitt_til
        Resolution that the source publishes both means in. Rounding to it adds a uniform error with standard
        deviation `oppgitt_til` / √12 to each mean, which a published half-width does not hold.

    Notes
    -----
    z-test on the difference; variances add. Assumes that the two groups share no persons.
    """
    rounding = (oppgitt_til / sqrt(12)) ** 2
    variance = (a.halvbredde / Z95) ** 2 + (b.halvbredde / Z95) ** 2 + 2 * rounding
    return find_forskjell(a.verdi - b.verdi, variance)


def compare_andeler(a: Estimat, b: Estimat) -> Forskjell:
    """Compare two independent shares of groups whose sizes are known.

    Raises
    ------
    ValueError
        When a group's size is unknown.

    Notes
    -----
    The difference's half-width is Newcombe's hybrid score method without continuity correction (the longer of its
    two sides); the p-value is Fisher's exact test, since a handful of pupils is no normal distribution.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. Statistics in
    Medicine 17, 873-890, method 10.
    """
    if not a.n or not b.n:
        message = "shares are compared with the number of persons behind them"
        raise ValueError(message)
    difference = a.verdi - b.verdi
    below = sqrt((a.verdi - a.lav) ** 2 + (b.hoey - b.verdi) ** 2)
    above = sqrt((a.hoey - a.verdi) ** 2 + (b.verdi - b.lav) ** 2)
    p = find_p_andeler(round(a.verdi * a.n), a.n, round(b.verdi * b.n), b.n)
    return Forskjell(verdi=difference, halvbredde=max(below, above), p=p)


def take_out(whole: Estimat, part: Estimat) -> Estimat | None:
    """Return the mean or share of a group without one of its parts, or None where that cannot be said.

    Notes
    -----
    With N, M of the whole and n, m of the part the rest has mean (N·M − n·m) / (N − n). The spread between persons
    is taken to be the same in the rest, so its half-width is that of the whole times √(N / (N − n)). No rest is
    given when it is empty, or smaller than the part: then the part is the whole, and the comparison says nothing.
    """
    if not whole.n or not part.n or whole.n - part.n < part.n:
        return None
    n = whole.n - part.n
    mean = (whole.n * whole.verdi - part.n * part.verdi) / n
    factor = sqrt(whole.n / n)
    return Estimat(
        verdi=mean,
        lav=mean - (whole.verdi - whole.lav) * factor,
        hoey=mean + (whole.hoey - whole.verdi) * factor,
        n=n,
    )


def find_forskjell(difference: float, variance: float) -> Forskjell:
    """Return a difference with a known variance as normal: z = difference / √variance."""
    if variance <= 0:
        return Forskjell(verdi=difference, halvbredde=0.0, p=1.0 if difference == 0 else 0.0)
    z = abs(difference) / sqrt(variance)
    return Forskjell(verdi=difference, halvbredde=Z95 * sqrt(variance), p=2 * NormalDist().cdf(-z))
