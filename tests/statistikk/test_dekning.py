"""Do the 95 % ranges hold what they should? A part of the grid; `make simuler` reckons all of it."""

import numpy as np
import pytest

from tests.simulering.dekning import (
    ANDELER,
    STOERRELSER,
    Dekning,
    find_dekning_andel,
    find_dekning_andelsforskjell,
    find_dekning_krymping,
    find_dekning_kull,
    find_dekning_posisjon_under,
    find_dekning_snitt,
    find_dekning_trakt,
    find_dekning_traktsnitt,
)

TREKK = 1200
"""Draws: 93 and 97 % are then three standard errors from 95; the seeds are fixed."""


def _ends(rows: list[Dekning]) -> tuple[float, float]:
    return min(r.dekning for r in rows), max(r.dekning for r in rows)


def test_shares_exactly() -> None:
    """98 of 100 points are within 93-97 %; the rest are bounded as `estimate_andel` says."""
    rows = list(find_dekning_andel([*range(5, 60), *range(60, 200, 5), *range(200, 501, 20)], ANDELER))
    low, high = _ends(rows)
    assert (round(low, 3), round(high, 3)) == (0.833, 0.992)
    for least, ends in ((20, (0.896, 0.982)), (50, (0.917, 0.980)), (200, (0.929, 0.974))):
        low, high = _ends([r for r in rows if r.n >= least])
        assert ends[0] <= low
        assert high <= ends[1]
    assert np.mean([0.93 <= r.dekning <= 0.97 for r in rows if r.n >= 50]) > 0.985


def test_shares_on_average_over_one_person() -> None:
    """A count moves by whole persons. Averaged over true shares one person wide, coverage is within 93-97 % everywhere."""
    for n in STOERRELSER:
        width = 1 / n
        for middle in np.arange(max(0.02, width / 2), 0.5, 0.02):
            near = np.linspace(middle - width / 2, middle + width / 2, 41)
            mean = np.mean([r.dekning for r in find_dekning_andel([n], near.tolist())])
            assert 0.93 <= mean <= 0.975, (n, middle)


def test_differences_of_shares_exactly() -> None:
    """Where few are counted, both ranges are longer than they need be; never much shorter."""
    pairs = [(p, q) for p in (0.02, 0.1, 0.3, 0.5) for q in (p, 0.15)]
    rows = list(find_dekning_andelsforskjell([(5, 50), (10, 10), (30, 300)], pairs))
    assert all(r.dekning >= 0.92 for r in rows)
    assert all(r.dekning <= 0.97 for r in rows if r.n == 30 and r.andel >= 0.1)


@pytest.mark.parametrize("n", [5, 10, 500])
def test_means(n: int) -> None:
    for row in find_dekning_snitt([n], TREKK, oppgitt_til=0.0):
        assert 0.93 <= row.dekning <= 0.97, row


def test_means_rounded_to_whole_points() -> None:
    """One mean holds what it should. A difference of two is whole points: its range is longer than it need be, never shorter."""
    for row in find_dekning_snitt([30, 150], TREKK, oppgitt_til=1.0):
        assert row.dekning >= 0.93, row
        assert row.dekning <= 0.98 or row.hva.startswith(("forskjell", "kull", "posisjon")), row


def test_cohorts_are_too_wide_when_the_two_results_go_together() -> None:
    for row in find_dekning_kull([10, 90], 800, 0.6):
        assert row.dekning >= 0.97


def test_places_below_a_limit() -> None:
    rows = list(find_dekning_posisjon_under([10, 30, 90], [0.05, 0.1, 0.2, 0.4]))
    assert all(r.dekning >= 0.925 for r in rows)
    assert all(r.dekning <= 0.97 for r in rows if r.n >= 30 and r.andel >= 0.1)


@pytest.mark.parametrize("nivaa", [0.95, 0.998])
def test_funnels_hold_at_least_what_they_should(nivaa: float) -> None:
    assert _ends(list(find_dekning_trakt(STOERRELSER, ANDELER[::4], nivaa)))[0] >= nivaa
    assert find_dekning_traktsnitt(nivaa).dekning == pytest.approx(nivaa)


def test_shrunken_figures() -> None:
    for row in find_dekning_krymping([10, 21], 150, 0.3):
        assert 0.93 <= row.dekning <= 0.97, row
    for row in find_dekning_krymping([21], 50, 0.0):  # nothing between groups: longer than they need be
        assert row.dekning >= 0.95, row
