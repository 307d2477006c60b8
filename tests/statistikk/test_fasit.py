"""Every formula against an independent implementation (statsmodels, scipy) or a published table, to six digits."""

import ast
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportion_effectsize
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from kompetanse_lib import statistikk
from kompetanse_lib.statistikk import (
    Estimat,
    compare_andeler,
    compare_kohort,
    compare_posisjon,
    compare_snitt,
    control_false_discovery,
    estimate_andel,
    estimate_lukking,
    estimate_posisjon,
    estimate_posisjon_under,
    estimate_snitt,
    find_elever_andel,
    find_elever_snitt,
    find_felles_standardavvik,
    find_overspredning,
    find_svar,
    find_trakt_andel,
    find_trakt_snitt,
    pool_aar,
    shrink_andeler,
    shrink_snitt,
    standardize,
    standardize_andeler,
    take_out,
)
from kompetanse_lib.statistikk.eksakt import find_p_andeler
from kompetanse_lib.statistikk.estimat import Z95
from kompetanse_lib.statistikk.krymping import find_mellomvarians

SEKS = {"rel": 1e-6, "abs": 1e-9}
"""Six digits."""
RNG = np.random.default_rng(5)
GRUPPER = [RNG.normal(50, 9, n) for n in (5, 12, 27, 64, 210)]
TALT = [(0, 5), (1, 5), (3, 12), (27, 27), (7, 64), (40, 210)]


def _estimate(pupils: np.ndarray) -> Estimat:
    """Return a group's mean as a source that publishes half-widths would give it, but not rounded."""
    half = Z95 * float(pupils.std(ddof=1)) / len(pupils) ** 0.5
    found = estimate_snitt(float(pupils.mean()), n=len(pupils), halvbredde=half)
    assert found is not None
    return found


def test_every_formula_is_held_against_another() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    formulas = {name for name in statistikk.__all__ if name[0].islower()}
    assert len(formulas) > 20
    assert formulas - called == set()


@pytest.mark.parametrize(("k", "n"), TALT)
def test_wilson(k: int, n: int) -> None:
    found = estimate_andel(k / n, n)
    assert (found.lav, found.hoey) == pytest.approx(proportion_confint(k, n, method="wilson"), **SEKS)


@pytest.mark.parametrize("pupils", GRUPPER, ids=len)
def test_mean_from_a_spread_of_its_own(pupils: np.ndarray) -> None:
    found = _estimate(pupils)
    assert (found.lav, found.hoey) == pytest.approx(DescrStatsW(pupils).tconfint_mean(0.05), **SEKS)


def test_mean_from_a_known_spread() -> None:
    found = estimate_snitt(50, n=30, standardavvik=10)
    assert found is not None
    assert (found.lav, found.hoey) == pytest.approx(stats.norm.interval(0.95, 50, 10 / 30**0.5), **SEKS)


@pytest.mark.parametrize("a", GRUPPER, ids=len)
@pytest.mark.parametrize("b", GRUPPER, ids=len)
def test_difference_of_means(a: np.ndarray, b: np.ndarray) -> None:
    found = compare_snitt(_estimate(a), _estimate(b))
    other = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    assert (found.lav, found.hoey) == pytest.approx(other.tconfint_diff(usevar="pooled"), **SEKS)
    assert found.p == pytest.approx(other.ttest_ind(usevar="pooled")[1], **SEKS)


def test_spread_of_several_groups() -> None:
    a, b = GRUPPER[1], GRUPPER[3]
    other = (
        CompareMeans(DescrStatsW(a), DescrStatsW(b)).std_meandiff_pooledvar / (1 / len(a) + 1 / len(b)) ** 0.5
    )
    assert find_felles_standardavvik(_estimate(a), _estimate(b)) == pytest.approx(other, **SEKS)


