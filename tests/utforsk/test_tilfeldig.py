"""Ranges, funnels, shrinkage and cohorts on tables: the numbers of `statistikk`, one row each."""

import numpy as np
import pandas as pd
import pytest

import kompetanse_lib as kl
from kompetanse_lib.statistikk import estimate_andel, estimate_snitt
from tests.conftest import Faktabygger


def _tabell(fakta: pd.DataFrame, like: kl.Faktatabell) -> kl.Faktatabell:
    return kl.Faktatabell(fakta.assign(grunn="", merknad="")).__finalize__(like)


@pytest.fixture
def skoler(lag_fakta: Faktabygger, eksempel: kl.Faktatabell) -> kl.Faktatabell:
    """Twelve schools of forty pupils around 50, and one of forty far below."""
    values = [49, 50, 51, 50, 49, 51, 50, 50, 49, 51, 50, 50, 40]
    return _tabell(
        lag_fakta(*({"enhet": f"31000{i:04}", "verdi": float(v)} for i, v in enumerate(values))), eksempel
    )


def test_shares_have_wilsons_range_and_means_the_published_one_with_rounding(
    eksempel: kl.Faktatabell,
) -> None:
    table = kl.add_spenn(kl.drop_skjulte(eksempel))
    share = table[table["delskaar"].eq("mobbing")].iloc[0]
    wilson = estimate_andel(float(share["verdi"]), int(share["n"]))
    assert (share["lav"], share["hoey"]) == (wilson.lav, wilson.hoey)
    mean = table[table["delskaar"].eq("lesing")].iloc[0]
    drawn_out = estimate_snitt(
        float(mean["verdi"]), n=int(mean["n"]), halvbredde=float(mean["usikkerhet"]), oppgitt_til=1
    )
    assert drawn_out is not None
    assert (mean["lav"], mean["hoey"]) == (drawn_out.lav, drawn_out.hoey)


def test_a_hidden_number_has_no_range(eksempel: kl.Faktatabell) -> None:
    table = kl.add_spenn(eksempel)
    assert table.loc[table["verdi"].isna(), ["lav", "hoey"]].isna().all(axis=None)


def test_funnel_names_the_school_far_away_and_no_other(skoler: kl.Faktatabell) -> None:
    funnel = kl.find_trakt(skoler)
    assert funnel.loc[funnel["utenfor"], "verdi"].tolist() == [40.0]
    assert (funnel["hoey_998"] > funnel["hoey_95"]).all()


def test_shrinking_moves_towards_the_common_value(skoler: kl.Faktatabell) -> None:
    shrunk = kl.shrink_fakta(skoler)
    assert (shrunk["krympet"] - 49).abs().max() < (shrunk["verdi"] - 49).abs().max()
    assert shrunk["vekt"].between(0, 1).all()


def test_one_series_at_a_time(eksempel: kl.Faktatabell) -> None:
    with pytest.raises(ValueError, match=r"Velg først én verdi i: .*skoleaar"):
        kl.find_trakt(eksempel)


def test_cohorts_are_followed_as_places_in_the_nation(
    lag_fakta: Faktabygger, eksempel: kl.Faktatabell
) -> None:
    rows = [
        {"trinn": 8, "skoleaar": 2023, "verdi": 52.0, "usikkerhet": 3.1},
        {"trinn": 9, "skoleaar": 2024, "verdi": 57.0, "usikkerhet": 3.1},
    ]
    land = [
        {**row, "nivaa": "land", "enhet": "I", "verdi": v, "n": 60000, "usikkerhet": 0.08}
        for row, v in zip(rows, (50.0, 54.0), strict=True)
    ]
    found = kl.find_kohorter(_tabell(lag_fakta(*rows, *land), eksempel), 8, 9).iloc[0]
    # z·s/√40 = 3,1 gives s = 10: 0,2 standard deviations above the nation, then 0,3.
    assert found["foer"] == pytest.approx(0.2, abs=0.02)
    assert found["etter"] == pytest.approx(0.3, abs=0.02)
    assert found["lav"] < 0 < found["hoey"]


def test_what_schools_do_stands_beside_their_results(
    lag_fakta: Faktabygger, eksempel: kl.Faktatabell
) -> None:
    done = {
        "indikator": "utviklende_opplaering_matematikk",
        "delskaar": "samlet",
        "maaltall": "ja_nei",
        "trinn": None,
    }
    facts = lag_fakta(
        {}, {"skoleaar": 2025}, {**done, "verdi": 1.0, "skoleaar": 2024, "n": None, "usikkerhet": None}
    )
    table = _tabell(facts, eksempel)
    results, doings = table[table["trinn"].eq(5)], table[table["trinn"].isna()]
    joined = kl.add_gjennomfoering(results, doings, forsinkelse=1).set_index("skoleaar")[
        "utviklende_opplaering_matematikk"
    ]
    assert np.isnan(joined[2024])
    assert joined[2025] == 1
