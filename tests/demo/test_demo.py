"""The fictional municipality: what it promises teachers, and what cleaning gives back of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.demo import Demo, Demovalg, make_demo, write_demo
from kompetanse_lib.fakta import NOEKKEL, check_fakta
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.skoler import is_orgnr
from kompetanse_lib.strategi import load_strategi

NP, EUG = "nasjonale_proever", "elevundersoekelsen"


@pytest.fixture(scope="module")
def demo() -> Demo:
    """The municipality of 36 schools."""
    return make_demo(Demovalg())


@pytest.fixture(scope="module")
def raw(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its data folder with the raw files."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "raw", demo)
    return folder


def _skole(demo: Demo, rolle: str) -> str:
    return next(s.skole.orgnr for s in demo.skoler if s.rolle == rolle)


def _serie(demo: Demo, indikator: str, delskaar: str, trinn: int, enhet: str) -> pd.DataFrame:
    t = demo.sannhet
    rows = t[
        t["indikator"].eq(indikator)
        & t["delskaar"].eq(delskaar)
        & t["trinn"].eq(trinn)
        & t["enhet"].eq(enhet)
    ]
    return rows[
        rows["kjoenn"].eq("alle") & rows["eierform"].eq("alle") & rows["maaltall"].isin(["snitt", "andel"])
    ].set_index("skoleaar")


def test_same_seed_same_bytes_and_another_seed_others(demo: Demo, raw: Path, tmp_path: Path) -> None:
    again = write_demo(tmp_path / "a", make_demo(Demovalg()))
    assert [p.read_bytes() for p in again] == [(raw / "raw" / p.name).read_bytes() for p in again]
    other = make_demo(Demovalg(froe=7)).sannhet
    assert not other["verdi"].equals(demo.sannhet["verdi"])


def test_36_schools_open_today_with_numbers_that_belong_to_nobody(demo: Demo) -> None:
    open_today = [s for s in demo.skoler if s.skole.is_gyldig(2025)]
    assert len(open_today) == 36
    numbers = [s.skole.orgnr for s in demo.skoler]
    assert len(set(numbers)) == len(numbers)
    assert all(is_orgnr(n) and n.startswith("3") for n in numbers)
    assert len({s.skole.navn for s in demo.skoler}) == len(demo.skoler)
    cohorts = [s.antall(grade, 2025) for s in open_today for grade in (5, 8) if s.antall(grade, 2025)]
    assert 6 <= min(cohorts) <= 10
    assert 80 <= max(cohorts) <= 90


@pytest.mark.parametrize("antall", [3, 5, 12, 400])
def test_any_size(antall: int) -> None:
    demo = make_demo(Demovalg(skoler=antall, skoleaar_fra=2023))
    assert sum(s.skole.is_gyldig(2025) for s in demo.skoler) == antall
    assert len({s.skole.navn for s in demo.skoler}) == len(demo.skoler)


def test_the_municipality_lies_near_the_nation(demo: Demo) -> None:
    for fag, trinn in (("lesing", 5), ("regning", 8), ("engelsk", 5)):
        assert abs(_serie(demo, NP, fag, trinn, "9901")["verdi"].mean() - 50) < 2.5
    points = demo.familier["grunnskolepoeng"].query(
        "enhet == '9901' and kjoenn == 'alle' and eierform == 'alle'"
    )
    nation = demo.familier["grunnskolepoeng"].query("enhet == 'I' and kjoenn == 'alle'")
    assert np.abs(points["verdi"].to_numpy() - nation["verdi"].to_numpy()).mean() < 1.5


def test_girls_have_more_points_than_boys_by_about_four(demo: Demo) -> None:
    rows = demo.familier["grunnskolepoeng"].query("enhet == '9901' and eierform == 'alle'")
    means = rows.groupby("kjoenn")["verdi"].mean()
    assert 3.2 < means["jente"] - means["gutt"] < 5.2


def test_masks_are_those_of_the_source(demo: Demo) -> None:
    rows = demo.familier[NP].query("nivaa == 'skole' and maaltall == 'snitt'")
    assert rows.loc[rows["status"].eq("vist"), "n"].min() >= 10
    counts = rows.groupby(["skoleaar", "trinn", "kjoenn", "delskaar"])["status"].apply(
        lambda s: s.eq("skjermet_kilde").sum()
    )
    assert (counts > 0).any()
    assert not (counts == 1).any(), "one hidden school alone can be worked out from the municipality"
    assert demo.familier["grunnskolepoeng"].query("status == 'vist'")["n"].min() >= 6


def test_breaks_and_cancelled_years(demo: Demo) -> None:
    exams = demo.familier["eksamen"].query("delskaar.str.startswith('skriftlig')")
    assert not {2019, 2020, 2021} & set(exams["skoleaar"])
    assert {2019, 2020, 2021} <= set(demo.familier["eksamen"]["skoleaar"]), (
        "standpunkt was given all the same"
    )
    assert demo.familier[EUG].query("delskaar.str.startswith('mobbing')")["skoleaar"].min() == 2016
    assert demo.familier[NP].query("delskaar == 'lesing'")["skoleaar"].min() == 2016
    assert demo.familier["digitale_ferdigheter"]["skoleaar"].max() == 2020
    assert set(demo.familier["kartlegging"].query("skoleaar > 2021")["trinn"]) == {1, 3}


def test_the_school_that_truly_falls(demo: Demo) -> None:
    fall = _serie(demo, NP, "lesing", 5, _skole(demo, "stor_barneskole"))
    change = fall.loc[2025, "verdi"] - fall.loc[2022, "verdi"]
    noise = (fall.loc[2025, "usikkerhet"] ** 2 + fall.loc[2022, "usikkerhet"] ** 2) ** 0.5
    assert change < -2 * noise


def test_the_school_that_only_seems_to_fall(demo: Demo) -> None:
    small = _serie(demo, NP, "regning", 5, _skole(demo, "liten_barneskole"))
    change = small.loc[2025, "verdi"] - small.loc[2024, "verdi"]
    noise = (small.loc[2025, "usikkerhet"] ** 2 + small.loc[2024, "usikkerhet"] ** 2) ** 0.5
    assert -noise < change <= -3


def test_the_hidden_neighbour(demo: Demo) -> None:
    smallest = _skole(demo, "minste_barneskole")
    year = _serie(demo, NP, "lesing", 5, smallest).query("status == 'skjermet_kilde'").index.max()
    t = demo.familier[NP].query(
        "skoleaar == @year and trinn == 5 and delskaar == 'lesing' and kjoenn == 'alle'"
    )
    hidden = t.query("maaltall == 'snitt' and status == 'skjermet_kilde'")["enhet"]
    sizes = {s.skole.orgnr: s.antall(5, int(year)) for s in demo.skoler}
    assert max(sizes[o] for o in hidden) >= 10


def test_the_school_with_falling_well_being_and_few_answers(demo: Demo) -> None:
    orgnr = _skole(demo, "mobbeskole")
    assert (
        _serie(demo, EUG, "trivsel", 7, orgnr).loc[2025, "verdi"]
        < _serie(demo, EUG, "trivsel", 7, orgnr).loc[2021, "verdi"] - 0.3
    )
    assert _serie(demo, EUG, "deltakelse", 7, orgnr).loc[2025, "verdi"] < 0.75


def test_renamed_new_and_closed_schools(demo: Demo) -> None:
    by_role = {s.rolle: s.skole for s in demo.skoler}
    assert by_role["omdoept_skole"].andre_navn
    assert not by_role["ny_skole"].is_gyldig(2019)
    assert by_role["ny_skole"].is_gyldig(2020)
    assert not by_role["nedlagt_skole"].is_gyldig(2019)
    assert by_role["nedlagt_skole"].etterfoelger in {s.skole.orgnr for s in demo.skoler}


def test_files_say_that_they_are_invented_and_no_two_are_alike(raw: Path) -> None:
    files = sorted((raw / "raw").iterdir())
    assert all(f.name.startswith("demo_") or f.name == "LES_MEG.md" for f in files)
    contents = [f.read_bytes() for f in files]
    assert len(set(contents)) == len(contents)
    starts = {c[:2] for c in contents}
    assert b"\xff\xfe" in starts
    assert any(c.startswith("\ufeffsep=\t".encode("utf-16-le")) for c in contents)
    assert any(b"\xe5rstrinn" in c for c in contents) or any(b"\xf8" in c for c in contents), "Windows-1252"


def test_what_was_planted_comes_back_exactly(demo: Demo, raw: Path) -> None:
    cleaned = run_rens(Lager(raw))
    assert cleaned.kommune == "demo"
    assert [a for a in cleaned.avvik if a.alvor == "stopper"] == []
    assert {a.kode for a in cleaned.avvik} == {"trukket_tilbake"}
    assert check_fakta(cleaned.fakta) == []
    ids = {i.id for i in load_strategi("demo").indikatorer}
    assert set(cleaned.fakta["indikator"].astype("str")) == ids
    public = demo.sannhet["eierform"].eq("offentlig") | demo.sannhet["nivaa"].ne("kommune")
    wanted = demo.sannhet[public]
    key = list(NOEKKEL)
    found = cleaned.fakta.astype(
        dict.fromkeys(("nivaa", "kjoenn", "indikator", "delskaar", "maaltall", "status"), "str")
    )
    both = wanted.astype({"trinn": "Int8"}).merge(
        found.astype({"trinn": "Int8"}), on=key, how="left", suffixes=("", "_funnet"), validate="one_to_one"
    )
    assert both["verdi_funnet"].notna().sum() == both["verdi"].notna().sum()
    np.testing.assert_allclose(both["verdi_funnet"].astype("float64"), both["verdi"], atol=1e-9)
    assert (both["status_funnet"] == both["status"]).all()
    with_n = both[both["n"].notna() & both["n_funnet"].notna()]
    assert (with_n["n_funnet"].astype("float64") == with_n["n"]).all()
    assert both.loc[both["n"].notna() & both["n_funnet"].isna(), "delskaar"].str.startswith("mobbing").all()


def test_the_municipalitys_own_figures_are_made_from_its_schools(raw: Path) -> None:
    facts = run_rens(Lager(raw)).fakta
    computed = facts[facts["kilde"].astype("str").eq("beregnet")]
    own = {"kartleggingsproever", "digitale_ferdigheter", "medarbeiderundersoekelsen", "videreutdanning_laerere",
           "videreutdanning_skoleledere", "skolebasert_kompetanseutvikling", "ressursgruppe", "skolemiljoeplan", "digitale_enheter",
           "utviklende_opplaering_matematikk", "laererspesialister", "lokale_laereplaner", "vurderingspraksis", "fagfornyelsen"}  # fmt: skip
    assert set(computed["indikator"].astype("str")) == own
    uom = computed[
        computed["indikator"].eq("utviklende_opplaering_matematikk") & computed["skoleaar"].eq(2025)
    ].iloc[0]
    assert uom["n"] == 26, "the 23 primary and 3 combined schools; not the private, not the lower-secondary"
    reading = facts[
        facts["indikator"].eq("kartleggingsproever")
        & facts["delskaar"].eq("lesing")
        & facts["trinn"].eq(1)
        & facts["skoleaar"].eq(2025)
    ]
    schools, whole = reading[reading["nivaa"].eq("skole")], reading[reading["nivaa"].eq("kommune")].iloc[0]
    assert whole["verdi"] == pytest.approx((schools["verdi"] * schools["n"]).sum() / schools["n"].sum())