def test_the_municipality_without_the_school() -> None:
    school, others = GRUPPER[2], GRUPPER[4]
    everybody = np.concatenate([school, others])
    rest = take_out(_estimate(everybody), _estimate(school))
    assert rest is not None
    spread = float(DescrStatsW(everybody, ddof=1).std)
    ends = stats.t.interval(0.95, len(everybody) - 1, others.mean(), spread / len(others) ** 0.5)
    assert (rest.verdi, rest.lav, rest.hoey) == pytest.approx((others.mean(), *ends), **SEKS)
    shares = take_out(estimate_andel(43 / 222, 222), estimate_andel(3 / 12, 12), er_andel=True)
    assert shares is not None
    assert (shares.lav, shares.hoey) == pytest.approx(proportion_confint(40, 210, method="wilson"), **SEKS)


def test_difference_of_means_without_persons_is_welchs() -> None:
    a, b = (
        Estimat(verdi=e.verdi, lav=e.lav, hoey=e.hoey, varians=e.varians, frihetsgrader=e.frihetsgrader)
        for e in (_estimate(GRUPPER[1]), _estimate(GRUPPER[3]))
    )
    other = CompareMeans(DescrStatsW(GRUPPER[1]), DescrStatsW(GRUPPER[3]))
    found = compare_snitt(a, b)
    assert (found.lav, found.hoey) == pytest.approx(other.tconfint_diff(usevar="unequal"), **SEKS)
    assert found.p == pytest.approx(other.ttest_ind(usevar="unequal")[1], **SEKS)


@pytest.mark.parametrize("one", TALT)
@pytest.mark.parametrize("two", TALT)
def test_difference_of_shares(one: tuple[int, int], two: tuple[int, int]) -> None:
    (k, n), (j, m) = one, two
    found = compare_andeler(estimate_andel(k / n, n), estimate_andel(j / m, m))
    other = confint_proportions_2indep(k, n, j, m, method="newcomb")
    assert (found.lav, found.hoey) == pytest.approx(other, **SEKS)
    tails = stats.hypergeom(n + m, k + j, n)
    assert found.p == pytest.approx(min(1.0, 2 * min(tails.cdf(k), tails.sf(k - 1))), **SEKS)


def test_the_lady_who_tasted_tea() -> None:
    """Fisher (1935), The Design of Experiments, section II: 17 of 70 ways are as good as three right of four, or better."""
    assert find_p_andeler(3, 4, 1, 4) == pytest.approx(2 * 17 / 70, **SEKS)


def test_years_pooled() -> None:
    years = GRUPPER[1:4]
    found = pool_aar([_estimate(y) for y in years], [2022, 2023, 2024], er_andel=False)
    everybody = np.concatenate(years)
    # Within-year spread: what is left when each pupil is held against the own year's mean.
    rest = np.concatenate([y - y.mean() for y in years])
    freedom = len(rest) - len(years)
    error = (float(rest @ rest) / freedom / len(rest)) ** 0.5
    assert found.verdi == pytest.approx(everybody.mean(), **SEKS)
    assert (found.lav, found.hoey) == pytest.approx(
        stats.t.interval(0.95, freedom, found.verdi, error), **SEKS
    )
    shares = pool_aar([estimate_andel(1 / 5, 5), estimate_andel(3 / 12, 12)], [2023, 2024], er_andel=True)
    assert (shares.lav, shares.hoey) == pytest.approx(proportion_confint(4, 17, method="wilson"), **SEKS)


def test_cohort_is_a_contrast_of_four_means() -> None:
    groups = [GRUPPER[i] for i in (2, 1, 4, 3)]
    foer, etter, land_foer, land_etter = (_estimate(g) for g in groups)
    found = compare_kohort(foer, etter, land_foer=land_foer, land_etter=land_etter)
    y, x = np.concatenate(groups), np.zeros((sum(map(len, groups)), 4))
    x[np.arange(len(y)), np.repeat(range(4), [len(g) for g in groups])] = 1
    from_ols = _fit_kontrast(y, x, np.array([-1.0, 1.0, 1.0, -1.0]))
    assert (found.verdi, found.lav, found.hoey, found.p) == pytest.approx(from_ols, **SEKS)


