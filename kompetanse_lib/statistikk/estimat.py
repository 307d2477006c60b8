"""One figure with its range: shares by Wilson's method, means from a half-width or a standard deviation.

The persons behind a school's figure are all its pupils, not a sample. The range therefore speaks of the cohort as
one draw of the pupils the school could have had: what another cohort of the same school could have given by chance.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

Z95: Final = NormalDist().inv_cdf(0.975)
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimat:
    """A value with the ends of its 95 % range, all in the unit of the measure (shares 0-1)."""

    verdi: float
    lav: float
    hoey: float
    n: int | None = None

    @property
    def halvbredde(self) -> float:
        """Half of the range's width."""
        return (self.hoey - self.lav) / 2


def estimate_andel(andel: float, n: int) -> Estimat:
    """Return a share with Wilson's 95 % range.

    Parameters
    ----------
    andel
        Share of 0-1. Published shares are rounded; the count is taken as the nearest whole number.
    n
        Persons behind the share, at least 1.

    Raises
    ------
    ValueError
        When `n` is below 1 or the share is outside 0-1.

    Notes
    -----
    With z the 97.5 % quantile, the centre is (k + z²/2) / (n + z²) and the half-width
    z / (n + z²) · √(k (n − k) / n + z² / 4).

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22, 209-212.
    """
    if n < 1 or not 0 <= andel <= 1:
        message = f"a share of 0-1 of at least one person is needed, not {andel} of {n}"
        raise ValueError(message)
    k, z2 = round(andel * n), Z95**2
    centre = (k + z2 / 2) / (n + z2)
    half = Z95 / (n + z2) * sqrt(k * (n - k) / n + z2 / 4)
    # A share published with few decimals may stand a hair outside the range of its own rounded count.
    return Estimat(
        verdi=andel, lav=max(0.0, min(centre - half, andel)), hoey=min(1.0, max(centre + half, andel)), n=n
    )


def estimate_snitt(
    verdi: float, *, n: int | None = None, halvbredde: float | None = None, standardavvik: float | None = None
) -> Estimat | None:
    """Return a mean with its 95 % range, or None when nothing tells how sure it is.

    Parameters
    ----------
    verdi
        The mean, in the measure's unit.
    n
        Persons behind the mean.
    halvbredde
        Published half-width of the 95 % range; used where it exists.
    standardavvik
        Spread between persons in the measure's unit; used with `n` when no half-width is published.

    Notes
    -----
    The half-width from a standard deviation s is z · s / √n (central limit theorem; n independent persons).
    """
    if halvbredde is None and standardavvik is not None and n:
        halvbredde = Z95 * standardavvik / sqrt(n)
    if halvbredde is None:
        return None
    return Estimat(verdi=verdi, lav=verdi - halvbredde, hoey=verdi + halvbredde, n=n)
