"""Exact tests for counts, where groups are too small for the normal distribution."""

from math import exp, lgamma


def find_p_andeler(k: int, n: int, l: int, m: int) -> float:  # noqa: E741 -- as in the formula below
    """Return the two-sided p-value that k of n and l of m come from one share.

    Notes
    -----
    Fisher's test in its central form: given k + l counted of all n + m, the first group's count is hypergeometric; p is
    twice the smaller tail, at most 1. With few persons it is larger than what it promises, never smaller: a group of ten is not
    called different more often than a group of ninety. Assumes that persons are counted or not independently of each other.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98, 39-54.
    Fay, M. P. (2010). Confidence intervals that match Fisher's exact or Blaker's exact tests. Biostatistics 11, 373-374.

    Examples
    --------
    >>> round(find_p_andeler(3, 4, 1, 4), 6)  # the lady who tasted tea: twice 17 of 70
    0.485714
    """
    total = k + l
    low, high = max(0, total - m), min(n, total)
    whole = _log_velg(n + m, total)

    def chance(count: int) -> float:
        return exp(_log_velg(n, count) + _log_velg(m, total - count) - whole)

    below = sum(chance(count) for count in range(low, k + 1))
    above = sum(chance(count) for count in range(k, high + 1))
    return min(1.0, 2 * min(below, above))


def _log_velg(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