def _fit_kontrast(y: np.ndarray, x: np.ndarray, weights: np.ndarray) -> tuple[float, float, float, float]:
    test = OLS(y, x).fit().t_test(weights)
    low, high = test.conf_int(0.05)[0]
    return float(test.effect[0]), float(low), float(high), float(test.pvalue)


def test_place_among_others() -> None:
    own, land = _estimate(GRUPPER[2]), _estimate(GRUPPER[4])
    place, between = estimate_posisjon(own, land, 9.0), compare_snitt(own, land)
    assert (place.lav * 9, place.verdi * 9, place.hoey * 9) == pytest.approx(
        (between.lav, between.verdi, between.hoey), **SEKS
    )
    p, q = estimate_andel(6 / 30, 30), estimate_andel(90 / 400, 400)
    found = estimate_posisjon_under(p, q)
    assert found is not None
    own_z, other_z = (
        -stats.norm.ppf(np.array(proportion_confint(k, n, method="wilson"))) for k, n in ((6, 30), (90, 400))
    )
    middle = stats.norm.ppf(90 / 400) - stats.norm.ppf(6 / 30)
    below = np.hypot(-stats.norm.ppf(0.2) - own_z[1], other_z[0] + stats.norm.ppf(90 / 400))
    assert (found.verdi, found.lav) == pytest.approx((middle, middle - below), **SEKS)
    moved = compare_posisjon(place, place)
    assert (moved.verdi, moved.p) == (0.0, 1.0)


def test_funnel_of_means() -> None:
    n = np.array([5.0, 25.0, 400.0])
    for level in (0.95, 0.998):
        limits = find_trakt_snitt(50, 9, n, level)
        low, high = stats.norm.interval(level, 50, 9 / np.sqrt(n))
        assert limits.lav == pytest.approx(low, **SEKS)
        assert limits.hoey == pytest.approx(high, **SEKS)


@pytest.mark.parametrize("nivaa", [0.95, 0.998])
@pytest.mark.parametrize("n", [5, 17, 60, 500])
def test_a_share_outside_the_funnel_has_an_exact_range_that_does_not_hold_the_common_one(
    n: int, nivaa: float
) -> None:
    limits = find_trakt_andel(0.12, np.array([n]), nivaa)
    for k in range(n + 1):
        low, high = proportion_confint(k, n, alpha=1 - nivaa, method="beta")
        outside = not limits.lav[0] <= k / n <= limits.hoey[0]
        assert outside == (not low <= 0.12 <= high), k


def test_between_groups_as_iterated_in_meta_analysis() -> None:
    x, v = np.array([46.0, 51, 49, 55, 44, 50]), np.array([2.0, 1, 3, 1.5, 4, 1])
    other = combine_effects(x, v, method_re="iterated", atol=1e-14)
    assert find_mellomvarians(x, v) == pytest.approx(other.tau2, **SEKS)
    n = 81 / v
    assert shrink_snitt(x, 9.0, n).felles == pytest.approx(other.mean_effect_re, **SEKS)


def test_shrinkage_as_in_morris() -> None:
    """Morris (1983), section 1: eighteen baseball players after 45 times at bat, equal variances.

    With equal variances A is known in closed form, max(0, S/(k - 1) - V), and so are B, the values and the ranges.
    """
    x = np.array([0.395, 0.375, 0.355, 0.334, 0.313, 0.313, 0.291, 0.269, 0.247, 0.247, 0.224, 0.224, 0.224, 0.224, 0.224, 0.2, 0.175, 0.148])  # fmt: skip
    k, v = len(x), 0.0659**2
    found = shrink_snitt(x, 0.0659 * 45**0.5, np.full(k, 45))
    a = max(0.0, float(((x - x.mean()) ** 2).sum()) / (k - 1) - v)
    b = (k - 3) / (k - 1) * v / (v + a)
    spread = v * (1 - (k - 1) / k * b) + 2 / (k - 3) * b**2 * (x - x.mean()) ** 2
    assert found.verdi == pytest.approx(x.mean() + (1 - b) * (x - x.mean()), **SEKS)
    assert found.hoey - found.verdi == pytest.approx(1.959963985 * np.sqrt(spread), **SEKS)


