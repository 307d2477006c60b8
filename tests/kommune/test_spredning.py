"""Schools around the municipality: who lies outside what chance gives, and that nobody is ranked or revealed."""

import numpy as np
import pytest

from kompetanse_lib.eier.spredning import find_skoletrakt, list_punkter
from kompetanse_lib.utvalg import Serie
from kompetanse_lib.visning.elementer import Figur, Tabell, Trakt
from kompetanse_lib.visning.skolefigurer import draw_skoler
from tests.kommune.conftest import HELE, SKOLER, Eiervelger

LESING = Serie(indikator="nasjonale_proever", delskaar="lesing", trinn=5, maaltall="snitt")
ORGNR = list(SKOLER)


def _rad(nummer: int, verdi: float, n: int = 40, **andre: object) -> dict[str, object]:
    return {"enhet": ORGNR[nummer], "verdi": verdi, "n": n, "usikkerhet": 1.96 * 10 / n**0.5, **andre}


def test_the_limits_are_those_of_persons_around_the_municipality(velg_kommune: Eiervelger) -> None:
    funnel = find_skoletrakt(velg_kommune(HELE, *(_rad(i, 50.0) for i in range(5))), LESING)
    assert funnel is not None
    assert funnel.felles == 50.0
    inner, outer = funnel.grenser
    assert inner.hoey[0] - 50 == pytest.approx(1.959964 * 10 / 40**0.5, rel=1e-3)
    assert outer.hoey[0] - 50 == pytest.approx(3.0902 * 10 / 40**0.5, rel=1e-3)


def test_only_what_chance_does_not_explain_lies_outside(velg_kommune: Eiervelger) -> None:
    values = {0: 50.0, 1: 54.0, 2: 46.0, 3: 56.0, 4: 44.0}
    funnel = find_skoletrakt(velg_kommune(HELE, *(_rad(i, v) for i, v in values.items())), LESING)
    assert funnel is not None
    assert [(p.skole.navn, p.utenfor) for p in funnel.utenfor] == [("Skole D", "over"), ("Skole E", "under")]


def test_a_small_school_far_away_is_within_the_limits(velg_kommune: Eiervelger) -> None:
    rows = [_rad(0, 56.0, n=12), *(_rad(i, 50.0) for i in range(1, 4))]
    funnel = find_skoletrakt(velg_kommune(HELE, *rows), LESING)
    assert funnel is not None
    assert funnel.utenfor == ()


def test_a_hidden_school_has_its_place_by_name_and_no_number(velg_kommune: Eiervelger) -> None:
    funnel = find_skoletrakt(
        velg_kommune(HELE, *(_rad(i, 50.0) for i in range(4)), _rad(4, 41.0, n=7), _rad(5, 41.0, n=8)), LESING
    )
    assert funnel is not None
    hidden = [p for p in funnel.punkter if not p.er_med]
    assert [p.skole.navn for p in hidden] == ["Skole E", "Skole F"]
    assert all(p.faktum and p.faktum.verdi is None and p.faktum.n is None and not p.utenfor for p in hidden)


def test_a_private_school_stands_last_and_is_held_against_no_limit(velg_kommune: Eiervelger) -> None:
    funnel = find_skoletrakt(velg_kommune(HELE, _rad(25, 20.0), *(_rad(i, 50.0) for i in range(4))), LESING)
    assert funnel is not None
    assert funnel.punkter[-1].skole.navn == "Skole Z"
    assert funnel.punkter[-1].utenfor == ""


def test_there_is_no_funnel_without_the_municipality_or_with_two_schools(velg_kommune: Eiervelger) -> None:
    assert find_skoletrakt(velg_kommune(*(_rad(i, 50.0) for i in range(5))), LESING) is None
    assert find_skoletrakt(velg_kommune(HELE, _rad(0, 50.0), _rad(1, 50.0)), LESING) is None


def test_schools_that_vary_more_than_chance_widen_the_limits_and_the_figure_says_so(
    velg_kommune: Eiervelger,
) -> None:
    far = np.random.default_rng(1).normal(50, 6, 24)
    funnel = find_skoletrakt(
        velg_kommune(HELE, *(_rad(i, round(float(v), 1)) for i, v in enumerate(far))), LESING
    )
    assert funnel is not None
    assert funnel.overspredning > 3
    assert len(funnel.utenfor) <= 2


def test_the_figure_names_those_outside_in_words_and_lists_all_by_name(velg_kommune: Eiervelger) -> None:
    utvalg = velg_kommune(HELE, *(_rad(i, v) for i, v in {2: 50.0, 1: 50.0, 0: 43.0, 4: 51.0}.items()))
    figure, *rest = draw_skoler(utvalg, utvalg.strategi.indikator("nasjonale_proever"))
    assert isinstance(figure, Figur)
    assert isinstance(figure.data, Trakt)
    assert rest == []
    assert figure.tittel == "Nasjonale prøver 2024-25: én skole utenfor grensene"
    assert "under grensene Skole A" in figure.alt
    assert "Lesing, 5. trinn. Under grensene: Skole A." in figure.noter
    assert [p.navn for p in figure.data.felter[0].punkter] == ["Skole A", "Skole B", "Skole C", "Skole E"]


def test_where_there_is_no_funnel_there_is_a_table_with_the_reason_for_each_gap(
    velg_kommune: Eiervelger,
) -> None:
    utvalg = velg_kommune(HELE, _rad(0, 50.0), _rad(1, 49.0), _rad(2, 44.0, n=7), _rad(3, 44.0, n=8))
    (table,) = draw_skoler(utvalg, utvalg.strategi.indikator("nasjonale_proever"))
    assert isinstance(table, Tabell)
    assert [row[0].tekst for row in table.rader] == ["Skole A", "Skole B", "Skole C", "Skole D"]
    assert table.rader[2][1].skjult
    assert len(list_punkter(utvalg, LESING)) == 4
