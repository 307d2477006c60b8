"""The way to full competence: dated only where the years say enough, and then with a range."""

from typing import Any

import numpy as np
import pytest

from kompetanse_lib.eier.kompetansegap import Fagvei, find_fagveier
from kompetanse_lib.statistikk import estimate_lukking
from tests.conftest import KOMMUNE
from tests.kommune.conftest import SKOLER, Eiervelger


def _rad(skoleaar: int, andel: float, delskaar: str = "mangler_norsk", **andre: object) -> dict[str, object]:
    return {
        "nivaa": "kommune", "enhet": KOMMUNE, "indikator": "videreutdanning_laerere", "delskaar": delskaar, "trinn": None,
        "maaltall": "andel", "verdi": andel, "n": 500, "usikkerhet": None, "versjon": "videreutdanning_laerere",
        "skoleaar": skoleaar, "kilde": "beregnet",
    } | andre  # fmt: skip


def _vei(velg: Eiervelger, andeler: dict[int, float], *andre: dict[str, object]) -> Fagvei:
    ways = find_fagveier(velg(*(_rad(year, share) for year, share in andeler.items()), *andre))
    return next(way for way in ways if way.fag.id == "norsk")


def test_a_steady_fall_closes_within_its_range(velg_kommune: Eiervelger) -> None:
    way = _vei(velg_kommune, {2019: 0.20, 2020: 0.175, 2021: 0.15, 2022: 0.13, 2023: 0.10, 2024: 0.08})
    assert way.kan_si
    assert way.tidligst is not None
    assert way.senest is not None
    assert 2024 < way.tidligst <= 2027 <= way.senest <= 2029
    assert way.naa.mangler == 40


@pytest.mark.parametrize(
    "andeler",
    [
        {2022: 0.2, 2023: 0.15, 2024: 0.1},
        {2019: 0.2, 2020: 0.1, 2021: 0.2, 2022: 0.1, 2023: 0.2, 2024: 0.15},
        {2019: 0.1, 2020: 0.12, 2021: 0.14, 2022: 0.15, 2023: 0.17, 2024: 0.2},
    ],
    ids=["three years", "up and down", "rising"],
)
def test_where_the_years_do_not_say_it_nothing_is_dated(
    velg_kommune: Eiervelger, andeler: dict[int, float]
) -> None:
    way = _vei(velg_kommune, andeler)
    assert (way.kan_si, way.tidligst, way.senest) == (False, None, None)


def test_no_pace_is_taken_across_a_break(velg_kommune: Eiervelger) -> None:
    shares = {2019: 0.3, 2020: 0.25, 2021: 0.2, 2022: 0.15, 2023: 0.1, 2024: 0.05}
    rows = [
        _rad(y, s, versjon="gammel" if y < 2022 else "videreutdanning_laerere") for y, s in shares.items()
    ]
    (way,) = find_fagveier(velg_kommune(*rows))
    assert [a.skoleaar for a in way.aar] == [2022, 2023, 2024]
    assert not way.kan_si


def test_a_closed_gap_is_closed_now(velg_kommune: Eiervelger) -> None:
    way = _vei(velg_kommune, {2021: 0.1, 2022: 0.05, 2023: 0.02, 2024: 0.0})
    assert (way.kan_si, way.tidligst, way.senest) == (True, 2024, 2024)


def test_who_is_under_way_and_finishes_stands_beside_the_gap(velg_kommune: Eiervelger) -> None:
    counts: dict[str, Any] = {"maaltall": "antall", "n": 500}
    way = _vei(
        velg_kommune,
        {2024: 0.1},
        _rad(2024, 12, "i_gang_norsk", **counts),
        _rad(2024, 7, "fullfoert_norsk", **counts),
    )
    assert (way.naa.i_gang, way.naa.fullfoert) == (12, 7)


def test_a_school_with_too_few_teachers_is_hidden_and_not_counted(velg_kommune: Eiervelger) -> None:
    schools = [
        _rad(2024, share, nivaa="skole", enhet=list(SKOLER)[i], n=n)
        for i, (share, n) in enumerate([(0.25, 20), (0.5, 4), (0.25, 4)])
    ]
    way = _vei(velg_kommune, {2024: 0.1}, *schools)
    told = {m.skole.navn: m.antall for m in way.skoler if m.faktum}
    assert told == {"Skole A": 5, "Skole B": None, "Skole C": None}


def test_the_range_holds_the_true_closing_as_often_as_it_says() -> None:
    """A line of eight years with noise: of a thousand ranges with two ends at least 94 % hold the truth."""
    rng, years, held, told = np.random.default_rng(11), np.arange(2017, 2025), 0, 0
    for _ in range(1000):
        found = estimate_lukking(list(years), list(0.24 - 0.02 * (years - 2017) + rng.normal(0, 0.008, 8)))
        if found:
            told += 1
            held += found.tidligst <= 2029 <= found.senest
    assert told > 900
    assert held / told >= 0.94


def test_the_range_is_fiellers() -> None:
    """By hand: y = 10, 8, 7, 4 in years 0-3 gives b = -1.9, ȳ = 7.25, s² = 0.35 (two degrees of freedom)."""
    found = estimate_lukking([0, 1, 2, 3], [10, 8, 7, 4])
    assert found is not None
    assert found.aar == pytest.approx(1.5 + 7.25 / 1.9)
    t2s2 = 4.302653**2 * 0.35
    for end in (found.tidligst, found.senest):
        u = end - 1.5
        assert (7.25 - 1.9 * u) ** 2 == pytest.approx(t2s2 * (1 / 4 + u**2 / 5), rel=1e-4)