def test_shrunken_shares() -> None:
    """The common share as in meta-analysis; each range as the beta distribution's of that mean and variance (Morris 1983, section 5)."""
    k, n = np.array([3, 9, 2, 14, 30, 11]), np.array([20, 31, 44, 52, 90, 60])
    found, whole = shrink_andeler(k / n, n), k.sum() / n.sum()
    v = whole * (1 - whole) / n
    other = combine_effects(k / n, v, method_re="iterated", atol=1e-14)
    assert found.felles == pytest.approx(other.mean_effect_re, **SEKS)
    groups, total = len(n), v + other.tau2
    b = (groups - 3) / (groups - 1) * v / total
    middle = found.felles + (1 - b) * (k / n - found.felles)
    beyond = 2 / (groups - 3) * b**2 * (v.mean() + other.tau2) / total * (k / n - found.felles) ** 2
    variance = v * (1 - (groups - 1) / groups * b) + beyond
    size = middle * (1 - middle) / variance - 1
    low, high = stats.beta.interval(0.95, middle * size, (1 - middle) * size)
    assert found.verdi == pytest.approx(middle, **SEKS)
    assert found.lav == pytest.approx(low, **SEKS)
    assert found.hoey == pytest.approx(high, **SEKS)


def test_more_spread_than_chance() -> None:
    z = RNG.normal(0, 3, 21)
    moved_in = np.asarray(stats.mstats.winsorize(z, limits=(0.1, 0.1)))
    assert find_overspredning(z) == pytest.approx(float((moved_in**2).mean()), **SEKS)


def test_year_a_line_is_nought() -> None:
    """At both ends of Fieller's range the line lies exactly a quantile of Student's from nought."""
    years, values = np.arange(2019.0, 2026.0), np.array([0.21, 0.2, 0.17, 0.165, 0.14, 0.13, 0.1])
    found = estimate_lukking(years.tolist(), values.tolist())
    assert found is not None
    fit = OLS(values, np.column_stack([np.ones(7), years - 2022])).fit()
    assert (found.per_aar, found.aar) == pytest.approx(
        (fit.params[1], 2022 - fit.params[0] / fit.params[1]), **SEKS
    )
    ends = fit.get_prediction(np.array([[1, found.tidligst - 2022], [1, found.senest - 2022]]))
    assert ends.predicted_mean / ends.se == pytest.approx(np.array([1, -1]) * stats.t.ppf(0.975, 5), **SEKS)


def test_many_comparisons() -> None:
    p = RNG.uniform(size=60) ** 3
    stands, _, _, _ = multipletests(p, 0.05, method="fdr_bh")
    assert control_false_discovery(p.tolist(), 0.05).tolist() == stands.tolist()
    weights = np.tile([4.0, 1.0, 1.0], 20)
    weighted, _, _, _ = multipletests(np.minimum(p / (weights / weights.mean()), 1), 0.05, method="fdr_bh")
    assert control_false_discovery(p.tolist(), 0.05, weights.tolist()).tolist() == weighted.tolist()


def test_effects() -> None:
    assert standardize_andeler(0.3, 0.1) == pytest.approx(proportion_effectsize(0.3, 0.1), **SEKS)
    assert standardize(4.5, 9) == pytest.approx(0.5, **SEKS)
    assert find_elever_andel(0.3 - 0.1, 52) == 10
    # Cohen (1988), table 2.2.1: d = 0.5 puts 69.1 % of the higher group above the other's middle.
    assert find_elever_snitt(0.5, 1000) == 191


def test_bounds_of_non_response() -> None:
    found = find_svar(4.0, 60, 80, (1.0, 5.0))
    assert (found.svarandel, found.lav, found.hoey, found.er_lav) == (0.75, 3.25, 4.25, False)
