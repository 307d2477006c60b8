"""Several years as one: a small school's figures pooled."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from kompetanse_lib.statistikk.estimat import Z95, Estimat, estimate_andel


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
    Of means the average weighted with persons, its variance Σ(n_i/N)²·v_i. It says what those years were, with the chance of
    drawing pupils in each; what the school's years would be like in general is less certain, as years differ by more than
    that. Assumes that the years' pupils are different persons.
    """
    persons = [e.n for e in estimater if e.n]
    if len(persons) != len(estimater) or not persons:
        message = "years are pooled with the number of persons behind each"
        raise ValueError(message)
    if any(later - year != 1 for year, later in pairwise(skoleaar)):
        message = f"only consecutive years are pooled, not {list(skoleaar)}"
        raise ValueError(message)
    n = np.array(persons, dtype=float)
    values = np.array([e.verdi for e in estimater])
    if er_andel:
        return estimate_andel(float(np.round(values * n).sum() / n.sum()), int(n.sum()))
    variance = np.array([(e.halvbredde / Z95) ** 2 for e in estimater])
    weight = n / n.sum()
    mean, half = float(weight @ values), Z95 * sqrt(float(weight**2 @ variance))
    return Estimat(verdi=mean, lav=mean - half, hoey=mean + half, n=int(n.sum()))
