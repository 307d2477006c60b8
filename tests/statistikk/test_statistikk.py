"""Statistics against published examples and against what they claim."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_lib.statistikk import (
    Estimat,
    compare_andeler,
    compare_snitt,
    control_false_discovery,
    estimate_andel,
    estimate_snitt,
    take_out,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(k: int, n: int, low: float, high: float) -> None:
    found = estimate_andel(k / n, n)
    assert (round(found.lav, 4), round(found.hoey, 4)) == (low, high)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_own_value(pair: tuple[int, int]) -> None:
    k, n = pair
    found = estimate_andel(k / n, n)
    assert 0 <= found.lav <= k / n <= found.hoey <= 1


@pytest.mark.parametrize(("andel", "n"), [(0.5, 0), (1.2, 10), (-0.1, 10)])
def test_a_share_of_nobody_is_refused(andel: float, n: int) -> None:
    with pytest.raises(ValueError, match="at least one person"):
        estimate_andel(andel, n)


def test_mean_takes_the_published_half_width_before_the_spread() -> None:
    found = estimate_snitt(46, n=56, halvbredde=2.4, standardavvik=10)
    assert found is not None
    # Drawn out by Student's quantile with 55 degrees of freedom: 2.004045 as in tables, instead of 1.959964.
    assert found.halvbredde == pytest.approx(2.4 * 2.004045 / 1.959964, rel=1e-6)
    assert (found.n, found.frihetsgrader) == (56, 55)


def test_a_mean_of_one_person_has_no_range_from_a_spread_of_one() -> None:
    assert estimate_snitt(46, n=1, halvbredde=2.4) is None


def test_rounding_widens_the_range() -> None:
    sharp, whole = (estimate_snitt(46, n=1000, halvbredde=0.6, oppgitt_til=step) for step in (0.0, 1.0))
    assert sharp is not None
    assert whole is not None
    assert whole.halvbredde == pytest.approx((sharp.halvbredde**2 + 1.96**2 / 12) ** 0.5, rel=1e-3)


def test_mean_without_spread_has_no_range() -> None:
    assert estimate_snitt(46, n=56) is None


@pytest.mark.parametrize(
    ("a", "b", "difference", "half"),
    # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: rows (a) and (c); the longer side is taken.
    [((56, 70), (48, 80), 0.2, 0.1476), ((6, 7), (2, 7), 0.5714, 0.5132)],
)
def test_difference_of_shares_as_published(
    a: tuple[int, int], b: tuple[int, int], difference: float, half: float
) -> None:
    found = compare_andeler(estimate_andel(a[0] / a[1], a[1]), estimate_andel(b[0] / b[1], b[1]))
    assert found.verdi == pytest.approx(difference, abs=1e-4)
    assert found.halvbredde == pytest.approx(half, abs=2e-3)


def test_shares_without_n_are_not_compared() -> None:
    with pytest.raises(ValueError, match="number of persons"):
        compare_andeler(Estimat(verdi=0.5, lav=0.4, hoey=0.6), estimate_andel(0.5, 10))


def test_difference_of_means() -> None:
    a, b = (estimate_snitt(v, n=n, halvbredde=h) for v, n, h in ((46, 56, 2.4), (51, 944, 0.6)))
    assert a is not None
    assert b is not None
    found = compare_snitt(a, b)
    assert found.verdi == -5
    assert found.p < 0.001
    rounded = (
        estimate_snitt(v, n=n, halvbredde=h, oppgitt_til=1) for v, n, h in ((46, 56, 2.4), (51, 944, 0.6))
    )
    assert compare_snitt(*rounded).halvbredde > found.halvbredde  # type: ignore[arg-type]


def test_a_group_that_all_answers_the_same_is_held_against_everybodys_spread() -> None:
    """Ten pupils who all answer 5 have no spread of their own: that is no certainty."""
    alike, all_others = estimate_snitt(5.0, n=10, halvbredde=0.0), estimate_snitt(4.4, n=900, halvbredde=0.05)
    assert alike is not None
    assert all_others is not None
    found = compare_snitt(alike, all_others)
    assert found.p > 0.005
    assert found.lav < 0.15


def test_take_out_undoes_the_weighted_mean() -> None:
    part = Estimat(verdi=46, lav=43.6, hoey=48.4, n=50)
    whole = Estimat(verdi=51, lav=50.4, hoey=51.6, n=1000)
    rest = take_out(whole, part)
    assert rest is not None
    assert rest.n == 950
    assert (rest.verdi * 950 + 46 * 50) / 1000 == pytest.approx(51)
    assert rest.halvbredde > whole.halvbredde


@pytest.mark.parametrize("n", [None, 600, 1000])
def test_take_out_of_a_school_that_is_the_municipality_says_nothing(n: int | None) -> None:
    whole = Estimat(verdi=51, lav=50, hoey=52, n=1000)
    assert take_out(whole, Estimat(verdi=46, lav=43, hoey=49, n=n)) is None


def test_take_out_of_shares_subtracts_persons() -> None:
    rest = take_out(estimate_andel(0.1, 200), estimate_andel(0.25, 20), er_andel=True)
    assert rest == estimate_andel(15 / 180, 180)
    assert take_out(estimate_andel(0.01, 200), estimate_andel(0.25, 20), er_andel=True) is None


def test_false_discovery_as_in_the_paper() -> None:
    # Benjamini and Hochberg 1995, section 3.2: 15 tests, four stand at q = 0.05.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert control_false_discovery(p, 0.05).tolist() == [True] * 4 + [False] * 11
    assert control_false_discovery(p[::-1], 0.05).tolist() == [False] * 11 + [True] * 4


def test_false_discovery_of_nothing() -> None:
    assert control_false_discovery([], 0.05).tolist() == []


def test_noise_is_rarely_called_a_finding() -> None:
    rng = np.random.default_rng(1)
    called = sum(control_false_discovery(rng.uniform(size=40).tolist(), 0.05).any() for _ in range(400))
    assert called / 400 < 0.09  # expected 0.05; three standard errors above
