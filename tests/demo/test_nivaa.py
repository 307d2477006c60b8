"""Calibration: the figures lie where the published ones lie, with their breaks and cancellations."""

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.demo import Demo
from kompetanse_lib.demo.nivaa import find_nivaa, load_nivaa


def _select(demo: Demo, indikator: str, nivaa: str, **felt: object) -> pd.DataFrame:
    wanted = {"indikator": indikator, "nivaa": nivaa, "eierform": "alle", "kjoenn": "alle"} | felt
    truth = demo.sannhet
    return truth[np.logical_and.reduce([truth[name].eq(value) for name, value in wanted.items()])]


@pytest.mark.parametrize(("aar", "nivaa"), [(2016, 50), (2022, 50), (2023, 49), (2025, 49)])
def test_a_level_holds_until_the_next(aar: int, nivaa: float) -> None:
    assert find_nivaa({2016: 50, 2023: 49}, aar) == nivaa


def test_a_level_before_the_series_is_refused() -> None:
    with pytest.raises(KeyError, match="no level before 2016: 2015"):
        find_nivaa({2016: 50}, 2015)


@pytest.mark.parametrize(
    ("indikator", "nivaa", "felt", "verdi"),
    [
        (
            "nasjonale_proever",
            "land",
            {"trinn": 5, "delskaar": "lesing", "maaltall": "snitt", "skoleaar": 2023},
            49,
        ),
        (
            "nasjonale_proever",
            "land",
            {"trinn": 5, "delskaar": "engelsk", "maaltall": "snitt", "skoleaar": 2023},
            50,
        ),
        ("grunnskolepoeng", "land", {"skoleaar": 2018}, 42.0),
        ("grunnskolepoeng", "land", {"skoleaar": 2018, "kjoenn": "jente"}, 44.3),
        ("grunnskolepoeng", "land", {"skoleaar": 2023, "kjoenn": "gutt"}, 40.2),
        ("grunnskolepoeng", "land", {"skoleaar": 2021}, 43.4),
        ("eksamen", "land", {"delskaar": "standpunkt_matematikk", "skoleaar": 2019}, 3.8),
        ("elevundersoekelsen", "land", {"delskaar": "mobbing", "trinn": 7, "skoleaar": 2023}, 0.13),
        ("elevundersoekelsen", "land", {"delskaar": "mobbing", "trinn": 10, "skoleaar": 2021}, 0.057),
    ],
)
def test_country_is_as_published(
    demo: Demo, indikator: str, nivaa: str, felt: dict[str, object], verdi: float
) -> None:
    # The published figures for girls and boys are rounded one by one, and may be a last digit from the mean's.
    assert _select(demo, indikator, nivaa, **felt)["verdi"].tolist() == pytest.approx([verdi], abs=1e-9)


@pytest.mark.parametrize(
    ("indikator", "maaltall", "avstand"),
    [("nasjonale_proever", "snitt", 2.5), ("grunnskolepoeng", "snitt", 1.5), ("eksamen", "snitt", 0.4)],
)
def test_municipality_is_near_the_country(demo: Demo, indikator: str, maaltall: str, avstand: float) -> None:
    key = ["skoleaar", "trinn", "delskaar"]
    own, country = (
        _select(demo, indikator, n, maaltall=maaltall).set_index(key)["verdi"] for n in ("kommune", "land")
    )
    apart = (own - country).dropna()
    assert len(apart) >= 11
    assert apart.abs().max() <= avstand
    assert abs(apart.mean()) < avstand / 2


def test_spread_between_schools_and_half_width_are_those_seen(demo: Demo) -> None:
    schools = _select(demo, "nasjonale_proever", "skole", maaltall="snitt").dropna(subset="verdi")
    assert 2.8 < schools.groupby(["trinn", "delskaar"])["verdi"].std().mean() < 3.7
    scaled = schools["usikkerhet"] * np.sqrt(schools["n"]) / 10
    assert scaled.mean() == pytest.approx(1.78, abs=0.1)
    assert scaled.quantile([0.1, 0.9]).tolist() == pytest.approx([1.44, 2.08], abs=0.15)


def test_the_same_cohort_scores_higher_a_year_later(demo: Demo) -> None:
    means = _select(demo, "nasjonale_proever", "skole", maaltall="snitt").set_index(
        ["enhet", "delskaar", "skoleaar", "trinn"]
    )
    wide = means["sann_verdi"].unstack("trinn").dropna(subset=[8, 9])  # noqa: PD010 -- nothing to aggregate
    eighth = wide[8].rename("foer").reset_index().assign(skoleaar=lambda t: t["skoleaar"] + 1)
    both = wide.reset_index().merge(eighth, on=["enhet", "delskaar", "skoleaar"])
    same_scale = both[both["skoleaar"].ne(2022)]
    gain = same_scale[9] - same_scale["foer"]
    assert gain.mean() == pytest.approx(load_nivaa().nasjonale_proever.oekning_8_til_9, abs=0.5)
    assert np.corrcoef(same_scale[9], same_scale["foer"])[0, 1] > 0.8


