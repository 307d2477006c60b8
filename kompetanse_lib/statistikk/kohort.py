"""The same pupils at two times: on one scale, or as their place in the nation on two."""

from math import sqrt

from kompetanse_lib.statistikk.estimat import Z95, Estimat
from kompetanse_lib.statistikk.forskjell import Forskjell, find_forskjell


def compare_kohort(
    foer: Estimat, etter: Estimat, *, land_foer: Estimat, land_etter: Estimat, korrelasjon: float = 0.0
) -> Forskjell:
    """Return how much more than the nation's a cohort has moved between two tests on one scale (national tests, grade 8 to 9).

    Parameters
    ----------
    foer, etter
        The cohort's means, same scale.
    land_foer, land_etter
        The nation's, for the same cohort.
    korrelasjon
        Between the two results of one pupil, 0 to below 1. Group means do not tell it; 0 gives the widest range, and the
        range shrinks by √(1 - korrelasjon) when it is known.

    Raises
    ------
    ValueError
        When the correlation is outside its range.

    Notes
    -----
    (etter - foer) - (land_etter - land_foer), with variance a² + b² - 2·r·a·b of the cohort's two standard errors, and the
    nation's added. Assumes that (nearly) the same pupils sat both tests: who moves in or out is in the difference.
    """
    if not 0 <= korrelasjon < 1:
        message = f"a correlation from 0 to below 1 is needed, not {korrelasjon}"
        raise ValueError(message)
    a, b, c, d = (e.halvbredde / Z95 for e in (foer, etter, land_foer, land_etter))
    moved = (etter.verdi - foer.verdi) - (land_etter.verdi - land_foer.verdi)
    return find_forskjell(moved, a**2 + b**2 - 2 * korrelasjon * a * b + c**2 + d**2)


def estimate_posisjon(egen: Estimat, land: Estimat, standardavvik: float) -> Estimat:
    """Return how far a group is from the nation, in standard deviations between pupils.

    Two tests on different scales are compared by this (national tests, grade 5 and 8; mapping tests).

    Notes
    -----
    (own - nation) / s; the ranges of both are added as variances. Assumes that s is the same in all schools.
    """
    half = sqrt(egen.halvbredde**2 + land.halvbredde**2) / standardavvik
    place = (egen.verdi - land.verdi) / standardavvik
    return Estimat(verdi=place, lav=place - half, hoey=place + half, n=egen.n)
