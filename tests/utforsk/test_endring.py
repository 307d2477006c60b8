"""Years against each other, on tables."""

import pandas as pd
import pytest

import kompetanse_lib as kl
from tests.conftest import Faktabygger


def _tabell(fakta: pd.DataFrame, like: kl.Faktatabell) -> kl.Faktatabell:
    return kl.Faktatabell(fakta.assign(grunn="", merknad="")).__finalize__(like)


@pytest.fixture
def skoler(lag_fakta: Faktabygger, eksempel: kl.Faktatabell) -> kl.Faktatabell:
    """Ten schools of forty pupils that stand still from 2023 to 2025, and one that falls ten points."""
    rows = [
        {
            "enhet": f"31000{school:04}",
            "skoleaar": year,
            "verdi": 40.0 if (school, year) == (10, 2025) else 50.0,
        }
        for school in range(11)
        for year in (2023, 2024, 2025)
    ]
    return _tabell(lag_fakta(*rows), eksempel)


def test_only_the_school_that_has_changed_is_clear(skoler: kl.Faktatabell) -> None:
    found = kl.find_endringer(skoler, fra=2023, til=2025)
    assert len(found) == 11
    assert found.loc[found["tydelig"], "endring"].tolist() == [-10.0]
    assert found.loc[found["tydelig"], "hoey"].item() < 0


def test_no_change_is_reckoned_over_a_break(lag_fakta: Faktabygger, eksempel: kl.Faktatabell) -> None:
    table = _tabell(lag_fakta({"skoleaar": 2021, "versjon": "np2016"}, {"skoleaar": 2022}), eksempel)
    with pytest.raises(ValueError, match="Serien brytes mellom 2021 og 2022"):
        kl.find_endringer(table, fra=2021, til=2022)


def test_three_years_are_surer_than_one(skoler: kl.Faktatabell) -> None:
    pooled = kl.pool_fakta(skoler, fra=2023, til=2025).iloc[0]
    one = kl.add_spenn(skoler).iloc[0]
    assert pooled["hoey"] - pooled["lav"] < one["hoey"] - one["lav"]
    assert pooled["n"] == 120


def test_a_school_with_a_hidden_year_is_not_pooled(skoler: kl.Faktatabell) -> None:
    holed = skoler.assign(
        verdi=skoler["verdi"].mask(skoler["enhet"].eq("310000003") & skoler["skoleaar"].eq(2024))
    )
    assert len(kl.pool_fakta(holed, fra=2023, til=2025)) == 10


def test_those_who_did_not_answer_leave_room_for_everything(
    lag_fakta: Faktabygger, eksempel: kl.Faktatabell
) -> None:
    common = {"indikator": "elevundersoekelsen", "trinn": 7, "versjon": "eug2013"}
    index = _tabell(lag_fakta({**common, "delskaar": "trivsel", "verdi": 4.0, "n": 30}), eksempel)
    share = _tabell(
        lag_fakta({**common, "delskaar": "deltakelse", "maaltall": "andel", "verdi": 0.5, "n": 60}), eksempel
    )
    row = kl.find_frafall(index, share).iloc[0]
    assert (row["lav"], row["hoey"], row["er_lav"]) == (2.5, 4.5, True)


def test_the_years_a_school_has_taken_part_are_counted(
    lag_fakta: Faktabygger, eksempel: kl.Faktatabell
) -> None:
    done = {
        "indikator": "utviklende_opplaering_matematikk",
        "delskaar": "samlet",
        "maaltall": "ja_nei",
        "trinn": None,
    }
    rows = [{**done, "skoleaar": year, "verdi": float(year >= 2023)} for year in (2022, 2023, 2024)]
    results = pd.DataFrame({"enhet": ["310000000"] * 2, "skoleaar": [2022, 2024]})
    assert kl.add_varighet(results, _tabell(lag_fakta(*rows), eksempel))["aar_med"].tolist() == [0, 2]
