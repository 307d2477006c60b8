"""Many comparisons at once: keep the share of false findings low over all that one report looks at."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def control_false_discovery(
    p: Sequence[float], q: float, vekt: Sequence[float] | None = None
) -> NDArray[np.bool_]:
    """Say which of many tests stand when at most a share `q` of those that stand may be false.

    Parameters
    ----------
    p
        p-values of all tests looked at, shape (m,).
    q
        Accepted share of false findings among those called findings, 0-1.
    vekt
        How much each test counts, above 0, set before the figures are seen; all alike by default. Scaled to mean 1.

    Returns
    -------
    ndarray of bool, shape (m,)

    Notes
    -----
    The step-up procedure of Benjamini and Hochberg: the largest i with p₍ᵢ₎ ≤ q·i/m, and all below it, stand. Holds
    for independent tests and for tests that are positively dependent, as scores of the same pupils are. Where nothing is
    different at all, any test stands with a chance of at most `q`. With weights, p / weight is held against the same line.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 57, 289-300.
    Genovese, C. R., Roeder, K. and Wasserman, L. (2006). False discovery control with p-value weighting. Biometrika 93, 509-524.
    """
    values = np.asarray(p, dtype=float)
    if vekt is not None and values.size:
        values = values / (np.asarray(vekt, dtype=float) / np.mean(vekt))
    order = np.argsort(values, kind="stable")
    passes = values[order] <= q * np.arange(1, values.size + 1) / max(values.size, 1)
    standing = np.zeros(values.size, dtype=bool)
    if passes.any():
        standing[order[: int(np.flatnonzero(passes)[-1]) + 1]] = True
    return standing
