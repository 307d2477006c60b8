"""Cleaning, step by step, on tables that an eye can check."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetanse_lib.fakta import check_fakta
from kompetanse_lib.kilder.raadata import Raadata, make_raa_fakta
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import Avgjort, Renset, clean, run_rens
from kompetanse_lib.rensing.enheter import Navneliste
from kompetanse_lib.skoler import Skole, clean_skolenavn
from kompetanse_lib.strategi import load_strategi
from tests.conftest import KOMMUNE, LITEN, STOR, TREDJE

I_DAG = date(2026, 11, 23)
RAD: dict[str, object] = {
    "nivaa": "skole", "enhet": STOR, "kommune": KOMMUNE, "skoleaar": 2024, "trinn": 5, "indikator": "nasjonale_proever",
    "delskaar": "lesing", "maaltall": "snitt", "verdi": 50.0, "n": 40.0, "usikkerhet": 2.8, "status": "vist",
    "kilde": "udir_statistikkbank", "fil": "a.csv", "rad": 2, "kolonne": "Skalapoeng",
}  # fmt: skip
SKOLER = tuple(
    Skole(orgnr=orgnr, navn=navn, kommune=KOMMUNE, fra_trinn=1, til_trinn=7, eierform=eier)  # type: ignore[arg-type]
    for orgnr, navn, eier in (
        (STOR, "Stor skole", "offentlig"),
        (LITEN, "Liten skole", "offentlig"),
        (TREDJE, "Tredje friskole", "privat"),
    )
)


def _clean(*rows: dict[str, object], navn: Navneliste | None = None) -> Renset:
    facts = make_raa_fakta(pd.DataFrame([RAD | row for row in rows]))
    raw = Raadata(fakta=facts, skoler=SKOLER, avvik=())
    return clean(raw, load_strategi("demo"), Avgjort(navn or Navneliste()), I_DAG)


def _koder(renset: Renset) -> list[str]:
    return [a.kode for a in renset.avvik]


def test_a_sound_fact_passes_through() -> None:
    found = _clean({})
    assert found.avvik == ()
    assert check_fakta(found.fakta) == []
    row = found.fakta.iloc[0]
    assert (row["verdi"], row["n"], row["usikkerhet"], row["versjon"]) == (50, 40, 2.8, "np2022")


@pytest.mark.parametrize("verdi", [510.0, 9.9, -50.0, 1e9])
def test_a_score_outside_the_scale_never_becomes_a_number(verdi: float) -> None:
    found = _clean({"verdi": verdi}, {"enhet": LITEN})
    assert _koder(found) == ["utenfor_skala"]
    assert found.avvik[0].rad == 2
    bad = found.fakta[found.fakta["enhet"].eq(STOR)].iloc[0]
    assert bad["status"] == "mangler"
    assert bad[["verdi", "n", "usikkerhet"]].isna().all()
    assert found.fakta[found.fakta["enhet"].eq(LITEN)].iloc[0]["verdi"] == 50


@pytest.mark.parametrize("n", [-3.0, 10.5, 99_999_999_999.0, float("inf")])
def test_a_number_of_pupils_that_cannot_be(n: float) -> None:
    assert _koder(_clean({"n": n})) == ["ugyldig_n"]


def test_a_range_that_cannot_be_leaves_the_value() -> None:
    found = _clean({"usikkerhet": -2.4})
    assert _koder(found) == ["ugyldig_usikkerhet"]
    assert found.fakta[["verdi", "status"]].astype(str).to_numpy().tolist() == [["50.0", "vist"]]
    assert check_fakta(found.fakta) == []


def test_a_number_that_no_register_has_is_a_fault() -> None:
    form = {"kilde": "kommunens_skjema", "enhet": "310000035"}
    found = _clean(form, form | {"skoleaar": 2023, "rad": 3}, {})
    assert [(a.kode, a.rad, a.felt["antall"]) for a in found.avvik] == [("ukjent_orgnr", 2, "2")]
    assert found.fakta["enhet"].tolist() == [STOR]


def test_a_year_that_has_not_begun_and_one_before_the_series() -> None:
    found = _clean({"skoleaar": 2027}, {"skoleaar": 2005}, {})
    assert sorted(_koder(found)) == ["foer_serien", "framtidig_aar"]
    assert found.fakta["skoleaar"].tolist() == [2024]


def test_withdrawn_results_are_kept_apart_with_one_warning_per_file() -> None:
    found = _clean({"skoleaar": 2019}, {"skoleaar": 2019, "enhet": LITEN}, {})
    assert _koder(found) == ["trukket_tilbake"]
    assert _koder(_clean({"skoleaar": 2018}, {"skoleaar": 2019})) == ["trukket_tilbake"]
    assert found.fakta["versjon"].astype("str").tolist().count("np2016") == 2


def test_figures_from_a_cancelled_exam_are_not_believed() -> None:
    exam = {
        "indikator": "eksamen",
        "delskaar": "skriftlig_norsk",
        "trinn": 10,
        "skoleaar": 2020,
        "verdi": 3.5,
        "usikkerhet": None,
    }
    found = _clean(exam, {**exam, "enhet": LITEN, "verdi": None, "n": None, "status": "mangler"})
    assert _koder(found) == ["utenfor_serie"]
    assert found.fakta["status"].astype("str").tolist() == ["avlyst"]


def test_unknown_words_get_the_nearest_right_one() -> None:
    found = _clean({"indikator": "nasjonale_prover"}, {"delskaar": "lesning", "rad": 3}, {})
    assert _koder(found) == ["ukjent_ord", "ukjent_ord"]
    assert [a.felt["forslag"] for a in found.avvik] == ["nasjonale_proever", "lesing"]
    assert len(found.fakta) == 1


def test_the_same_fact_in_two_files_is_kept_once_with_a_warning() -> None:
    found = _clean({}, {"fil": "b.csv", "rad": 9})
    assert _koder(found) == ["samme_tall_to_filer"]
    assert len(found.fakta) == 1


def test_the_same_fact_with_two_values_has_none() -> None:
    found = _clean({}, {"fil": "b.csv", "rad": 9, "verdi": 51.0}, {"enhet": LITEN})
    assert _koder(found) == ["to_verdier"]
    assert (found.avvik[0].fil, found.avvik[0].rad, found.avvik[0].felt["annen"]) == ("b.csv", 9, "a.csv")
    assert found.fakta.set_index("enhet")["status"].astype("str").to_dict() == {
        LITEN: "vist",
        STOR: "mangler",
    }


def test_exempt_in_one_file_is_exempt() -> None:
    found = _clean({}, {"fil": "b.csv", "status": "unntatt"})
    assert found.fakta["status"].astype("str").tolist() == ["unntatt"]


def test_a_cell_that_is_wrong_in_one_file_and_right_in_another_is_right() -> None:
    found = _clean({"verdi": 510.0}, {"fil": "b.csv"}, {"enhet": LITEN}, {"enhet": LITEN, "fil": "b.csv"})
    assert _koder(found) == ["utenfor_skala", "samme_tall_to_filer"]
    assert found.fakta["verdi"].tolist() == [50, 50]


def test_hidden_in_one_file_is_hidden() -> None:
    found = _clean(
        {}, {"fil": "b.csv", "verdi": None, "n": None, "usikkerhet": None, "status": "skjermet_kilde"}
    )
    assert _koder(found) == ["skjult_i_en_fil"]
    assert found.fakta["status"].astype("str").tolist() == ["skjermet_kilde"]


def test_the_same_figures_under_two_years_are_one_file_with_a_wrong_year() -> None:
    schools = [f"3{place:08d}" for place in range(12)]
    right = [{"enhet": o, "verdi": 40.0 + i, "fil": "np_2024-25.csv"} for i, o in enumerate(schools)]
    wrong = [{**row, "skoleaar": 2023, "fil": "np_2024-25_kopi.csv"} for row in right]
    found = _clean(*right, *wrong)
    assert sorted(_koder(found)) == ["aar_i_navn", "samme_tall_to_aar"]
    assert set(found.fakta["skoleaar"]) == {2024}


def test_a_file_name_that_says_another_year_is_a_warning() -> None:
    found = _clean({"fil": "np_2021-22.csv"})
    assert [(a.kode, a.alvor) for a in found.avvik] == [("aar_i_navn", "advarsel")]
    assert len(found.fakta) == 1


def test_names_match_in_spite_of_spelling_but_never_silently() -> None:
    form = {"enhet": "", "kilde": "kommunens_skjema"}
    found = _clean(
        form | {"navn": " stor  SKULE "},
        form | {"navn": "Litn skole", "rad": 3},
        form | {"navn": "Månen skole", "rad": 4},
    )
    assert found.fakta["enhet"].tolist() == [STOR]
    assert _koder(found) == ["usikkert_navn", "ukjent_navn"]
    assert f"Liten skole ({LITEN})" in found.avvik[0].felt["forslag"]
    decided = Navneliste({(clean_skolenavn("Litn skole"), KOMMUNE): LITEN, ("borte", KOMMUNE): LITEN})
    again = _clean(form | {"navn": "Litn skole"}, navn=decided)
    assert again.fakta["enhet"].tolist() == [LITEN]
    assert [(a.kode, a.alvor) for a in again.avvik] == [("ubrukt_navn", "advarsel")]


def test_the_municipality_is_the_owner_of_its_public_schools() -> None:
    whole = {"nivaa": "kommune", "enhet": KOMMUNE, "n": 100.0}
    found = _clean(whole | {"eierform": "alle"}, whole | {"eierform": "offentlig", "verdi": 51.0, "n": 90.0})
    assert found.fakta[["verdi", "n"]].to_numpy().tolist() == [[51, 90]]
    assert found.fakta["kilde"].astype("str").tolist() == ["udir_statistikkbank_offentlig"]


def test_bullying_gets_its_answers_from_participation() -> None:
    eug = {"indikator": "elevundersoekelsen", "trinn": 7, "usikkerhet": None}
    found = _clean(
        eug | {"delskaar": "mobbing", "maaltall": "andel", "verdi": 0.1, "n": None},
        eug | {"delskaar": "deltakelse", "maaltall": "antall", "verdi": 60.0, "n": 70.0},
    )
    assert found.fakta.set_index("delskaar")["n"].to_dict() == {"mobbing": 60, "deltakelse": 70}


def test_published_standard_deviation_gives_a_range() -> None:
    found = _clean(
        {
            "indikator": "elevundersoekelsen",
            "delskaar": "trivsel",
            "trinn": 7,
            "verdi": 4.2,
            "usikkerhet": None,
            "standardavvik": 0.8,
            "n": 64.0,
        }
    )
    assert found.fakta["usikkerhet"].iloc[0] == pytest.approx(1.96 * 0.8 / 8, abs=1e-3)


def test_sums_that_cannot_agree_are_warned_of() -> None:
    level = {"usikkerhet": None}
    found = _clean(
        *(
            level | {"maaltall": f"fordeling_{i}", "verdi": share}
            for i, share in ((1, 0.3), (2, 0.5), (3, 0.3))
        ),
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 30.0},
        {},
    )
    assert sorted(_koder(found)) == ["nivaaer_summerer_ikke", "skoler_over_kommune"]
    assert all(a.alvor == "advarsel" for a in found.avvik)


def test_composite_bullying_below_a_part() -> None:
    eug = {"indikator": "elevundersoekelsen", "trinn": 7, "usikkerhet": None, "maaltall": "andel"}
    found = _clean(
        eug | {"delskaar": "mobbing", "verdi": 0.05}, eug | {"delskaar": "mobbing_elever", "verdi": 0.15}
    )
    assert _koder(found) == ["sammensatt_stemmer_ikke"]


def test_share_of_schools_over_a_hidden_school_is_hidden() -> None:
    plan = {
        "indikator": "skolemiljoeplan",
        "delskaar": "samlet",
        "trinn": None,
        "maaltall": "ja_nei",
        "usikkerhet": None,
        "n": None,
    }
    shown = _clean(
        plan | {"verdi": 1.0}, plan | {"enhet": LITEN, "verdi": 0.0}, plan | {"enhet": TREDJE, "verdi": 1.0}
    )
    whole = shown.fakta[shown.fakta["nivaa"].eq("kommune")].iloc[0]
    assert (whole["verdi"], whole["n"], whole["kilde"]) == (0.5, 2, "beregnet"), (
        "the private school is not the municipality's"
    )
    hidden = _clean(plan | {"verdi": 1.0}, plan | {"enhet": LITEN, "verdi": None, "status": "skjermet_kilde"})
    assert hidden.fakta[hidden.fakta["nivaa"].eq("kommune")].iloc[0]["status"] == "skjermet_kilde"
    exempt = _clean(plan | {"verdi": 1.0}, plan | {"enhet": LITEN, "verdi": 0.0, "status": "unntatt"})
    assert exempt.fakta[exempt.fakta["nivaa"].eq("kommune")].iloc[0]["status"] == "unntatt"


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_order_of_rows_and_files_makes_no_difference(order: list[int]) -> None:
    rows = [
        {"enhet": o, "skoleaar": y, "verdi": 40.0 + i}
        for i, (o, y) in enumerate((o, y) for o in (STOR, LITEN, TREDJE) for y in (2023, 2024))
    ]
    columns = ["enhet", "skoleaar", "verdi", "status", "versjon"]
    assert (
        _clean(*(rows[i] for i in order))
        .fakta[columns]
        .astype(str)
        .equals(_clean(*rows).fakta[columns].astype(str))
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-100, 700)), min_size=1, max_size=3))
def test_no_number_comes_out_that_did_not_go_in(values: list[float | None]) -> None:
    units = (STOR, LITEN, TREDJE)
    rows = [
        {
            "enhet": o,
            "verdi": v,
            "n": 40.0 if v is not None else None,
            "usikkerhet": None,
            "status": "vist" if v is not None else "skjermet_kilde",
        }
        for o, v in zip(units, values, strict=False)
    ]
    found = _clean(*rows).fakta
    assert set(found["verdi"].dropna()) <= {v for v in values if v is not None}
    assert found.loc[found["status"].eq("skjermet_kilde"), "verdi"].isna().all()


def test_nothing_usable_leaves_the_last_good_facts(tmp_path: Path) -> None:
    lager = Lager(tmp_path)
    lager.raw.mkdir()
    (lager.raw / "tom.csv").write_bytes(b"")
    lager.clean.mkdir()
    (lager.clean / "fakta.parquet").write_bytes(b"den forrige")
    assert run_rens(lager).fakta.empty
    assert (lager.clean / "fakta.parquet").read_bytes() == b"den forrige"
    assert "tom.csv" in (lager.clean / "avvik.csv").read_text(encoding="utf-8-sig")


def test_cleaning_twice_gives_the_same_bytes(tmp_path: Path, ekte_data: Path) -> None:
    contents = []
    for name in ("a", "b"):
        lager = Lager(tmp_path / name)
        lager.raw.mkdir(parents=True)
        for file in ("np_trinn5_2023-24_alle_skoler_utf16_pipe.csv", "sandnes_1108_grunnskoler_udir.csv"):
            (lager.raw / file).symlink_to(ekte_data / file)
        result = run_rens(lager)
        # The file holds the municipality's figures over all owners only, and two private schools took the test.
        assert (result.kommune, [a.kode for a in result.avvik]) == ("sandnes", ["private_i_kommunetallet"])
        contents.append([path.read_bytes() for path in sorted(lager.clean.iterdir())])
    assert contents[0] == contents[1]


def test_a_name_that_two_schools_have_had_is_told_apart_by_the_year() -> None:
    old = Skole(orgnr=STOR, navn="Stange ungdomsskole", kommune=KOMMUNE, gyldig_til=date(2023, 7, 31))
    new = Skole(orgnr=LITEN, navn="Stange ungdomsskole", kommune=KOMMUNE, gyldig_fra=date(2023, 8, 1))
    rows = [
        {"enhet": "", "navn": "Stange ungdomsskule ", "skoleaar": year, "rad": year} for year in (2022, 2024)
    ]
    facts = make_raa_fakta(pd.DataFrame([RAD | row for row in rows]))
    raw = Raadata(fakta=facts, skoler=(old, new), avvik=())
    found = clean(raw, load_strategi("demo"), Avgjort(), I_DAG)
    assert found.avvik == ()
    assert found.fakta.set_index("skoleaar")["enhet"].to_dict() == {2022: STOR, 2024: LITEN}


def test_the_municipality_s_counts_are_the_sum_and_not_the_mean_of_the_schools() -> None:
    part = {"indikator": "videreutdanning_laerere", "delskaar": "soekt", "maaltall": "antall", "trinn": None}
    rows = [
        part | {"enhet": o, "verdi": v, "n": 20.0, "usikkerhet": None} for o, v in ((STOR, 6.0), (LITEN, 4.0))
    ]
    own = _clean(*rows).fakta.query("nivaa == 'kommune'")
    assert own[["verdi", "n"]].to_numpy().tolist() == [[10, 40]]