@pytest.mark.parametrize(
    ("indikator", "felt", "aar"),
    [
        ("nasjonale_proever", {"delskaar": "lesing"}, range(2016, 2026)),
        ("nasjonale_proever", {"delskaar": "regning"}, range(2015, 2026)),
        ("eksamen", {"delskaar": "skriftlig_norsk"}, [2015, 2016, 2017, 2018, 2022, 2023, 2024, 2025]),
        ("eksamen", {"delskaar": "muntlig_engelsk"}, [2015, 2016, 2017, 2018, 2022, 2023, 2024, 2025]),
        ("eksamen", {"delskaar": "standpunkt_norsk"}, range(2015, 2026)),
        ("elevundersoekelsen", {"delskaar": "mobbing"}, range(2016, 2026)),
        ("kartleggingsproever", {"trinn": 2}, range(2015, 2022)),
        ("kartleggingsproever", {"trinn": 3}, range(2015, 2026)),
        ("digitale_ferdigheter", {"trinn": 4}, range(2015, 2021)),
        ("medarbeiderundersoekelsen", {}, range(2015, 2026, 2)),
        ("videreutdanning_laerere", {}, range(2015, 2026)),
    ],
)
def test_series_have_the_years_that_were_measured(
    demo: Demo, indikator: str, felt: dict[str, object], aar: range
) -> None:
    assert sorted(_select(demo, indikator, "skole", **felt)["skoleaar"].unique()) == list(aar)


def test_grunnskolepoeng_are_higher_without_exams(demo: Demo) -> None:
    own = _select(demo, "grunnskolepoeng", "kommune").set_index("skoleaar")["verdi"]
    assert own[[2019, 2020, 2021]].mean() > own[[2017, 2018, 2022, 2023]].mean() + 0.5


def test_girls_have_more_grunnskolepoeng(demo: Demo) -> None:
    by_gender = {
        k: _select(demo, "grunnskolepoeng", "kommune", kjoenn=k)["verdi"].mean() for k in ("jente", "gutt")
    }
    assert 3.3 < by_gender["jente"] - by_gender["gutt"] < 5.2


def test_written_exam_is_a_draw_whose_n_jumps(demo: Demo) -> None:
    n = _select(demo, "eksamen", "skole", delskaar="skriftlig_matematikk").groupby("enhet")["sann_n"]
    assert ((n.max() - n.min()) / n.mean()).median() > 0.5


def test_levels_of_a_test_sum_to_one_and_bullying_lies_between_its_parts(demo: Demo) -> None:
    truth = demo.sannhet
    cell = ["nivaa", "enhet", "eierform", "skoleaar", "trinn"]
    levels = truth[truth["maaltall"].str.startswith("fordeling") & truth["sann_n"].gt(0)]
    assert levels.groupby([*cell, "delskaar"])["sann_verdi"].sum().sub(1).abs().max() < 0.003
    bullying = truth[truth["delskaar"].str.startswith("mobbing")].pivot_table(
        index=cell, columns="delskaar", values="sann_verdi"
    )
    parts = bullying.drop(columns="mobbing")
    assert (bullying["mobbing"] >= parts.max(axis=1) - 0.0011).all()
    assert (bullying["mobbing"] <= parts.sum(axis=1) + 0.0021).all()


def test_18_of_21_primary_schools_take_part_in_uom_from_2018(demo: Demo) -> None:
    share = _select(demo, "utviklende_opplaering_matematikk", "skole").groupby("skoleaar")["verdi"].mean()
    assert share.loc[2018:].between(0.8, 0.9).all()
    assert share[2015] < 0.65


def test_stages_rise_and_devices_come_to_one_each(demo: Demo) -> None:
    for indikator in (
        "skolebasert_kompetanseutvikling",
        "lokale_laereplaner",
        "vurderingspraksis",
        "fagfornyelsen",
    ):
        stages = _select(demo, indikator, "skole")
        assert stages["verdi"].isin(range(5)).all()
        mean = stages.groupby("skoleaar")["verdi"].mean()
        assert mean[2025] > mean[2020] > mean[2015]
    ratio = _select(demo, "digitale_enheter", "skole", delskaar="elever").groupby("skoleaar")["verdi"].mean()
    assert ratio[2015] < 0.4
    assert ratio[2025] == pytest.approx(1.0, abs=0.1)
