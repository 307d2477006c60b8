"""Several years as one: a small school's figures pooled."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kompetanse_lib.statistikk.estimat import Estimat, estimate_andel, make_snitt
from kompetanse_lib.statistikk.forskjell import pool_spredning


def pool_aar(estimater: Sequence[Estimat], skoleaar: Sequence[int], *, er_andel: bool) -> Estimat:
    """Return one estimate of several consecutive school years, weighted with the persons of each.

    Parameters
    ----------
    estimater
        One per year, all with `n`. The caller sees to it that they measure the same: no break between them, none hidden.
    skoleaar
        The years, in order.
    er_andel
        Whether they are shares; then persons counted are added, and the range is Wilson's.

    Raises
    ------
    ValueError
        When the years are not consecutive (a hidden year is not a year that does not count), or an `n` is missing.

    Notes
    -----
    Of means the average weighted with persons, Σnᵢxᵢ / N; its variance is s² / N with the years' common spread s, weighted with
    their degrees of freedom. It says what those years were, with the chance of drawing pupils in each; what the school's
    years would be like in general is less certain, as years differ by more than that. Assumes that the years' pupils are different
    persons; of staff, who are mostly the same from year to year, the range is too narrow for the level and too wide for a
    change.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., ch. 5: the stratified mean.
    """
    persons = [e.n for e in estimater if e.n]
    if len(persons) != len(estimater) or not persons:
        message = "years are pooled with the number of persons behind each"
        raise ValueError(message)
    if any(later - year != 1 for year, later in pairwise(skoleaar)):
        message = f"only consecutive years are pooled, not {list(skoleaar)}"
        raise ValueError(message)
    n = np.array(persons, dtype=float)
    total, weight = int(n.sum()), n / n.sum()
    values = np.array([e.verdi for e in estimater])
    if er_andel:
        return estimate_andel(float(np.round(values * n).sum() / total), total)
    spread, freedom = pool_spredning(
        [(e.varians * k, e.frihetsgrader) for e, k in zip(estimater, persons, strict=True)]
    )
    rounding = float(weight**2 @ np.array([e.avrunding for e in estimater]))
    step = float(weight.max()) * min(e.steg for e in estimater)
    return make_snitt(
        float(weight @ values), spread / total, n=total, frihetsgrader=freedom, avrundet=(rounding, step)
    )
