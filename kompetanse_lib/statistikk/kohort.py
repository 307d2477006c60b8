"""The same pupils at two times: on one scale, or as their place among others on two."""

from math import hypot
from statistics import NormalDist

from kompetanse_lib.statistikk.estimat import Estimat
from kompetanse_lib.statistikk.fordelinger import Z95, find_p
from kompetanse_lib.statistikk.forskjell import Forskjell, find_kontrast


def compare_kohort(foer: Estimat, etter: Estimat, *, land_foer: Estimat, land_etter: Estimat) -> Forskjell:
    """Return how much more than the nation's a cohort has moved between two tests on one scale (national tests, grade 8 to 9).

    Parameters
    ----------
    foer, etter
        The cohort's means, same scale.
    land_foer, land_etter
        The nation's, for the same cohort.

    Notes
    -----
    (etter - foer) - (land_etter - land_foer), the four taken as independent. They are not: a pupil's two results go together, by a
    correlation that group means do not tell. The range is therefore too wide, never too narrow. Assumes that (nearly) the same
    pupils sat both tests: who moves in or out is in the difference.

    References
    ----------
    Lord, F. M. (1963). Elementary models for measuring change. In C. W. Harris (ed.), Problems in measuring change, 21-38.
    """
    return find_kontrast((etter, foer, land_etter, land_foer), (1.0, -1.0, -1.0, 1.0))


def estimate_posisjon(egen: Estimat, annen: Estimat, standardavvik: float) -> Estimat:
    """Return how far a group's mean is from another's, in standard deviations between pupils.

    Two tests on different scales are compared by this (national tests, grade 5 and 8; mapping tests).

    Notes
    -----
    (own - other) / s with the range of the difference (`find_kontrast`). Assumes that s is the same in all schools, and known.

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed., ch. 2.
    """
    between = find_kontrast((egen, annen), (1.0, -1.0))
    half = between.halvbredde / standardavvik
    place = between.verdi / standardavvik
    return Estimat(verdi=place, lav=place - half, hoey=place + half, n=egen.n)


def estimate_posisjon_under(egen: Estimat, annen: Estimat) -> Estimat | None:
    """Return how far a group is above another when only the shares below one limit are known, in standard deviations.

    Parameters
    ----------
    egen, annen
        Shares of pupils below the limit, with persons.

    Returns
    -------
    Estimat or None
        None where nobody or everybody is below: then there is no saying how far.

    Notes
    -----
    Φ⁻¹(q) - Φ⁻¹(p) with p own and q other: had both groups normal results with the same spread, their means would lie that far
    apart. The ends of Wilson's ranges are moved to the same scale and put together as in `compare_posisjon`. Reckoned exactly against 400
    others the range holds in 93-97.5 % from n = 10; below that in no less than 88.6 % (n = 6, share 0.02). What is not said is not wrong.

    References
    ----------
    Finney, D. J. (1971). Probit Analysis, 3rd ed.
    Ho, A. D. (2009). A nonparametric framework for comparing trends and gaps across tests. Journal of Educational and
    Behavioral Statistics 34, 201-228: gaps in shares below a limit as distances between groups.
    """
    if not 0 < egen.verdi < 1 or not 0 < annen.verdi < 1:
        return None
    own, other = (
        Estimat(verdi=-_place(e.verdi), lav=-_place(e.hoey), hoey=-_place(e.lav), n=e.n)
        for e in (egen, annen)
    )
    gap = compare_posisjon(other, own)
    return Estimat(verdi=gap.verdi, lav=gap.lav, hoey=gap.hoey, n=egen.n)


def compare_posisjon(foer: Estimat, etter: Estimat) -> Forskjell:
    """Return how much a group's place has moved between two tests, in standard deviations; the two taken as independent.

    Notes
    -----
    The distances from each place to the end of its range are squared and added, each side for itself; p is by the normal
    distribution on the side that faces zero. As in `compare_kohort` the range is too wide for one cohort, as the same pupils
    are in both.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a general approach. Statistics in
    Medicine 27, 1693-1702.
    """
    moved = etter.verdi - foer.verdi
    below = hypot(etter.verdi - etter.lav, foer.hoey - foer.verdi)
    above = hypot(etter.hoey - etter.verdi, foer.verdi - foer.lav)
    error = (below if moved > 0 else above) / Z95
    p = find_p(moved / error) if error > 0 else float(moved == 0)
    return Forskjell(verdi=moved, lav=moved - below, hoey=moved + above, p=p)


def _place(andel: float) -> float:
    return NormalDist().inv_cdf(andel)
